import type { ModelDescriptor, ModelKind } from '../../../shared/models'
import type { RunDetail } from '../../../shared/runs'

/**
 * Whether two runs were measured on the same test users with the same targets: same data, preparation and split.
 * Sizes are compared as they came out where both runs know them, since “a tenth” and its number are the same split.
 */
export function sameProtocol(a: RunDetail, b: RunDetail): boolean {
  const users = (run: RunDetail): string =>
    run.splitSummary
      ? `${run.splitSummary.testUsers} ${run.splitSummary.validationUsers}`
      : `${run.split.test} ${run.split.validation}`
  return (
    a.dataset === b.dataset &&
    a.preparation.threshold === b.preparation.threshold &&
    a.preparation.minInteractions === b.preparation.minInteractions &&
    a.preparation.catalogue === b.preparation.catalogue &&
    a.split.method === b.split.method &&
    a.split.seed === b.split.seed &&
    a.split.foldIn === b.split.foldIn &&
    a.split.date === b.split.date &&
    a.split.file?.sha256 === b.split.file?.sha256 &&
    a.split.recallDenominator === b.split.recallDenominator &&
    users(a) === users(b)
  )
}

/** Runs with a test result under this run's protocol, itself among them, best first. */
export const comparable = (run: RunDetail, others: readonly RunDetail[]): RunDetail[] =>
  [run, ...others.filter((other) => other.id !== run.id && sameProtocol(run, other))]
    .filter((other) => other.test !== null)
    .sort((a, b) => (b.test?.['ndcg@100'].mean ?? 0) - (a.test?.['ndcg@100'].mean ?? 0))

/** Runs under this run's protocol that are on their way to a test result. */
export const pending = (run: RunDetail, others: readonly RunDetail[]): RunDetail[] =>
  others.filter(
    (other) =>
      other.id !== run.id &&
      sameProtocol(run, other) &&
      other.test === null &&
      (other.status.state === 'queued' || other.status.state === 'running'),
  )

/** Which baselines this protocol has no run of yet, finished or under way. */
export const missingBaselines = (
  run: RunDetail,
  others: readonly RunDetail[],
  models: readonly ModelDescriptor[],
): ModelKind[] =>
  models.flatMap(({ kind, baseline }) =>
    baseline &&
    ![run, ...others].some(
      (other) =>
        other.model === kind &&
        sameProtocol(run, other) &&
        (other.test !== null || other.status.state === 'queued' || other.status.state === 'running'),
    )
      ? [kind]
      : [],
  )

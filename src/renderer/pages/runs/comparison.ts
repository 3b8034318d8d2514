import type { ModelDescriptor, ModelKind } from '../../../shared/models'
import { sameProtocol } from '../../../shared/protocol'
import type { RunDetail } from '../../../shared/runs'
import { isOpen } from '../../../shared/jobs'

/** Runs with a test result under this run's protocol, including this run, best first. */
export const comparable = (run: RunDetail, others: readonly RunDetail[]): RunDetail[] =>
  [run, ...others.filter((other) => other.id !== run.id && sameProtocol(run, other))]
    .filter((other) => other.test !== null)
    .sort((a, b) => (b.test?.['ndcg@100'].mean ?? 0) - (a.test?.['ndcg@100'].mean ?? 0))

/** Runs under this run's protocol that will have a test result. */
export const pending = (run: RunDetail, others: readonly RunDetail[]): RunDetail[] =>
  others.filter(
    (other) => other.id !== run.id && sameProtocol(run, other) && other.test === null && isOpen(other.status),
  )

/** The baselines without a run under this protocol, finished or under way. */
export const missingBaselines = (
  run: RunDetail,
  others: readonly RunDetail[],
  models: readonly ModelDescriptor[],
): ModelKind[] =>
  models.flatMap(({ kind, baseline }) =>
    baseline &&
    ![run, ...others].some(
      (other) => other.model === kind && sameProtocol(run, other) && (other.test !== null || isOpen(other.status)),
    )
      ? [kind]
      : [],
  )

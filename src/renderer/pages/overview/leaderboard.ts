import type { Advice, Proposal } from '../../../shared/advice'
import { sameProtocol } from '../../../shared/protocol'
import type { Run } from '../../../shared/runs'

/** Runs that were measured under one protocol, best first. */
export interface Leaderboard {
  readonly runs: readonly MeasuredRun[]
}
export type MeasuredRun = Run & { readonly test: NonNullable<Run['test']> }

const quality = (run: MeasuredRun): number => run.test['ndcg@100'].mean
const isMeasured = (run: Run): run is MeasuredRun => run.test !== null && !run.archived

/** The measured runs of a data set, those of one protocol together; the protocol with most runs first. */
export function leaderboards(runs: readonly Run[]): Leaderboard[] {
  const groups: MeasuredRun[][] = []
  for (const run of runs.filter(isMeasured)) {
    const group = groups.find(([first]) => first && sameProtocol(first, run))
    if (group) group.push(run)
    else groups.push([run])
  }
  return groups
    .sort((a, b) => b.length - a.length)
    .map((group) => ({ runs: group.toSorted((a, b) => quality(b) - quality(a)) }))
}

/** The best result up to each run, in the order in which they were started; numbered from 1. */
export function bestOverTime({ runs }: Leaderboard): { readonly run: MeasuredRun; readonly best: number }[] {
  let best = -Infinity
  return runs
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map((run) => {
      best = Math.max(best, quality(run))
      return { run, best }
    })
}

const isSameSetting = (a: Run, b: Run): boolean =>
  a.model === b.model && JSON.stringify(a.config) === JSON.stringify(b.config)

/** What could be done next, each with the page where it is done. */
export interface NextStep {
  readonly text: string
  readonly label: string
  readonly to: string
}

/** Seeds from which the error of a model’s training can be told. */
const FEWEST_SEEDS = 3

/**
 * Proposed runs that were not trained; the comparison of the best two settings where their figures can hardly be told apart. Runs that differ in their
 * seed alone are one setting.
 * @param nameOf the name of a model with a preset
 * @param usesSeed whether the seed of a run's training changes its result
 */
export function nextSteps(
  dataset: number,
  board: Leaderboard | null,
  runs: readonly Run[],
  advice: Advice | null,
  nameOf: (proposal: Pick<Proposal, 'model' | 'preset'>) => string,
  usesSeed: (run: Run) => boolean,
): NextStep[] {
  const missing = (advice?.proposals ?? []).filter(
    ({ model, preset }) => !runs.some((run) => run.model === model && run.preset === preset),
  )
  const steps: NextStep[] = missing.map((proposal) => ({
    text: `${nameOf(proposal)}: ${proposal.reason}`,
    label: 'Train it',
    to: `/runs/new?dataset=${dataset}&model=${proposal.model}&preset=${proposal.preset}`,
  }))
  const [first] = board?.runs ?? []
  const second = board?.runs.find((run) => first !== undefined && !isSameSetting(first, run))
  if (first && second) {
    const apart = quality(first) - quality(second)
    const error = Math.hypot(first.test['ndcg@100'].se ?? 0, second.test['ndcg@100'].se ?? 0)
    const seeds = new Set((board?.runs ?? []).filter((run) => isSameSetting(first, run)).map(({ seed }) => seed))
    const further = seeds.size < FEWEST_SEEDS && usesSeed(first) ? ', or train further seeds' : ''
    if (apart < error)
      steps.push({
        text: `The best two settings, runs ${first.id} and ${second.id}, are ${apart.toFixed(3)} apart, which is within their errors. Compare them user by user${further}.`,
        label: 'Compare them',
        to: `/runs/compare?runs=${first.id},${second.id}`,
      })
  }
  return steps
}

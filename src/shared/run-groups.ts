import { sameProtocol } from './protocol'
import type { RunField } from './run-fields'
import type { Run } from './runs'

/** Runs with the same value of a field, and their subtotals. */
export interface RunGroup {
  /** The common value as text; null: runs without one. */
  readonly name: string | null
  readonly runs: readonly Run[]
  /** The run with the best test ndcg@100. Null if none was measured, or if they were measured under different protocols. */
  readonly best: Run | null
  /** Whether the group has figures of different protocols, which do not compare. */
  readonly mixed: boolean
  /** Sums over its runs. */
  readonly seconds: number
  readonly diskBytes: number
}

/** Groups in the order of their first runs; runs keep their order. A run with several tags is in the group of each. */
export function groupRuns(runs: readonly Run[], by: RunField): RunGroup[] {
  const groups = new Map<string | null, Run[]>()
  for (const run of runs) {
    const value = by.value(run)
    const texts = typeof value === 'object' && value !== null ? value : [value]
    for (const text of texts.length > 0 ? texts : [null]) {
      const name = text === null || text === '' ? null : nameOf(by, text)
      const group = groups.get(name) ?? []
      groups.set(name, group)
      group.push(run)
    }
  }
  return Array.from(groups, ([name, members]) => ({ name, runs: members, ...subtotals(members) }))
}

const nameOf = ({ kind }: RunField, value: string | number | boolean): string =>
  kind === 'day' ? String(value).slice(0, 10) : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)

function subtotals(runs: readonly Run[]): Omit<RunGroup, 'name' | 'runs'> {
  const measured = runs.filter((run) => run.test !== null)
  const [first] = measured
  const mixed = first !== undefined && measured.some((run) => !sameProtocol(first, run))
  const ndcg = (run: Run): number => run.test?.['ndcg@100'].mean ?? -Infinity
  const best = mixed ? null : measured.reduce<Run | null>((a, b) => (a === null || ndcg(b) > ndcg(a) ? b : a), null)
  return {
    best,
    mixed,
    seconds: runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0),
    diskBytes: runs.reduce((sum, run) => sum + run.diskBytes, 0),
  }
}

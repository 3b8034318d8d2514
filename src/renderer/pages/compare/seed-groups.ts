import type { Comparison } from '../../../shared/comparisons'
import { fewestForError } from '../../../shared/measured-users'
import type { MetricName } from '../../../shared/metrics'
import { runTitle } from '../../../shared/run-title'
import type { Run, RunDetail } from '../../../shared/runs'
import type { Curve } from '../../charts/curve'

/** Runs that differ in their seed alone, or a single run. */
export interface SeedGroup<One extends Run = Run> {
  readonly name: string
  readonly runs: readonly One[]
}

/** The compared runs, those that differ in their seed alone together. Every run is in one group, in the order of the comparison. */
export function seedGroups<One extends Run>(runs: readonly One[], seeds: Comparison['seeds']): SeedGroup<One>[] {
  const groups: SeedGroup<One>[] = []
  const placed = new Set<number>()
  for (const run of runs) {
    if (placed.has(run.id)) continue
    const ids = seeds.find((group) => group.runs.includes(run.id))?.runs ?? [run.id]
    const own = runs.filter(({ id }) => ids.includes(id))
    for (const { id } of own) placed.add(id)
    groups.push({
      name: own.length === 1 ? runTitle(run) : `${run.name} (${own.length} seeds, runs ${ids.join(', ')})`,
      runs: own,
    })
  }
  return groups
}

/**
 * The validation of a group by epoch: the mean over its runs of the epochs that all of them have, and its standard error. A single run is its own curve,
 * without an error.
 */
export function groupCurve({ name, runs }: SeedGroup<RunDetail>, metric: MetricName): Omit<Curve, 'apart'> {
  const values = runs.map(({ epochs }) => new Map(epochs.map((one) => [one.epoch, one.validation[metric].mean])))
  const epochs = [...(values[0]?.keys() ?? [])].filter((epoch) => values.every((of) => of.has(epoch)))
  const spread = epochs.map((epoch) => meanOf(values.map((of) => of.get(epoch) ?? 0)))
  const points = spread.map(({ mean }, at) => [epochs[at] ?? 0, mean] as const)
  return runs.length < fewestForError ? { name, points } : { name, points, errors: spread.map(({ se }) => se) }
}

/** Mean and standard error (sample standard deviation / √n, 0 for a single value) of a few numbers. */
function meanOf(values: readonly number[]): { mean: number; se: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, se: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length) }
}

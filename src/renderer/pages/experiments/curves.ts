import type { ExperimentTable } from '../../../shared/experiments'
import type { RunDetail } from '../../../shared/runs'
import type { Curve } from '../../charts/curve'

/** More curves than this could not be distinguished. */
const mostCurves = 10

/** Validation NDCG@100 by epoch of each row's first run; exact solutions have candidates instead of epochs and are left out. */
export function rowCurves(table: ExperimentTable, runs: ReadonlyMap<number, RunDetail>): Curve[] {
  return table.rows
    .flatMap((row): Curve[] => {
      const run = runs.get(row.runs[0] ?? 0)
      if (!run || run.epochs.every(({ loss }) => Object.keys(loss).length === 0)) return []
      return [
        { name: row.label, points: run.epochs.map(({ epoch, validation }) => [epoch, validation['ndcg@100'].mean]) },
      ]
    })
    .slice(0, mostCurves)
}

/** A search's validation NDCG@100 by candidate, in the order of their training, and the best up to each. */
export function searchCurves(table: ExperimentTable): Curve[] {
  const means = table.rows.map((row) => row.cells['ndcg@100']?.mean ?? null)
  let best = -Infinity
  const points: [number, number][] = []
  const bestPoints: [number, number][] = []
  means.forEach((mean, index) => {
    if (mean === null) return
    best = Math.max(best, mean)
    points.push([index + 1, mean])
    bestPoints.push([index + 1, best])
  })
  return [
    { name: 'Candidate', points },
    { name: 'Best so far', points: bestPoints },
  ]
}

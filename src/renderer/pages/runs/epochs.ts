import { learningRateOf, type EpochPoint } from '../../../shared/runs'
import { formatCount, formatDuration, formatMetric } from '../../../shared/format'
import { metricNames } from '../../../shared/metrics'
import type { Curve } from '../../charts/curve'

/** The stored epochs and those received live, each once, in order; a live one is newer. */
export function mergeEpochs(stored: readonly EpochPoint[], live: readonly EpochPoint[]): EpochPoint[] {
  const byEpoch = new Map([...stored, ...live].map((point) => [point.epoch, point]))
  return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch)
}

/** Names of the loss terms, the total first, because its curve matters most. */
export const lossNames = (points: readonly EpochPoint[]): string[] =>
  [...new Set(points.flatMap((point) => Object.keys(point.loss)))].sort(
    (a, b) => Number(b === 'total') - Number(a === 'total'),
  )

export const lossCurves = (points: readonly EpochPoint[]): Curve[] =>
  lossNames(points).map((name) => ({
    name,
    points: points.flatMap(({ epoch, loss }) => {
      const value = loss[name]
      return value === undefined ? [] : [[epoch, value] as const]
    }),
  }))

export const validationCurves = (points: readonly EpochPoint[]): Curve[] =>
  metricNames.map((name) => ({
    name,
    points: points.map(({ epoch, validation }) => [epoch, validation[name].mean] as const),
  }))

/** The epoch with the best validation ndcg@100 so far, the first of equals; `null` before the first. */
export function bestSoFar(points: readonly EpochPoint[]): number | null {
  let best: EpochPoint | null = null
  for (const point of points) {
    if (!best || point.validation['ndcg@100'].mean > best.validation['ndcg@100'].mean) best = point
  }
  return best?.epoch ?? null
}

export interface EpochTable {
  readonly header: string[]
  readonly rows: (string | number | null)[][]
}

/** Everything known of each epoch, unrounded, for the table and the CSV file. */
export function epochTable(points: readonly EpochPoint[]): EpochTable {
  const losses = lossNames(points)
  return {
    header: [
      'epoch',
      'setting',
      ...losses.map((name) => `loss ${name}`),
      ...metricNames.flatMap((name) => [name, `${name} se`]),
      'seconds',
      'rows/s',
    ],
    rows: points.map((point) => [
      point.epoch,
      point.label,
      ...losses.map((name) => point.loss[name] ?? null),
      ...metricNames.flatMap((name) => [point.validation[name].mean, point.validation[name].se]),
      point.seconds,
      point.rowsPerSecond,
    ]),
  }
}

interface RateCurve extends Curve {
  readonly title: string
}

/** The speed, and the learning rate if the run has one, by epoch. */
export function rateCurves(points: readonly EpochPoint[]): RateCurve[] {
  const rates = points.flatMap(({ epoch, label }) => {
    const rate = learningRateOf(label)
    return rate === null ? [] : [[epoch, rate] as const]
  })
  if (rates.length === 0) return []
  return [
    {
      name: 'rows/s',
      title: 'Rows per second',
      points: points.map((point) => [point.epoch, point.rowsPerSecond] as const),
    },
    { name: 'learning rate', title: 'Learning rate', points: rates },
  ]
}

/** One line for each epoch: what a person follows in a terminal. */
export function logLines(points: readonly EpochPoint[]): string[] {
  let best = -Infinity
  return points.map(({ epoch, label, loss, validation, seconds, rowsPerSecond }) => {
    const { mean } = validation['ndcg@100']
    const isBest = mean > best
    best = Math.max(best, mean)
    const total = loss['total'] === undefined ? [] : [`loss ${formatMetric(loss['total'], 4)}`]
    const figures = metricNames.map((name) => `${name} ${formatMetric(validation[name].mean, 4)}`)
    const speed = [formatDuration(seconds), `${formatCount(rowsPerSecond)} rows/s`]
    return [`${epoch}`.padStart(4), label, ...total, ...figures, ...speed, ...(isBest ? ['new best'] : [])].join('  ')
  })
}

import { formatCount, formatCounted, formatError, formatMetric } from '../../../shared/format'
import { fewestMeasured } from '../../../shared/measured-users'
import type { Metric, Segment, TestMetricName } from '../../../shared/metrics'
import { runTitle } from '../../../shared/run-title'
import type { RunDetail } from '../../../shared/runs'

/** The maximum number of runs in the chart: one for each hue of the palette. */
const mostDrawn = 6

/** A run's value of one metric over all and in each segment of the page's run; null if it has none. */
export interface SegmentRow {
  readonly run: RunDetail
  readonly values: (Metric | null)[]
}

/** `light, 4–16 shown items`, `tail, 1–43 training users`. */
export const segmentTitle = ({ by, low, high, members }: Segment): string => {
  const range = low === high ? formatCount(low) : `${formatCount(low)}–${formatCount(high)}`
  return by === 'user-activity'
    ? `${formatCounted(members, 'user')} with ${range} ${high === 1 ? 'item' : 'items'} shown`
    : `${formatCounted(members, 'item')} with ${range} training ${high === 1 ? 'user' : 'users'}`
}

/** This run first, then the best others of the protocol that were measured by segment. */
export function segmentRows(run: RunDetail, comparable: readonly RunDetail[], metric: TestMetricName): SegmentRow[] {
  const measured = comparable.filter((other) => other.id !== run.id && other.segments.length > 0)
  return [run, ...measured].slice(0, mostDrawn).map((one) => ({
    run: one,
    values: [
      one.test?.[metric] ?? null,
      ...run.segments.map(({ name }) => one.segments.find((other) => other.name === name)?.metrics[metric] ?? null),
    ],
  }))
}

/** The verdict within two standard errors of a difference of independent means; nothing if one error is missing. */
function verdictOf(difference: number, own: number | null, other: number | null): string {
  if (own === null || other === null) return 'measured on too few users to compare'
  if (Math.abs(difference) <= 2 * Math.hypot(own, other)) return 'no clear difference'
  return difference > 0 ? 'clearly better' : 'clearly worse'
}

/**
 * Whether this run finds niche items better than the best other run of the protocol: NDCG@100 of the targets among the tail items, with the
 * errors; the verdict claims no more than two standard errors of the difference of independent means allow.
 */
export function nicheSentence(run: RunDetail, comparable: readonly RunDetail[]): string | null {
  const tail = (of: RunDetail): Metric | null =>
    of.segments.find(({ name }) => name === 'tail')?.metrics['ndcg@100'] ?? null
  const own = tail(run)
  if (!own) return null
  const said = `Targets among the tail items are found with NDCG@100 ${formatMetric(own.mean)} ± ${formatError(own.se)}`
  const others = comparable
    .filter(({ id }) => id !== run.id)
    .map((other) => ({ name: runTitle(other), value: tail(other) }))
    .filter((other): other is { name: string; value: Metric } => other.value !== null)
    .sort((a, b) => b.value.mean - a.value.mean)
  const [best] = others
  if (!best) return `${said}.`
  const difference = own.mean - best.value.mean
  const verdict = verdictOf(difference, own.se, best.value.se)
  return `${said}, against ${formatMetric(best.value.mean)} ± ${formatError(best.value.se)} of ${best.name}, the best other run: ${verdict}.`
}

/** Segments with too few users for reliable figures; null if there are none. */
export function fewInSegments({ segments }: RunDetail, metric: TestMetricName): string | null {
  const few = segments.flatMap(({ name, metrics }) => {
    const users = metrics[metric]?.users
    return users !== undefined && users < fewestMeasured
      ? [`${name} (${formatCount(users)} ${users === 1 ? 'user' : 'users'})`]
      : []
  })
  return few.length === 0
    ? null
    : `Not reliable, because fewer than ${fewestMeasured} users were measured: ${few.join(', ')}.`
}

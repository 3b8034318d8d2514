import { catalogueMetricNames, type CatalogueMetricName, type Metric } from '../../shared/metrics'
import { jackknifeError } from '../numeric/jackknife'
import type { CatalogueMetric } from './metrics/metric'
import { catalogueMetrics } from './metrics/reported'

/** Maximum number of groups that the jackknife leaves out. */
const MOST_GROUPS = 100

/** In how many lists each item occurs, by jackknife group. This is all that coverage and Gini need, and its size depends only on the items. */
export class CatalogueCounts {
  readonly #groups: number
  /** [groups, items] for each list depth. */
  readonly #counts: ReadonlyMap<number, Uint32Array>
  #lists = 0

  /** @param users number of lists */
  constructor(
    private readonly items: number,
    private readonly users: number,
    private readonly metrics: Readonly<Record<CatalogueMetricName, CatalogueMetric>> = catalogueMetrics,
  ) {
    this.#groups = Math.min(users, MOST_GROUPS)
    this.#counts = new Map(
      Object.values(metrics).map(({ depth }) => [depth, new Uint32Array(this.#groups * items)] as const),
    )
  }

  /** Every `groups`-th list is of one group. */
  add(ranking: Int32Array): void {
    const row = (this.#lists++ % this.#groups) * this.items
    for (const [depth, counts] of this.#counts) for (const item of ranking.subarray(0, depth)) counts[row + item]!++
  }

  /** Coverage and Gini of the given items, or of all, over all lists, with their jackknife errors; undefined values are left out. */
  figures(among: Int32Array = Int32Array.from({ length: this.items }, (_, item) => item)): Record<string, Metric> {
    const reported: Record<string, Metric> = {}
    for (const name of catalogueMetricNames) {
      const metric = this.metrics[name]
      const counts = this.#counts.get(metric.depth)!
      const all = this.#total(counts, among)
      const mean = metric.of(all)
      if (mean === null) continue
      const se = jackknifeError(this.#groups, (group) => {
        const row = group * this.items
        return metric.of(all.map((count, at) => count - (counts[row + among[at]!] ?? 0)))
      })
      reported[name] = { mean, se, users: this.users }
    }
    return reported
  }

  /** [among]: the counts of all groups together. */
  #total(counts: Uint32Array, among: Int32Array): Float64Array {
    const all = new Float64Array(among.length)
    for (let group = 0; group < this.#groups; group++) {
      const row = group * this.items
      for (let at = 0; at < among.length; at++) all[at]! += counts[row + among[at]!] ?? 0
    }
    return all
  }
}

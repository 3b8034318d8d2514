import { catalogueMetricNames, type Metric } from '../../shared/metrics'
import { jackknifeError } from '../numeric/jackknife'
import { catalogueDepth, catalogueMetrics } from './metrics/reported'

/** Groups of users that the jackknife leaves out, where there are more users. */
const MOST_GROUPS = 100

/**
 * In how many lists each item stands, by group of the jackknife: all that coverage and Gini need to know of the lists, and of a size that
 * depends on the items alone.
 */
export class CatalogueCounts {
  readonly #groups: number
  /** [groups, items] */
  readonly #counts: Uint32Array
  #lists = 0

  /** @param users how many lists there will be */
  constructor(
    private readonly items: number,
    private readonly users: number,
  ) {
    this.#groups = Math.min(users, MOST_GROUPS)
    this.#counts = new Uint32Array(this.#groups * items)
  }

  /** Every `groups`-th list is of one group. */
  add(ranking: Int32Array): void {
    const row = (this.#lists++ % this.#groups) * this.items
    for (const item of ranking.subarray(0, catalogueDepth)) this.#counts[row + item]!++
  }

  /** Coverage and Gini of the given items, or of all, over all lists, with their jackknife errors; what cannot be told is left out. */
  figures(among: Int32Array = Int32Array.from({ length: this.items }, (_, item) => item)): Record<string, Metric> {
    const all = new Float64Array(among.length)
    for (let group = 0; group < this.#groups; group++) {
      const row = group * this.items
      for (let at = 0; at < among.length; at++) all[at]! += this.#counts[row + among[at]!] ?? 0
    }
    const reported: Record<string, Metric> = {}
    for (const name of catalogueMetricNames) {
      const metric = catalogueMetrics[name]
      const mean = metric.of(all)
      if (mean === null) continue
      const se = jackknifeError(this.#groups, (group) => {
        const row = group * this.items
        return metric.of(all.map((count, at) => count - (this.#counts[row + among[at]!] ?? 0)))
      })
      reported[name] = { mean, se, users: this.users }
    }
    return reported
  }
}

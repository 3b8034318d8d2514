import type { CatalogueMetric } from './metric'

/** Coverage@k: share of the items that are among the first k of at least one list. Null if there are no items. */
export const coverage = (k: number): CatalogueMetric => ({
  depth: k,
  of(counts) {
    let covered = 0
    for (let item = 0; item < counts.length; item++) if ((counts[item] ?? 0) > 0) covered++
    return counts.length === 0 ? null : covered / counts.length
  },
})

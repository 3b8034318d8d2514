import type { CatalogueMetric } from './metric'

/** Coverage@k: share of the items that stand among the first k places of at least one list. Null where there are no items. */
export const coverage = (k: number): CatalogueMetric => ({
  depth: k,
  of(counts) {
    let covered = 0
    for (let item = 0; item < counts.length; item++) if ((counts[item] ?? 0) > 0) covered++
    return counts.length === 0 ? null : covered / counts.length
  },
})

import type { CatalogueMetric } from './metric'

/**
 * Gini@k of the recommended items: how unequally the first k places of all lists are shared among the n items, those never recommended
 * included. G = Σᵢ (2i − n − 1) cᵢ / (n Σ c) over the counts in ascending order: 0 where all items stand equally often, 1 − 1/n where one
 * item has every place. Null where nothing was recommended.
 */
export const gini = (k: number): CatalogueMetric => ({
  depth: k,
  of(counts) {
    const sorted = Float64Array.from(counts).sort()
    const n = sorted.length
    let total = 0
    let weighted = 0
    sorted.forEach((count, place) => {
      total += count
      weighted += (2 * (place + 1) - n - 1) * count
    })
    return total === 0 ? null : weighted / (n * total)
  },
})

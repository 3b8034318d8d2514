import type { CatalogueMetric } from './metric'

/**
 * Gini@k of the recommended items: how unequally the first k ranks of all lists are distributed over the n items, including those never recommended.
 * G = Σᵢ (2i − n − 1) cᵢ / (n Σ c) over the counts in ascending order: 0 if all items occur equally often, 1 − 1/n if one item has every rank. Null
 * if nothing was recommended.
 */
export const gini = (k: number): CatalogueMetric => ({
  depth: k,
  of(counts) {
    const sorted = Float64Array.from(counts).sort()
    const n = sorted.length
    let total = 0
    let weighted = 0
    sorted.forEach((count, rank) => {
      total += count
      weighted += (2 * (rank + 1) - n - 1) * count
    })
    return total === 0 ? null : weighted / (n * total)
  },
})

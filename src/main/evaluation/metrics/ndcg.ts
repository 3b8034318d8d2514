import { requireTargets, type UserMetric } from './metric'

/**
 * NDCG@k with binary relevance: Σ 1/log₂(place + 1) over the hits among the first k places, divided by the same sum for a perfect
 * list of min(k, |R|) hits, as in Mult-VAE (Liang et al. 2018) and the authors' code. (The paper's equation 15 lets the ideal sum run over all |R|.)
 */
export function ndcg(k: number): UserMetric {
  const discounts = Float64Array.from({ length: k }, (_, place) => 1 / Math.log2(place + 2))
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      let gain = 0
      let ideal = 0
      for (let place = 0; place < k; place++) {
        const discount = discounts[place] ?? 0
        if (place < ranking.length && relevant.has(ranking[place] ?? -1)) gain += discount
        if (place < relevant.size) ideal += discount
      }
      return gain / ideal
    },
  }
}

import type { RecallDenominator } from '../../../shared/runs'
import { requireTargets, type UserMetric } from './metric'

const discountAt = (place: number): number => 1 / Math.log2(place + 1)

/**
 * NDCG@k with binary relevance: Σ 1/log₂(place + 1) over the hits among the first k places, divided by the same sum for a perfect
 * list of min(k, |R|) hits, as in Mult-VAE (Liang et al. 2018) and the authors' code; or of all |R| as in the paper's equation 15, where
 * users with more than k targets cannot reach 1.
 */
export function ndcg(k: number, ideal: RecallDenominator = 'min(k, |R|)'): UserMetric {
  const discounts = Float64Array.from({ length: k }, (_, place) => discountAt(place + 1))
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      let gain = 0
      let best = 0
      for (let place = 0; place < k; place++) {
        const discount = discounts[place] ?? 0
        if (place < ranking.length && relevant.has(ranking[place] ?? -1)) gain += discount
        if (place < relevant.size) best += discount
      }
      if (ideal === '|R|') for (let place = k + 1; place <= relevant.size; place++) best += discountAt(place)
      return gain / best
    },
  }
}

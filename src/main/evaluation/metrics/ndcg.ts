import type { RecallDenominator } from '../../../shared/runs'
import { requireTargets, type UserMetric } from './metric'

const discountAt = (rank: number): number => 1 / Math.log2(rank + 1)

/**
 * NDCG@k with binary relevance: Σ 1/log₂(rank + 1) over the hits among the first k ranks, divided by the same sum for a perfect list of min(k, |R|)
 * hits, as in Mult-VAE (Liang et al. 2018) and the authors' code; or of all |R| as in the paper's equation 15, with which users with more than k targets
 * cannot reach 1.
 */
export function ndcg(k: number, ideal: RecallDenominator = 'min(k, |R|)'): UserMetric {
  const discounts = Float64Array.from({ length: k }, (_, rank) => discountAt(rank + 1))
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      let gain = 0
      let best = 0
      for (let rank = 0; rank < k; rank++) {
        const discount = discounts[rank] ?? 0
        if (rank < ranking.length && relevant.has(ranking[rank] ?? -1)) gain += discount
        if (rank < relevant.size) best += discount
      }
      if (ideal === '|R|') for (let rank = k + 1; rank <= relevant.size; rank++) best += discountAt(rank)
      return gain / best
    },
  }
}

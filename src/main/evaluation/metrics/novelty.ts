import type { ListMetric } from './metric'

/**
 * Novelty@k: mean self-information of the first k items in bits, −log₂ of the share of training users who have the item (Zhou et al. 2010). An item
 * without training users counts as if one user had it. Null for an empty list.
 *
 * @param counts [items], training users who have each item
 */
export function novelty(k: number, counts: ArrayLike<number>, trainUsers: number): ListMetric {
  return {
    depth: k,
    of(ranking) {
      const length = Math.min(k, ranking.length)
      if (length === 0) return null
      let bits = 0
      for (let rank = 0; rank < length; rank++)
        bits -= Math.log2(Math.max(1, counts[ranking[rank] ?? -1] ?? 0) / trainUsers)
      return bits / length
    },
  }
}

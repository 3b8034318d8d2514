import type { ListMetric } from './metric'

/**
 * Novelty@k: mean self-information of the first k places in bits, −log₂ of the share of training users who have the item
 * (Zhou et al. 2010). An item that no training user has counts as if one had it. Null for an empty list.
 *
 * @param counts [items], training users who have each item
 */
export function novelty(k: number, counts: ArrayLike<number>, trainUsers: number): ListMetric {
  return {
    depth: k,
    of(ranking) {
      const places = Math.min(k, ranking.length)
      if (places === 0) return null
      let bits = 0
      for (let place = 0; place < places; place++)
        bits -= Math.log2(Math.max(1, counts[ranking[place] ?? -1] ?? 0) / trainUsers)
      return bits / places
    },
  }
}

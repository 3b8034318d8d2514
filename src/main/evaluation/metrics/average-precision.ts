import { requireTargets, type UserMetric } from './metric'

/**
 * Average precision at k, whose mean over users is MAP@k: Σ of the precision at the rank of each hit among the first k ranks, divided by min(k, |R|),
 * so that a perfect list has 1.
 */
export function averagePrecision(k: number): UserMetric {
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      let hits = 0
      let sum = 0
      for (let rank = 1; rank <= Math.min(k, ranking.length); rank++) {
        if (!relevant.has(ranking[rank - 1] ?? -1)) continue
        hits++
        sum += hits / rank
      }
      return sum / Math.min(k, relevant.size)
    },
  }
}

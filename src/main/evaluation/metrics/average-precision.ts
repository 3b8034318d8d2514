import { requireTargets, type UserMetric } from './metric'

/**
 * Average precision at k, whose mean over users is MAP@k: Σ over the hits among the first k places of the precision at their place,
 * divided by min(k, |R|), so that a perfect list reaches 1.
 */
export function averagePrecision(k: number): UserMetric {
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      let hits = 0
      let sum = 0
      for (let place = 1; place <= Math.min(k, ranking.length); place++) {
        if (!relevant.has(ranking[place - 1] ?? -1)) continue
        hits++
        sum += hits / place
      }
      return sum / Math.min(k, relevant.size)
    },
  }
}

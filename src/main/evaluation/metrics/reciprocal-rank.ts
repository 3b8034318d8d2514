import { requireTargets, type UserMetric } from './metric'

/** Reciprocal rank, whose mean over users is MRR: 1 / place of the first hit, 0 where none stands among the first k places. */
export function reciprocalRank(k: number): UserMetric {
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      for (let place = 1; place <= Math.min(k, ranking.length); place++)
        if (relevant.has(ranking[place - 1] ?? -1)) return 1 / place
      return 0
    },
  }
}

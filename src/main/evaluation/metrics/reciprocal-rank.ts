import { requireTargets, type UserMetric } from './metric'

/** Reciprocal rank, whose mean over users is MRR: 1 / rank of the first hit, 0 if there is none among the first k. */
export function reciprocalRank(k: number): UserMetric {
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      for (let rank = 1; rank <= Math.min(k, ranking.length); rank++)
        if (relevant.has(ranking[rank - 1] ?? -1)) return 1 / rank
      return 0
    },
  }
}

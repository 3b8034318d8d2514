import { requireTargets, type UserMetric } from './metric'

/**
 * Recall@k: hits among the first k places, divided by min(k, |R|) as in Mult-VAE (Liang et al. 2018) and the authors' code,
 * so that a perfect list reaches 1; or by |R| as in equation 16 of the VASP paper.
 */
export function recall(k: number, denominator: 'min(k, |R|)' | '|R|' = 'min(k, |R|)'): UserMetric {
  return {
    depth: k,
    of({ ranking, relevant }) {
      requireTargets(relevant)
      let hits = 0
      for (let place = 0; place < Math.min(k, ranking.length); place++) if (relevant.has(ranking[place] ?? -1)) hits++
      return hits / (denominator === '|R|' ? relevant.size : Math.min(k, relevant.size))
    },
  }
}

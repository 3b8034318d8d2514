import type { RecallDenominator } from '../../../shared/runs'
import { hitsAmongFirst } from './hits'
import { requireTargets, type UserMetric } from './metric'

/**
 * Recall@k: hits among the first k items, divided by min(k, |R|) as in Mult-VAE (Liang et al. 2018) and the authors' code, so that a perfect list
 * reaches 1; or by |R| as in equation 16 of the VASP paper.
 */
export function recall(k: number, denominator: RecallDenominator = 'min(k, |R|)'): UserMetric {
  return {
    depth: k,
    of(user) {
      requireTargets(user.relevant)
      const { size } = user.relevant
      return hitsAmongFirst(k, user) / (denominator === '|R|' ? size : Math.min(k, size))
    },
  }
}

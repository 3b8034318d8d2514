import { hitsAmongFirst } from './hits'
import { requireTargets, type UserMetric } from './metric'

/** Hit rate@k: 1 if at least one target is among the first k items, else 0. */
export function hitRate(k: number): UserMetric {
  return {
    depth: k,
    of(user) {
      requireTargets(user.relevant)
      return hitsAmongFirst(k, user) > 0 ? 1 : 0
    },
  }
}

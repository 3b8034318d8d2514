import { hitsAmongFirst } from './hits'
import { requireTargets, type UserMetric } from './metric'

/** Precision@k: hits among the first k items, divided by k; missing items of a short list count as misses. */
export function precision(k: number): UserMetric {
  return {
    depth: k,
    of(user) {
      requireTargets(user.relevant)
      return hitsAmongFirst(k, user) / k
    },
  }
}

import type { ListSource } from '../../shared/explore'

const alike = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

/** Whether all unseen items have the same score, two of them at least, so that their order would be that of their ids alone. */
function tellsNothing(scores: ArrayLike<number>, seen: ArrayLike<number>): boolean {
  const masked = new Uint8Array(scores.length)
  for (let s = 0; s < seen.length; s++) masked[seen[s] ?? scores.length] = 1
  let first: number | null = null
  let unseen = 0
  for (let item = 0; item < scores.length; item++) {
    if (masked[item]) continue
    const score = scores[item] ?? Number.NaN
    first ??= score
    if (!alike(score, first)) return false
    unseen++
  }
  return unseen > 1
}

/**
 * Where the list of a history comes from: the model, or popularity where the model knows nothing to tell this user by, which is a history
 * without an item that it knows, or scores that are all the same.
 * @param scores [items], by model item index @param history model item indexes
 */
export const sourceOf = (scores: ArrayLike<number>, history: ArrayLike<number>): ListSource =>
  history.length === 0 || tellsNothing(scores, history) ? 'popularity' : 'model'

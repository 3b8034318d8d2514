import type { ListSource } from '../../shared/explore'

const alike = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

/** Whether all unseen items (at least two) have the same score, so that only their ids would determine the order. */
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
 * The source of a list: the model, or popularity if the history has no item that the model knows, or if all scores are equal.
 * @param scores [items], by model item index @param history model item indexes
 */
export const sourceOf = (scores: ArrayLike<number>, history: ArrayLike<number>): ListSource =>
  history.length === 0 || tellsNothing(scores, history) ? 'popularity' : 'model'

import type { Preparation } from '../../shared/runs'
import type { StoredHistory } from '../store/store'

/**
 * The items a user liked, in time order, and when: those rated at least `threshold`. Interactions without a rating always count, and so does
 * everything where the threshold is null.
 */
export function likedIn(
  { items, ratings, times }: StoredHistory,
  { threshold }: Pick<Preparation, 'threshold'>,
): { items: Int32Array; times: Float64Array | null } {
  if (threshold === null || ratings === null) return { items, times }
  // Ratings are stored as float32: a threshold of 4.1 must let a rating of 4.1 pass.
  const lowest = Math.fround(threshold)
  const likes = (_: number, position: number): boolean => (ratings[position] ?? 0) >= lowest
  return { items: items.filter(likes), times: times?.filter(likes) ?? null }
}

/** The same without the times. */
export const positives = (history: StoredHistory, preparation: Pick<Preparation, 'threshold'>): Int32Array =>
  likedIn(history, preparation).items

/** [items of the data set]: the model's index of each item, −1 where it is not in the catalogue. */
export function modelIndexes(catalogue: Int32Array, items: number): Int32Array {
  const indexes = new Int32Array(items).fill(-1)
  catalogue.forEach((item, index) => (indexes[item] = index))
  return indexes
}

/** Data set item indexes as model item indexes; what is outside the catalogue is left out. */
export const inCatalogue = (items: Int32Array, indexes: Int32Array): Int32Array =>
  items.map((item) => indexes[item] ?? -1).filter((index) => index >= 0)

import type { Preparation } from '../../shared/runs'
import type { StoredHistory } from '../store/store'

const secondsOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000
const secondsPerDay = 86_400

interface Liked {
  items: Int32Array
  times: Float64Array | null
}

/** The items rated at least `threshold`, in time order, and when. Interactions without a rating always count, and so does everything where the threshold is null. */
export function ratedEnough({ items, ratings, times }: StoredHistory, threshold: number | null): Liked {
  if (threshold === null || ratings === null) return { items, times }
  // Ratings are stored as float32: a threshold of 4.1 must let a rating of 4.1 pass.
  const lowest = Math.fround(threshold)
  const likes = (_: number, position: number): boolean => (ratings[position] ?? 0) >= lowest
  return { items: items.filter(likes), times: times?.filter(likes) ?? null }
}

/** What lies between the days (UTC), both included; everything where there are no times. */
export function withinDays(liked: Liked, { from, until }: Pick<Preparation, 'from' | 'until'>): Liked {
  const { items, times } = liked
  if (times === null || (from === null && until === null)) return liked
  const first = from === null ? -Infinity : secondsOf(from)
  const end = until === null ? Infinity : secondsOf(until) + secondsPerDay
  const inside = (_: number, at: number): boolean => (times[at] ?? 0) >= first && (times[at] ?? 0) < end
  return { items: items.filter(inside), times: times.filter(inside) }
}

/** The parts of a preparation that can be told of one user without the others. */
type Likes = Pick<Preparation, 'threshold'> & Partial<Pick<Preparation, 'from' | 'until'>>

/** The items a user liked within the days of the preparation, in time order, and when. */
export const likedIn = (history: StoredHistory, { threshold, from = null, until = null }: Likes): Liked =>
  withinDays(ratedEnough(history, threshold), { from, until })

/** The same without the times. */
export const positives = (history: StoredHistory, preparation: Likes): Int32Array => likedIn(history, preparation).items

/** [items of the data set]: the model's index of each item, −1 where it is not in the catalogue. */
export function modelIndexes(catalogue: Int32Array, items: number): Int32Array {
  const indexes = new Int32Array(items).fill(-1)
  catalogue.forEach((item, index) => (indexes[item] = index))
  return indexes
}

/** Data set item indexes as model item indexes; what is outside the catalogue is left out. */
export const inCatalogue = (items: Int32Array, indexes: Int32Array): Int32Array =>
  items.map((item) => indexes[item] ?? -1).filter((index) => index >= 0)

import type { Preparation } from '../../shared/runs'
import type { StoredHistory } from '../store/store'

const secondsOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000
const secondsPerDay = 86_400

interface Liked {
  items: Int32Array
  times: Float64Array | null
}

/** The items rated at least `threshold`, in time order, and when. Interactions without a rating always count; a null threshold keeps everything. */
export function ratedEnough({ items, ratings, times }: StoredHistory, threshold: number | null): Liked {
  if (threshold === null || ratings === null) return { items, times }
  // Ratings are stored as float32: a threshold of 4.1 must let a rating of 4.1 pass.
  const lowest = Math.fround(threshold)
  const size = items.length
  // Plain loops: every run passes all interactions, and `filter` with a function takes several times as long.
  let kept = 0
  for (let i = 0; i < size; i++) if ((ratings[i] ?? 0) >= lowest) kept++
  if (kept === size) return { items, times }
  const liked = { items: new Int32Array(kept), times: times && new Float64Array(kept) }
  let filled = 0
  for (let i = 0; i < size; i++) {
    if ((ratings[i] ?? 0) < lowest) continue
    liked.items[filled] = items[i] ?? 0
    if (liked.times) liked.times[filled] = times?.[i] ?? 0
    filled++
  }
  return liked
}

/** The interactions between two days (UTC), inclusive; all of them if there are no times. */
export function withinDays(liked: Liked, { from, until }: Pick<Preparation, 'from' | 'until'>): Liked {
  const { items, times } = liked
  if (times === null || (from === null && until === null)) return liked
  const first = from === null ? -Infinity : secondsOf(from)
  const end = until === null ? Infinity : secondsOf(until) + secondsPerDay
  const inside = (_: number, at: number): boolean => (times[at] ?? 0) >= first && (times[at] ?? 0) < end
  return { items: items.filter(inside), times: times.filter(inside) }
}

/** The filters that can be applied to one user without the others. */
type Likes = Pick<Preparation, 'threshold'> & Partial<Pick<Preparation, 'from' | 'until'>>

/** The items a user liked within the days of the preparation, in time order, and when. */
export const likedIn = (history: StoredHistory, { threshold, from = null, until = null }: Likes): Liked =>
  withinDays(ratedEnough(history, threshold), { from, until })

/** The same without times. */
export const positives = (history: StoredHistory, preparation: Likes): Int32Array => likedIn(history, preparation).items

/** [items of the data set]: model index of each item, −1 if it is not in the catalogue. */
export function modelIndexes(catalogue: Int32Array, items: number): Int32Array {
  const indexes = new Int32Array(items).fill(-1)
  catalogue.forEach((item, index) => (indexes[item] = index))
  return indexes
}

/** Converts data set item indexes to model item indexes and drops items outside the catalogue. */
export function inCatalogue(items: Int32Array, indexes: Int32Array): Int32Array {
  const known = new Int32Array(items.length)
  let filled = 0
  for (let i = 0; i < items.length; i++) {
    const index = indexes[items[i] ?? 0] ?? -1
    if (index >= 0) known[filled++] = index
  }
  return filled === known.length ? known : known.slice(0, filled)
}

import { badInput } from '../../shared/errors'
import { countOf } from '../../shared/most-popular'
import type { Preparation } from '../../shared/runs'
import { seededRandom } from '../numeric/random'
import type { Liker } from './liker'

/** [items of the data set]: how many of the users have each. */
export function itemCounts(likers: Iterable<Pick<Liker, 'items'>>, items: number): Int32Array {
  const counts = new Int32Array(items)
  for (const liker of likers) for (const item of liker.items) counts[item] = (counts[item] ?? 0) + 1
  return counts
}

/** The same user with those of the items that `keeps` says yes to; the very object where that is all of them. */
export function restricted(liker: Liker, keeps: (item: number, position: number) => boolean): Liker {
  if (liker.items.every(keeps)) return liker
  const { user, externalId, items, times } = liker
  return {
    user,
    externalId,
    items: items.filter(keeps),
    times: times?.filter((_, at) => keeps(items[at] ?? 0, at)) ?? null,
  }
}

const withItems = (likers: Liker[]): Liker[] => likers.filter(({ items }) => items.length > 0)

/** A share of the users; who is drawn depends on their ids and the seed alone. */
export function sampled(likers: Liker[], { sample, sampleSeed }: Preparation): Liker[] {
  if (sample === null) return likers
  const random = seededRandom(sampleSeed)
  return likers.filter(({ externalId }) => random.fork(`sample ${externalId}`).uniform() < sample)
}

/**
 * Interactions with so many items as `mostPopular` says, those that most of the users have; of equally popular ones, the first of the data set. A
 * share of the catalogue is taken when there is one (`prepareData`).
 */
export function ofPopularItems(likers: Liker[], { mostPopular }: Preparation, items: number): Liker[] {
  const most = countOf(mostPopular)
  if (most === null || most >= items) return likers
  const counts = itemCounts(likers, items)
  const kept = new Uint8Array(items)
  const ranked = Int32Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  for (const item of ranked.subarray(0, most)) kept[item] = 1
  return withItems(likers.map((liker) => restricted(liker, (item) => kept[item] === 1)))
}

/**
 * Leaves out users with fewer than `minInteractions` items and items that fewer than `minPerItem` users have, again and again until nobody has
 * to go: the largest part of the data in which all have enough, whatever the order. @returns it, and how many rounds that took
 */
export function withEnough(
  likers: Liker[],
  { minInteractions, minPerItem }: Pick<Preparation, 'minInteractions' | 'minPerItem'>,
  items: number,
): { likers: Liker[]; rounds: number } {
  const counts = minPerItem > 1 ? itemCounts(likers, items) : new Int32Array(0)
  let left = likers
  let rounds = 0
  for (let changed = true; changed;) {
    changed = false
    rounds++
    const next: Liker[] = []
    // Counts shrink while they are read: who goes in this round may take others along at once, which the next round would do.
    for (const liker of left) {
      const kept = minPerItem > 1 ? restricted(liker, (item) => (counts[item] ?? 0) >= minPerItem) : liker
      if (kept.items.length >= minInteractions) {
        next.push(kept)
        if (kept !== liker) changed = true
        continue
      }
      changed = minPerItem > 1
      if (minPerItem > 1) for (const item of kept.items) counts[item] = (counts[item] ?? 0) - 1
    }
    left = next
  }
  return { likers: left, rounds }
}

/** Refuses a window of days where the data set has no times. */
export function requireTimes(
  { from, until }: Preparation,
  { name, hasTimes }: { name: string; hasTimes: boolean },
): void {
  if ((from === null && until === null) || hasTimes) return
  throw badInput(
    `“${name}” has no times, so no days can be chosen from it.`,
    'Leave the days out, or import its column of times.',
  )
}

import { badInput } from '../../shared/errors'
import { countOf } from '../../shared/most-popular'
import type { Preparation } from '../../shared/runs'
import { seededRandom } from '../numeric/random'
import type { PositiveHistory } from './positive-history'

/** [items of the data set]: number of users who have each. */
export function itemCounts(histories: Iterable<Pick<PositiveHistory, 'items'>>, items: number): Int32Array {
  const counts = new Int32Array(items)
  for (const history of histories) for (const item of history.items) counts[item] = (counts[item] ?? 0) + 1
  return counts
}

/** The history with only the items for which `keeps` returns true; the same object if that is all of them. */
export function restricted(
  history: PositiveHistory,
  keeps: (item: number, position: number) => boolean,
): PositiveHistory {
  if (history.items.every(keeps)) return history
  const { user, externalId, items, times } = history
  return {
    user,
    externalId,
    items: items.filter(keeps),
    times: times?.filter((_, at) => keeps(items[at] ?? 0, at)) ?? null,
  }
}

const withItems = (histories: PositiveHistory[]): PositiveHistory[] => histories.filter(({ items }) => items.length > 0)

/** A random share of the users, which depends only on their ids and the seed. */
export function sampled(histories: PositiveHistory[], { sample, sampleSeed }: Preparation): PositiveHistory[] {
  if (sample === null) return histories
  const random = seededRandom(sampleSeed)
  return histories.filter(({ externalId }) => random.fork(`sample ${externalId}`).uniform() < sample)
}

/**
 * Interactions with the `mostPopular` items of the most users, ties by data set order. A share of the catalogue is applied later, when the catalogue
 * is known (`prepareData`).
 */
export function ofPopularItems(
  histories: PositiveHistory[],
  { mostPopular }: Preparation,
  items: number,
): PositiveHistory[] {
  const most = countOf(mostPopular)
  if (most === null || most >= items) return histories
  const counts = itemCounts(histories, items)
  const kept = new Uint8Array(items)
  const ranked = Int32Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  for (const item of ranked.subarray(0, most)) kept[item] = 1
  return withItems(histories.map((history) => restricted(history, (item) => kept[item] === 1)))
}

/**
 * Removes users with fewer than `minInteractions` items and items with fewer than `minPerItem` users, repeatedly until both minimums hold: the k-core
 * of the data, which does not depend on the order. @returns the histories, and the number of rounds
 */
export function withEnough(
  histories: PositiveHistory[],
  { minInteractions, minPerItem }: Pick<Preparation, 'minInteractions' | 'minPerItem'>,
  items: number,
): { histories: PositiveHistory[]; rounds: number } {
  const counts = minPerItem > 1 ? itemCounts(histories, items) : new Int32Array(0)
  let left = histories
  let rounds = 0
  for (let changed = true; changed;) {
    changed = false
    rounds++
    const next: PositiveHistory[] = []
    // Counts are updated during the round, so a removal can cause others in the same round instead of the next.
    for (const history of left) {
      const kept = minPerItem > 1 ? restricted(history, (item) => (counts[item] ?? 0) >= minPerItem) : history
      if (kept.items.length >= minInteractions) {
        next.push(kept)
        if (kept !== history) changed = true
        continue
      }
      changed = minPerItem > 1
      if (minPerItem > 1) for (const item of kept.items) counts[item] = (counts[item] ?? 0) - 1
    }
    left = next
  }
  return { histories: left, rounds }
}

/** Refuses a range of days if the data set has no times. */
export function requireTimes(
  { from, until }: Preparation,
  { name, hasTimes }: { name: string; hasTimes: boolean },
): void {
  if ((from === null && until === null) || hasTimes) return
  throw badInput(
    `“${name}” has no times, so it cannot be filtered by day.`,
    'Remove the days, or import the data again with its time column.',
  )
}

import { badInput } from '../../shared/errors'
import type { Dataset, DuplicatePolicy } from '../../shared/datasets'
import type { DatasetId } from '../../shared/ids'
import type { DatasetWriter, NewDataset, StoredHistory, StoredItem, Store } from '../store/store'

/** Number of users written in one transaction. */
const usersAtOnce = 1000

/** The order of ids in imported data: by code point, unlike JavaScript's comparison of text. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/**
 * Writes a new version with the interactions of the previous version and the added ones, as if they followed in the same file. If a user has an item
 * in both, the policy decides which is kept. Added titles and genres replace earlier ones. The result is the same as importing all files at once with
 * that policy.
 *
 * Items must be added before histories, and users in the order of their ids by code point, as an import does. `finish` counts what was replaced.
 * @throws BAD_INPUT if only one of the two counted its duplicates, and at the first history where one has ratings or times and the other has none.
 */
export function appendingWriter(
  store: Store,
  previous: DatasetId,
  dataset: NewDataset,
  policy: DuplicatePolicy,
): DatasetWriter {
  const before = store.datasets.get(previous)
  refuseMixedCounts(before.name, store.datasets.duplicatePolicy(previous), policy)
  const writer = store.datasets.write({ ...dataset, follows: { previous, origin: 'append' } })
  const added: StoredItem[] = []
  let merging: Merging | null = null

  const begin = (): Merging => {
    if (merging) return merging
    const { items, indexOfOld, indexOfAdded } = mergedItems(store.datasets.items(previous), added)
    writer.addItems(items)
    const old = store.datasets.historiesById(previous)
    merging = {
      old,
      next: old.next(),
      users: 0,
      indexOfOld,
      indexOfAdded,
      merge: mergerOf(items.length, policy),
      duplicates: 0,
    }
    return merging
  }
  let waiting: StoredHistory[] = []
  const flush = (): void => {
    if (waiting.length > 0) writer.addHistories(waiting)
    waiting = []
  }
  const write = (history: StoredHistory): void => {
    waiting.push(history)
    if (waiting.length >= usersAtOnce) flush()
  }
  /** Users of the previous version whose ids precede `until`, or all that are left. */
  const writeOld = (state: Merging, until: string | null): void => {
    for (; !state.next.done; state.next = state.old.next()) {
      const history = state.next.value
      if (until !== null && byCodePoint(history.externalId, until) >= 0) return
      write({ ...history, user: state.users++, items: renamed(history.items, state.indexOfOld) })
    }
  }

  return {
    addItems: (items) => void added.push(...items),
    addHistories(histories) {
      const state = begin()
      for (const history of histories) {
        refuseOtherColumns(before, history)
        writeOld(state, history.externalId)
        const newer = { ...history, user: state.users++, items: renamed(history.items, state.indexOfAdded) }
        if (state.next.done || state.next.value.externalId !== history.externalId) {
          write(newer)
          continue
        }
        const older = { ...state.next.value, items: renamed(state.next.value.items, state.indexOfOld) }
        state.next = state.old.next()
        const merged = state.merge(older, newer)
        state.duplicates += older.items.length + newer.items.length - merged.items.length
        write(merged)
      }
    },
    addRejects: (rows) => writer.addRejects(rows),
    finish({ rejected, duplicates }) {
      const state = begin()
      writeOld(state, null)
      flush()
      return writer.finish({ rejected, duplicates: duplicates + state.duplicates })
    },
    abandon: () => writer.abandon(),
  }
}

interface Merging {
  readonly old: IterableIterator<StoredHistory>
  next: IteratorResult<StoredHistory, unknown>
  /** The user that was written last. */
  users: number
  readonly indexOfOld: Int32Array
  readonly indexOfAdded: Int32Array
  readonly merge: (older: StoredHistory, newer: StoredHistory) => StoredHistory
  duplicates: number
}

/** Counts and ratings cannot share a column. @throws StudioError BAD_INPUT */
export function refuseMixedCounts(name: string, earlier: DuplicatePolicy, policy: DuplicatePolicy): void {
  if ((earlier === 'count') === (policy === 'count')) return
  throw badInput(
    earlier === 'count'
      ? `“${name}” counts how often a user had an item, so the added files must be counted, too.`
      : `“${name}” does not count how often a user had an item, so the added files cannot be counted.`,
    earlier === 'count'
      ? 'Choose to count duplicates, or import the files as a separate data set.'
      : 'Choose to keep the last, first or highest duplicate, or import all files again together.',
  )
}

function refuseOtherColumns({ name, hasRatings, hasTimes }: Dataset, added: StoredHistory): void {
  const refuse = (has: boolean, what: string): void => {
    throw badInput(
      `“${name}” has ${has ? '' : 'no '}${what}, but the added files have ${has ? 'none' : 'them'}, so they cannot be combined.`,
      has ? `Choose their column of ${what}, or import them as a separate data set.` : `Leave out their ${what}.`,
    )
  }
  if (hasRatings !== (added.ratings !== null)) refuse(hasRatings, 'ratings')
  if (hasTimes !== (added.times !== null)) refuse(hasTimes, 'times')
}

const renamed = (items: Int32Array, indexOf: Int32Array): Int32Array => items.map((item) => indexOf[item] ?? 0)

/** All items in the order of their ids, and the position of each item of either list among them. */
function mergedItems(
  old: readonly StoredItem[],
  added: readonly StoredItem[],
): { items: StoredItem[]; indexOfOld: Int32Array; indexOfAdded: Int32Array } {
  const known = new Map(old.map((item) => [item.externalId, item]))
  for (const item of added) {
    const earlier = known.get(item.externalId)
    known.set(item.externalId, {
      ...item,
      title: earlier && item.title === item.externalId ? earlier.title : item.title,
      genres: earlier && item.genres.length === 0 ? earlier.genres : item.genres,
      ...(earlier?.attributes ? { attributes: { ...earlier.attributes, ...item.attributes } } : {}),
    })
  }
  const items = [...known.values()]
    .sort((a, b) => byCodePoint(a.externalId, b.externalId))
    .map((item, index) => ({ ...item, index }))
  const indexOf = new Map(items.map(({ externalId, index }) => [externalId, index]))
  const indexes = (of: readonly StoredItem[]): Int32Array => {
    const found = new Int32Array(of.length)
    for (const { index, externalId } of of) found[index] = indexOf.get(externalId) ?? 0
    return found
  }
  return { items, indexOfOld: indexes(old), indexOfAdded: indexes(added) }
}

/**
 * Merges two histories of a user: by time, with the older first at equal times, as an import of all files does; without times the older before the
 * newer. If both have an item, the policy decides which interaction is kept, at its own position.
 */
function mergerOf(
  items: number,
  policy: DuplicatePolicy,
): (older: StoredHistory, newer: StoredHistory) => StoredHistory {
  /** [item]: the last merged user (from 1) who has it, and its position. */
  const seen = new Int32Array(items)
  const keptAt = new Int32Array(items)
  let merged = 0
  return (older, newer) => {
    merged++
    const mine = older.items.length
    const joined = Int32Array.of(...older.items, ...newer.items)
    const of = <Column extends Float32Array | Float64Array>(a: Column | null, b: Column | null, at: number): number =>
      (at < mine ? a?.[at] : b?.[at - mine]) ?? 0
    const order = Int32Array.from(joined.keys())
    if (older.times) order.sort((a, b) => of(older.times, newer.times, a) - of(older.times, newer.times, b) || a - b)
    const rating = (at: number): number => of(older.ratings, newer.ratings, at)
    const ratings = older.ratings && Float32Array.from(joined.keys(), rating)
    for (const at of order) {
      const item = joined[at] ?? 0
      const earlier = keptAt[item] ?? 0
      const again = seen[item] === merged
      seen[item] = merged
      if (again && policy === 'count' && ratings) ratings[at] = rating(at) + rating(earlier)
      const stays = policy === 'first' || (policy === 'maximum' && rating(at) < rating(earlier))
      if (!again || !stays) keptAt[item] = at
    }
    const kept = order.filter((at) => keptAt[joined[at] ?? 0] === at)
    return {
      user: newer.user,
      externalId: newer.externalId,
      items: kept.map((at) => joined[at] ?? 0),
      ratings: ratings && Float32Array.from(kept, (at) => ratings[at] ?? 0),
      times: older.times && Float64Array.from(kept, (at) => of(older.times, newer.times, at)),
    }
  }
}

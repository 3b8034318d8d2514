import { createHash } from 'node:crypto'
import { setImmediate as others } from 'node:timers/promises'
import { type InteractionsRequest, type ListedInteractions, mostOrdered } from '../../shared/browse'
import type { Dataset } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import type { CountedItem, Store, StoredHistory } from '../store/store'
import { chosenUser } from './chosen-user'
import { FirstInOrder } from './first-in-order'

/** Number of histories read in one step: some milliseconds, during which the engine answers nothing else. */
const usersAtOnce = 200
/** Number of scan results that are cached. */
const keptBytes = 64 * 1024 * 1024

interface Positions {
  readonly users: Int32Array
  readonly positions: Int32Array
}

/** Positions of interactions with their values and times. */
interface Entries extends Positions {
  /** Null if the data set has none. */
  readonly values: Float32Array | null
  readonly times: Float64Array | null
  /** The positions of their items in the order by item; null for other orders. */
  readonly ranks?: Int32Array | null
}
type By = InteractionsRequest['by']
const itemOrders = { item: 'id', title: 'title' } as const
const sortsByItem = (by: By): by is keyof typeof itemOrders => by in itemOrders

type Kept = Int32Array | Positions | Entries

/** A sort order; `at` gives [user, position in the history] of its n-th interaction. */
interface Order {
  readonly total: number
  readonly reachable: number
  readonly at: (n: number) => readonly [user: number, position: number]
}

/**
 * Pages of single interactions. Histories are stored as one row per user, so a page of the whole data set is found by adding up sizes, and the page
 * of a user is a history. Only an item's interactions and sorting by time or value need a scan of all histories. It runs once, in small steps, and
 * its result is cached.
 */
export class InteractionPages {
  readonly #kept = new Map<string, Kept>()

  constructor(private readonly store: Store) {}

  /**
   * Throws NOT_FOUND for an unknown user or item, BAD_INPUT for an order that the data set does not have.
   * @param signal aborts the search when its result is no longer needed
   */
  async page(request: InteractionsRequest, signal?: AbortSignal): Promise<ListedInteractions> {
    const dataset = this.store.datasets.get(request.id)
    if (request.by === 'value' && !dataset.hasRatings) throw withoutOrder(dataset, 'values')
    if (request.by === 'time' && !dataset.hasTimes) throw withoutOrder(dataset, 'times')
    const histories = new Map<number, StoredHistory>()
    const historyOf = (user: number): StoredHistory => {
      const history = histories.get(user) ?? this.store.datasets.historyOf(dataset.id, user)
      histories.set(user, history)
      return history
    }
    const order = await this.#order(dataset, request, signal)
    const item = itemTitles(this.store, dataset.id)
    const rows = []
    for (let n = request.offset; n < Math.min(order.reachable, request.offset + request.limit); n++) {
      const [user, position] = order.at(n)
      const { externalId, items, ratings, times } = historyOf(user)
      const index = items[position] ?? -1
      rows.push({
        user: externalId,
        ...item(index),
        value: ratings?.[position] ?? null,
        time: times?.[position] ?? null,
      })
    }
    return { total: order.total, reachable: order.reachable, rows }
  }

  async #order(
    dataset: Dataset,
    { user, item, by, direction }: InteractionsRequest,
    signal: AbortSignal | undefined,
  ): Promise<Order> {
    const wanted = item === null ? null : this.store.datasets.item(dataset.id, item)
    if (user !== null) {
      const history = chosenUser(this.store, dataset.id, user)
      const entries = entriesOf([history], wanted?.index ?? null, dataset)
      if (!sortsByItem(by) || wanted) return sortedOrder(entries, by, direction)
      const ranks = await this.#itemRanks(dataset, by, signal)
      return sortedOrder({ ...entries, ranks: history.items.map((item) => ranks[item] ?? -1) }, by, direction)
    }
    if (wanted) return sortedOrder(await this.#ofItem(dataset, wanted, by, signal), by, direction)
    if (by === 'stored') return storedOrder(await this.#offsets(dataset, signal), direction)
    return { ...fixedOrder(await this.#first(dataset, by, direction, signal)), total: dataset.interactions }
  }

  /** [user]: interactions of the users before; one entry more than there are users. */
  async #offsets(dataset: Dataset, signal: AbortSignal | undefined): Promise<Int32Array> {
    return this.#keeping(`${dataset.fingerprint} offsets`, async () => {
      const sizes = this.store.datasets.historySizes(dataset.id)
      let step = sizes.next()
      for (; !step.done; step = sizes.next()) {
        await others()
        signal?.throwIfAborted()
      }
      const offsets = new Int32Array(step.value.length + 1)
      step.value.forEach((size, user) => (offsets[user + 1] = (offsets[user] ?? 0) + size))
      return offsets
    })
  }

  /** [item]: its rank among all items, by id or by title. */
  async #itemRanks(
    dataset: Dataset,
    by: keyof typeof itemOrders,
    signal: AbortSignal | undefined,
  ): Promise<Int32Array> {
    // Titles may be joined later, without another fingerprint.
    const step = this.store.datasets.itemRanks(dataset.id, itemOrders[by])
    for (let ranks = step.next(); ; ranks = step.next()) {
      if (ranks.done) return ranks.value
      await others()
      signal?.throwIfAborted()
    }
  }

  async #ofItem(dataset: Dataset, item: CountedItem, by: By, signal: AbortSignal | undefined): Promise<Entries> {
    const name = `${dataset.fingerprint} item ${item.index}`
    const found = await this.#keeping(name, async () => {
      const all: { user: number; position: number }[] = []
      for await (const positions of steps(this.store.datasets.positionsOf(dataset.id, item), signal))
        all.push(...positions)
      return {
        users: Int32Array.from(all, ({ user }) => user),
        positions: Int32Array.from(all, ({ position }) => position),
      }
    })
    // All are of the same item.
    if (by === 'stored' || sortsByItem(by)) return { ...found, values: null, times: null }
    return this.#keeping(`${name} ${by}`, async () => {
      const keys = by === 'value' ? new Float32Array(found.users.length) : new Float64Array(found.users.length)
      for (const [at, user] of found.users.entries()) {
        const history = this.store.datasets.historyOf(dataset.id, user)
        keys[at] = (by === 'value' ? history.ratings : history.times)?.[found.positions[at] ?? -1] ?? NaN
        if (at % usersAtOnce === usersAtOnce - 1) {
          await others()
          signal?.throwIfAborted()
        }
      }
      return {
        ...found,
        values: keys instanceof Float32Array ? keys : null,
        times: keys instanceof Float64Array ? keys : null,
      }
    })
  }

  async #first(
    dataset: Dataset,
    by: Exclude<By, 'stored'>,
    direction: InteractionsRequest['direction'],
    signal: AbortSignal | undefined,
  ): Promise<Positions> {
    const ranks = sortsByItem(by) ? await this.#itemRanks(dataset, by, signal) : null
    const key = ranks ? `${by} ${hashOf(ranks)}` : by
    return this.#keeping(`${dataset.fingerprint} ${key} ${direction}`, async () => {
      const first = new FirstInOrder(mostOrdered, direction)
      for await (const histories of steps(this.store.datasets.historyPages(dataset.id, usersAtOnce), signal))
        for (const { user, items, ratings, times } of histories)
          first.add(user, ranks ? items.map((item) => ranks[item] ?? -1) : ((by === 'value' ? ratings : times) ?? []))
      return first.first()
    })
  }

  /**
   * Returns a cached result, or computes it and replaces the least recently used one. The key contains the fingerprint of the data, so a result is
   * never used for other data.
   */
  async #keeping<Found extends Kept>(key: string, find: () => Promise<Found>): Promise<Found> {
    const found = (this.#kept.get(key) as Found | undefined) ?? (await find())
    this.#kept.delete(key)
    this.#kept.set(key, found)
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + bytesOf(kept), 0)
    for (const [oldest, kept] of this.#kept) {
      if (bytes <= keptBytes || oldest === key) break
      this.#kept.delete(oldest)
      bytes -= bytesOf(kept)
    }
    return found
  }
}

const hashOf = (ranks: Int32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(ranks.buffer, ranks.byteOffset, ranks.byteLength))
    .digest('base64')

/** Runs a generator step by step and lets other work of this process run in between. */
async function* steps<T>(values: IterableIterator<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  for (const value of values) {
    yield value
    await others()
    signal?.throwIfAborted()
  }
}

const bytesOf = (kept: Kept): number => {
  if (kept instanceof Int32Array) return kept.byteLength
  const columns = [
    kept.users,
    kept.positions,
    'values' in kept ? kept.values : null,
    'times' in kept ? kept.times : null,
  ]
  return columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0)
}

const withoutOrder = ({ name }: Dataset, what: string): Error =>
  badInput(`“${name}” has no ${what} to sort by.`, 'Choose another order.')

/** @param item null for all interactions */
function entriesOf(
  histories: readonly StoredHistory[],
  item: number | null,
  { hasRatings, hasTimes }: Dataset,
): Entries {
  const found = histories.flatMap((history) => {
    const position = item === null ? -1 : history.items.indexOf(item)
    if (item !== null) return position < 0 ? [] : [{ history, position }]
    return Array.from(history.items.keys(), (each) => ({ history, position: each }))
  })
  return {
    users: Int32Array.from(found, ({ history }) => history.user),
    positions: Int32Array.from(found, ({ position }) => position),
    values: hasRatings ? Float32Array.from(found, ({ history, position }) => history.ratings?.[position] ?? NaN) : null,
    times: hasTimes ? Float64Array.from(found, ({ history, position }) => history.times?.[position] ?? NaN) : null,
  }
}

const fixedOrder = ({ users, positions }: Positions): Order => ({
  total: users.length,
  reachable: users.length,
  at: (n) => [users[n] ?? -1, positions[n] ?? -1],
})

function sortedOrder(found: Entries, by: By, direction: InteractionsRequest['direction']): Order {
  const order = Uint32Array.from(found.users.keys())
  const sign = direction === 'ascending' ? 1 : -1
  const keys = by === 'value' ? found.values : by === 'time' ? found.times : (found.ranks ?? null)
  if (keys) order.sort((a, b) => sign * ((keys[a] ?? 0) - (keys[b] ?? 0)) || a - b)
  else if (sign < 0) order.reverse()
  return fixedOrder({
    users: Int32Array.from(order, (at) => found.users[at] ?? -1),
    positions: Int32Array.from(order, (at) => found.positions[at] ?? -1),
  })
}

/** User by user. @param offsets interactions of the users before each, and of all */
function storedOrder(offsets: Int32Array, direction: InteractionsRequest['direction']): Order {
  const total = offsets.at(-1) ?? 0
  const userAt = (n: number): number => {
    let [low, high] = [0, offsets.length - 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((offsets[middle] ?? 0) <= n) low = middle
      else high = middle
    }
    return low
  }
  return {
    total,
    reachable: total,
    at(wanted) {
      const n = direction === 'ascending' ? wanted : total - 1 - wanted
      const user = userAt(n)
      return [user, n - (offsets[user] ?? 0)]
    },
  }
}

function itemTitles(store: Store, dataset: DatasetId): (index: number) => { item: string; title: string } {
  const known = new Map<number, { item: string; title: string }>()
  return (index) => {
    const there = known.get(index)
    if (there) return there
    const { externalId, title } = store.datasets.item(dataset, index)
    const found = { item: externalId, title }
    known.set(index, found)
    return found
  }
}

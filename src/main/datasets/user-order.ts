import { setImmediate as others } from 'node:timers/promises'
import type { UsersRequest } from '../../shared/browse'
import type { Dataset } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { Store, StoredHistory } from '../store/store'

/** Number of histories read in one step: some milliseconds, during which the engine answers nothing else. */
const usersAtOnce = 200

/** The sort keys of users that are in no index. */
export type CountedOrder = Exclude<UsersRequest['by'], 'id' | 'interactions'>
export const isCounted = (by: UsersRequest['by']): by is CountedOrder => by !== 'id' && by !== 'interactions'

/** Mean of the values; null without values. */
export const meanOf = ({ ratings }: StoredHistory): number | null =>
  ratings && ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length

interface Passed {
  readonly fingerprint: string
  readonly ids: readonly string[]
  /** [users] */
  readonly keys: Readonly<Record<CountedOrder, Float64Array>>
}

/** Ignores the case of ASCII letters, like SQLite's LIKE, which searches the indexed orders. */
const caseless = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())

/**
 * Users sorted by values computed from their histories. All histories are scanned once, in small steps; the result for the last data set is cached.
 */
export class UserOrder {
  #passed: Passed | null = null
  /** Of the last requested page. */
  #order: { readonly which: string; readonly users: readonly number[] } | null = null

  constructor(private readonly store: Store) {}

  /**
   * Throws BAD_INPUT for an order that the data set does not have.
   * @param signal aborts the scan when its result is no longer needed
   */
  async page(
    { id, by, direction, query, offset, limit }: UsersRequest & { readonly by: CountedOrder },
    signal?: AbortSignal,
  ): Promise<{ total: number; rows: StoredHistory[] }> {
    const dataset = this.store.datasets.get(id)
    if (by === 'mean' ? !dataset.hasRatings : !dataset.hasTimes)
      throw badInput(
        `“${dataset.name}” has no ${by === 'mean' ? 'values' : 'times'} to sort by.`,
        'Choose another order.',
      )
    const users = this.#sorted(await this.#pass(dataset, signal), by, direction, caseless(query.trim()))
    return {
      total: users.length,
      rows: users.slice(offset, offset + limit).map((user) => this.store.datasets.historyOf(id, user)),
    }
  }

  /** The users whose ids contain the text, in order; cached for the following pages. */
  #sorted(
    { fingerprint, ids, keys }: Passed,
    by: CountedOrder,
    direction: UsersRequest['direction'],
    wanted: string,
  ): readonly number[] {
    const which = JSON.stringify([fingerprint, by, direction, wanted])
    if (this.#order?.which === which) return this.#order.users
    const users = [...ids.keys()].filter((user) => wanted === '' || caseless(ids[user] ?? '').includes(wanted))
    const key = (user: number): number => keys[by][user] ?? NaN
    const sign = direction === 'ascending' ? 1 : -1
    users.sort((a, b) => sign * (key(a) - key(b)) || a - b)
    this.#order = { which, users }
    return users
  }

  async #pass(dataset: Dataset, signal: AbortSignal | undefined): Promise<Passed> {
    if (this.#passed?.fingerprint === dataset.fingerprint) return this.#passed
    const ids: string[] = []
    const keys = {
      mean: new Float64Array(dataset.users),
      first: new Float64Array(dataset.users),
      last: new Float64Array(dataset.users),
    }
    for (const histories of this.store.datasets.historyPages(dataset.id, usersAtOnce)) {
      for (const history of histories) {
        const { user, externalId, times } = history
        ids[user] = externalId
        keys.mean[user] = meanOf(history) ?? NaN
        keys.first[user] = times?.[0] ?? NaN
        keys.last[user] = times?.at(-1) ?? NaN
      }
      await others()
      signal?.throwIfAborted()
    }
    this.#passed = { fingerprint: dataset.fingerprint, ids, keys }
    return this.#passed
  }
}

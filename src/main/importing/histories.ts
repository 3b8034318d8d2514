import type { DuckDBConnection } from '@duckdb/node-api'
import type { DuplicatePolicy } from '../../shared/datasets'
import type { StoredHistory } from '../store/store'

/** Growing columns of the user being read. */
class Columns {
  size = 0
  items = new Int32Array(1024)
  ratings = new Float32Array(1024)
  times = new Float64Array(1024)

  push(item: number, rating: number, time: number): void {
    if (this.size === this.items.length) this.grow()
    this.items[this.size] = item
    this.ratings[this.size] = rating
    this.times[this.size] = time
    this.size++
  }

  private grow(): void {
    const { items, ratings, times } = this
    this.items = new Int32Array(2 * this.size)
    this.ratings = new Float32Array(2 * this.size)
    this.times = new Float64Array(2 * this.size)
    this.items.set(items)
    this.ratings.set(ratings)
    this.times.set(times)
  }
}

/** Counts of what was read so far. */
export interface HistoryTotals {
  rows: number
  duplicates: number
}

/**
 * Cuts rows sorted by user into histories, about `batch` interactions at a time. Of several rows of the same user and item
 * the one that the policy names is kept, where it stands (the last one, with the sum of their values, for `count`); `totals` counts along.
 * @param sorted SQL of the columns user index, item index, rating, time; ordered by user, then time
 */
export async function* historyBatches(
  connection: DuckDBConnection,
  sorted: string,
  setup: {
    users: readonly string[]
    items: number
    hasRatings: boolean
    hasTimes: boolean
    policy: DuplicatePolicy
    batch: number
  },
  totals: HistoryTotals,
): AsyncGenerator<StoredHistory[]> {
  const result = await connection.stream(sorted)
  const columns = new Columns()
  /** [item]: the last user (+ 1) whose history was seen to hold it. */
  const seen = new Int32Array(setup.items)
  const place = new Int32Array(setup.items)
  let batch: StoredHistory[] = []
  let [user, waiting] = [-1, 0]

  const closeUser = (): void => {
    if (user < 0) return
    // [item]: its row that is kept so far, as a place in `columns`; `seen` tells whether it is of this user.
    const kept: number[] = []
    for (let i = 0; i < columns.size; i++) {
      const item = columns.items[i] ?? 0
      const earlier = place[item] ?? 0
      if (seen[item] !== user + 1) {
        seen[item] = user + 1
        place[item] = i
        continue
      }
      totals.duplicates++
      if (setup.policy === 'count') columns.ratings[i] = (columns.ratings[earlier] ?? 0) + (columns.ratings[i] ?? 0)
      const weaker = (columns.ratings[i] ?? 0) < (columns.ratings[earlier] ?? 0)
      const stays = setup.policy === 'first' || (setup.policy === 'maximum' && setup.hasRatings && weaker)
      if (!stays) place[item] = i
    }
    for (let i = 0; i < columns.size; i++) if (place[columns.items[i] ?? 0] === i) kept.push(i)
    batch.push({
      user,
      externalId: setup.users[user] ?? '',
      items: Int32Array.from(kept, (i) => columns.items[i] ?? 0),
      ratings: setup.hasRatings ? Float32Array.from(kept, (i) => columns.ratings[i] ?? 0) : null,
      times: setup.hasTimes ? Float64Array.from(kept, (i) => columns.times[i] ?? 0) : null,
    })
    waiting += kept.length
    columns.size = 0
  }

  for await (const chunk of result) {
    const [users, items, ratings, times] = [0, 1, 2, 3].map((column) => chunk.getColumnVector(column))
    for (let row = 0; row < chunk.rowCount; row++) {
      const of = Number(users?.getItem(row))
      if (of !== user) {
        closeUser()
        user = of
      }
      columns.push(Number(items?.getItem(row)), Number(ratings?.getItem(row)), Number(times?.getItem(row)))
    }
    totals.rows += chunk.rowCount
    if (waiting >= setup.batch) {
      yield batch
      batch = []
      waiting = 0
    }
  }
  closeUser()
  if (batch.length > 0) yield batch
}

import type { DuplicatePolicy } from '../../shared/datasets'
import type { StoredHistory } from '../store/store'
import { RowSorter } from './row-order'
import type { UserRows } from './rows-by-user'

/** Counts of the rows read so far. */
export interface HistoryTotals {
  rows: number
  duplicates: number
}

interface Setup {
  /** External ids by user index. */
  readonly users: readonly string[]
  readonly items: number
  readonly policy: DuplicatePolicy
}

/** Memory for many histories: allocating it per user and column took longer than filling it. */
interface Block {
  readonly items: Int32Array
  readonly ratings: Float32Array | null
  readonly times: Float64Array | null
  used: number
}
const blockSize = 2 ** 18

const blockOf = ({ ratings, times }: UserRows, size: number): Block => ({
  items: new Int32Array(size),
  ratings: ratings && new Float32Array(size),
  times: times && new Float64Array(size),
  used: 0,
})

/**
 * Builds histories from users' rows. Of several rows with the same user and item, the policy determines which is kept, at its position
 * (the last one, with the sum of their values, for `count`); `totals` counts along.
 */
export function historyMaker(
  { users, items, policy }: Setup,
  totals: HistoryTotals,
): (rows: UserRows, user: number) => StoredHistory {
  const sorter = new RowSorter()
  /** [item]: the last user (+ 1) with that item, and the row kept so far, as a position in that user's order. */
  const seen = new Int32Array(items)
  const keptAt = new Int32Array(items)
  let sums = new Float32Array(1024)
  let block: Block = { items: new Int32Array(0), ratings: null, times: null, used: 0 }

  /** Marks in `seen` and `keptAt` which rows are kept, and returns how many. */
  const choose = (rows: UserRows, order: Int32Array, user: number): number => {
    let kept = 0
    for (let i = 0; i < order.length; i++) {
      const row = order[i] ?? 0
      const item = rows.items[row] ?? 0
      if (policy === 'count') sums[i] = rows.ratings?.[row] ?? 0
      if (seen[item] !== user + 1) {
        seen[item] = user + 1
        keptAt[item] = i
        kept++
        continue
      }
      const earlier = keptAt[item] ?? 0
      if (policy === 'count') sums[i] = (sums[earlier] ?? 0) + (sums[i] ?? 0)
      const weaker = rows.ratings !== null && (rows.ratings[row] ?? 0) < (rows.ratings[order[earlier] ?? 0] ?? 0)
      if (policy !== 'first' && !(policy === 'maximum' && weaker)) keptAt[item] = i
    }
    totals.rows += order.length
    totals.duplicates += order.length - kept
    return kept
  }

  return (rows, user) => {
    const at = user - rows.firstUser
    const order = sorter.order(rows, rows.offsets[at] ?? 0, rows.offsets[at + 1] ?? 0)
    if (sums.length < order.length) sums = new Float32Array(2 * order.length)
    const size = choose(rows, order, user)
    if (block.used + size > block.items.length) block = blockOf(rows, Math.max(size, blockSize))
    const { items: itemColumn, ratings, times } = block
    const begin = block.used
    let filled = begin
    for (let i = 0; i < order.length; i++) {
      const row = order[i] ?? 0
      const item = rows.items[row] ?? 0
      if (keptAt[item] !== i) continue
      itemColumn[filled] = item
      if (ratings) ratings[filled] = (policy === 'count' ? sums[i] : rows.ratings?.[row]) ?? 0
      if (times) times[filled] = rows.times?.[row] ?? 0
      filled++
    }
    block.used = filled
    return {
      user,
      externalId: users[user] ?? '',
      items: itemColumn.subarray(begin, filled),
      ratings: ratings?.subarray(begin, filled) ?? null,
      times: times?.subarray(begin, filled) ?? null,
    }
  }
}

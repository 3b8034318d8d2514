import type { ItemsRequest } from '../../shared/browse'
import type { Connection } from './connection'
import type { IndexedUsersRequest } from './dataset-repository'
import { folded, literal } from './dataset-search'
import {
  type CountedDataset,
  fromIndex,
  type IndexOfDataset,
  itemsById,
  itemsByInteractions,
  itemsByTitle,
  lostRows,
  requireWholeIndex,
  rowsOf,
  usersById,
  usersBySize,
} from './whole-index'

/**
 * Finds pages of users and items in the indexes of schema 16, which contain all columns for sorting and searching; only the rows of the page are
 * read. https://sqlite.org/queryplanner.html#covering_indexes
 */

interface Found {
  readonly total: number
  /** External ids of users, numbers of items. */
  readonly keys: readonly (string | number)[]
}

interface Sought {
  readonly index: IndexOfDataset
  readonly column: 'external_id' | 'folded'
  readonly pattern: string | null
  readonly order: string
}

function found(
  connection: Connection,
  { id, offset, limit }: IndexedUsersRequest | ItemsRequest,
  dataset: CountedDataset,
  { index, column, pattern, order }: Sought,
): Found {
  requireWholeIndex(connection, dataset, index)
  const all = rowsOf(dataset, index)
  const from = fromIndex(index)
  const where = pattern === null ? '' : `AND ${column} LIKE ? ESCAPE '\\'`
  const values = pattern === null ? [] : [`%${pattern}%`]
  const keys = connection
    .prepare<(string | number)[], string | number>(
      `SELECT ${index.key} FROM ${from} WHERE dataset = ? ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
    )
    .pluck()
    .all(id, ...values, limit, offset)
  const count = (where: string, ...values: readonly (string | number)[]): number =>
    connection
      .prepare<(string | number)[], number>(`SELECT count(*) FROM ${from} WHERE dataset = ? ${where}`)
      .pluck()
      .get(id, ...values) ?? 0
  // It may have been damaged after the check.
  const isWhole = pattern === null ? keys.length === Math.min(limit, Math.max(0, all - offset)) : count('') === all
  if (!isWhole) throw lostRows(connection, id, index.table)
  return { total: pattern === null ? all : count(where, ...values), keys }
}

const reversed = (order: string): string =>
  order
    .split(', ')
    .map((part) => (part.endsWith(' DESC') ? part.slice(0, -' DESC'.length) : `${part} DESC`))
    .join(', ')

/** External ids of the users on a page. */
export function usersOnPage(connection: Connection, request: IndexedUsersRequest, dataset: CountedDataset): Found {
  const { by, direction, query } = request
  const words = query.trim()
  const order = by === 'id' ? 'external_id' : 'size, external_id DESC'
  return found(connection, request, dataset, {
    index: by === 'id' ? usersById : usersBySize,
    column: 'external_id',
    pattern: words === '' ? null : literal(words),
    order: direction === 'ascending' ? order : reversed(order),
  })
}

const itemOrders = {
  id: { index: itemsById, order: 'external_id' },
  title: { index: itemsByTitle, order: 'folded, position' },
  interactions: { index: itemsByInteractions, order: 'interactions, folded DESC, position DESC' },
} as const

/** Numbers of the items on a page. */
export function itemsOnPage(connection: Connection, request: ItemsRequest, dataset: CountedDataset): Found {
  const { by, direction, query } = request
  const words = folded(query.trim())
  const { index, order } = itemOrders[by]
  return found(connection, request, dataset, {
    index,
    column: 'folded',
    pattern: words === '' ? null : literal(words),
    order: direction === 'ascending' ? order : reversed(order),
  })
}

/** Entries of an index of items that are read in one step: some 20 ms. */
const itemsAtOnce = 20_000

/** [item]: its rank among all items in an order, from the index alone; null if the index does not have every item exactly once. */
export function* itemRanks(
  connection: Connection,
  dataset: number,
  by: 'id' | 'title',
  items: number,
): Generator<void, Int32Array | null, void> {
  const { index } = itemOrders[by]
  const text = by === 'id' ? 'external_id' : 'folded'
  const ranks = new Int32Array(items).fill(-1)
  const next = connection.prepare<[number, string, number, number], { text: string; position: number }>(
    `SELECT ${text} AS text, position FROM ${fromIndex(index)}
     WHERE dataset = ? AND (${text}, position) > (?, ?) ORDER BY ${text}, position LIMIT ?`,
  )
  let ranked = 0
  for (let rows = next.all(dataset, '', -1, itemsAtOnce); rows.length > 0;) {
    for (const { position } of rows) {
      if (ranks[position] !== -1) return null
      ranks[position] = ranked++
    }
    const last = rows.at(-1)
    yield
    rows = last ? next.all(dataset, last.text, last.position, itemsAtOnce) : []
  }
  return ranked === items ? ranks : null
}

interface SizeRow {
  readonly size: number
  readonly external_id: string
  readonly user: number
}

/** Entries of the index that are read in one step: some 20 ms. */
const sizesAtOnce = 20_000

/** [user]: number of interactions, from the index alone; null if the index does not have every user exactly once. */
export function* sizesOf(
  connection: Connection,
  dataset: number,
  users: number,
): Generator<void, Int32Array | null, void> {
  const sizes = new Int32Array(users).fill(-1)
  const columns = `SELECT size, external_id, user FROM ${fromIndex(usersBySize)} WHERE dataset = ?`
  // Two statements, because a combined one would pass all earlier users of the same size again in each step.
  const ofSize = connection.prepare<[number, number, string, number], SizeRow>(
    `${columns} AND size = ? AND external_id > ? ORDER BY external_id LIMIT ?`,
  )
  const smaller = connection.prepare<[number, number, number], SizeRow>(
    `${columns} AND size < ? ORDER BY size DESC, external_id LIMIT ?`,
  )
  let counted = 0
  for (let last: SizeRow | undefined; ; yield) {
    let rows = last ? ofSize.all(dataset, last.size, last.external_id, sizesAtOnce) : []
    if (rows.length === 0) rows = smaller.all(dataset, last?.size ?? 2 ** 31, sizesAtOnce)
    for (const row of rows) {
      if (sizes[row.user] !== -1) return null
      sizes[row.user] = row.size
      counted++
    }
    last = rows.at(-1)
    if (!last) return counted === users ? sizes : null
  }
}

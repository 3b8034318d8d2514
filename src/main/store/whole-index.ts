import type { Connection } from './connection'

/** An index of a table with a row for every user or item of a data set. */
export interface IndexOfDataset {
  readonly table: 'history' | 'item'
  readonly index: string
  /** A column of the index that is unique. */
  readonly key: 'external_id' | 'position'
  /** A column of the index whose sum is the number of interactions of the data set; null if there is none. */
  readonly interactions: 'size' | 'interactions' | null
}

const ofUsers = { table: 'history', key: 'external_id' } as const
const ofItems = { table: 'item', key: 'position' } as const

export const usersById: IndexOfDataset = { ...ofUsers, index: 'history_external_id', interactions: null }
export const usersBySize: IndexOfDataset = { ...ofUsers, index: 'history_size', interactions: 'size' }
export const itemsById: IndexOfDataset = { ...ofItems, index: 'item_external_id', interactions: null }
export const itemsByTitle: IndexOfDataset = { ...ofItems, index: 'item_folded', interactions: null }
export const itemsByInteractions: IndexOfDataset = {
  ...ofItems,
  index: 'item_interactions',
  interactions: 'interactions',
}

/** A data set with its stored counts. */
export interface CountedDataset {
  readonly id: number
  readonly users: number
  readonly items: number
  readonly interactions: number
}

/** Indexes that were found to be complete, by connection. */
const whole = new WeakMap<Connection, Set<string>>()

/**
 * Throws DAMAGED_FILE if an index does not have each user or item of a data set exactly once, or if its numbers of interactions are wrong: a damaged one may
 * lack some and have others twice, and a search in it finds too little. It is read completely once for each connection.
 */
export function requireWholeIndex(connection: Connection, dataset: CountedDataset, index: IndexOfDataset): void {
  const known = whole.get(connection) ?? new Set()
  whole.set(connection, known)
  const which = `${dataset.id} ${index.index}`
  if (known.has(which)) return
  const found = connection
    .prepare<[number], { rows: number; interactions: number | null }>(
      `SELECT count(DISTINCT ${index.key}) AS rows, sum(${index.interactions ?? 'NULL'}) AS interactions
       FROM ${fromIndex(index)} WHERE dataset = ?`,
    )
    .get(dataset.id)
  const isWhole =
    found?.rows === rowsOf(dataset, index) &&
    (index.interactions === null || (found.interactions ?? 0) === dataset.interactions)
  if (!isWhole) throw lostRows(connection, dataset.id, index.table)
  known.add(which)
}

export const rowsOf = (dataset: CountedDataset, { table }: IndexOfDataset): number =>
  table === 'history' ? dataset.users : dataset.items

/**
 * Throws DAMAGED_FILE if `externalIds`, which were not found in an index, exist after all: in an index out of order, a lookup
 * misses entries that a complete scan finds.
 */
export function requireAbsent(
  connection: Connection,
  dataset: CountedDataset,
  index: IndexOfDataset,
  externalIds: readonly string[],
): void {
  requireWholeIndex(connection, dataset, index)
  const passed = connection
    .prepare<[number, string], string>(
      `SELECT external_id FROM ${fromIndex(index)}
       WHERE dataset = ? AND +external_id IN (SELECT value FROM json_each(?)) LIMIT 1`,
    )
    .pluck()
    .get(dataset.id, JSON.stringify(externalIds))
  if (passed !== undefined) throw lostRows(connection, dataset.id, index.table)
}

export const fromIndex = ({ table, index }: Pick<IndexOfDataset, 'table' | 'index'>): string =>
  `${table} INDEXED BY ${index}`

/** DAMAGED_FILE: an index of `table` does not have every row of a data set as it was stored. */
export const lostRows = (connection: Connection, dataset: number, table: string): Error =>
  connection.damaged(`an index of its table “${table}” does not name every row of data set ${dataset} as it was stored`)

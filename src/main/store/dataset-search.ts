import type { ItemHit, UserHit } from '../../shared/datasets'
import type { Connection } from './connection'
import {
  type CountedDataset,
  fromIndex,
  type IndexOfDataset,
  itemsByInteractions,
  lostRows,
  requireAbsent,
  requireWholeIndex,
  usersById,
  usersBySize,
} from './whole-index'

/** Text in the form in which it is searched: without case and accents, so that "amelie" finds "Amélie". */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()

/** A search text as the middle of a LIKE pattern whose escape character is a backslash. */
export const literal = (query: string): string => query.replaceAll(/[\\%_]/g, '\\$&')

interface FoundUser {
  readonly external_id: string
  readonly size: number
}

/** Users whose id contains `query`, those that begin with it first; all of them for an empty query. */
export function searchUsers(connection: Connection, dataset: CountedDataset, query: string, limit: number): UserHit[] {
  requireWholeIndex(connection, dataset, usersBySize)
  const pattern = literal(query.trim())
  return connection
    .prepare<[number, string, string, number], FoundUser & { user: number }>(
      `SELECT user, external_id, size FROM ${fromIndex(usersBySize)}
       WHERE dataset = ? AND external_id LIKE ? ESCAPE '\\'
       ORDER BY external_id LIKE ? ESCAPE '\\' DESC, length(external_id), external_id
       LIMIT ?`,
    )
    .all(dataset.id, `%${pattern}%`, `${pattern}%`, limit)
    .map((named) => connection.rows<FoundUser>('history', { dataset: dataset.id, ...named }))
    .map((rows) => namedRow(rows, connection, dataset.id, usersBySize))
    .map(({ external_id: id, size: interactions }) => ({ id, interactions }))
}

/** Those of the users who are not in the data set, in the given order. */
export function unknownUsers(connection: Connection, dataset: CountedDataset, users: readonly string[]): string[] {
  const find = connection
    .prepare<[number, string], number>(`SELECT 1 FROM ${fromIndex(usersById)} WHERE dataset = ? AND external_id = ?`)
    .pluck()
  const unknown = users.filter((user) => find.get(dataset.id, user) === undefined)
  if (unknown.length > 0) requireAbsent(connection, dataset, usersById, unknown)
  return unknown
}

interface FoundItem {
  position: number
  external_id: string
  title: string
  genres: string
  interactions: number
  folded: string
}

/** Items whose id or title contains `query`: the exact id first, then those that begin with it, then by popularity. */
export function searchItems(connection: Connection, dataset: CountedDataset, query: string, limit: number): ItemHit[] {
  requireWholeIndex(connection, dataset, itemsByInteractions)
  const words = query.trim()
  const exact = connection.rows<FoundItem>('item', { dataset: dataset.id, external_id: words })
  const found = connection
    .prepare<[number, string, string, number], { position: number; interactions: number; folded: string }>(
      `SELECT position, interactions, folded FROM ${fromIndex(itemsByInteractions)}
       WHERE dataset = ? AND folded LIKE ? ESCAPE '\\'
       ORDER BY folded LIKE ? ESCAPE '\\' DESC, interactions DESC, position
       LIMIT ?`,
    )
    .all(dataset.id, `%${literal(folded(words))}%`, `${literal(folded(words))}%`, limit)
    .map((named) => connection.rows<FoundItem>('item', { dataset: dataset.id, ...named }))
    .map((rows) => namedRow(rows, connection, dataset.id, itemsByInteractions))
    .filter(({ position }) => position !== exact[0]?.position)
  return [...exact, ...found].slice(0, limit).map(({ external_id: id, title, genres, interactions }) => ({
    id,
    title,
    genres: genres === '' ? [] : genres.split('|'),
    interactions,
  }))
}

/** The row of an entry of an index. Throws DAMAGED_FILE if there is none with the entry's values. */
function namedRow<Row>([row]: readonly Row[], connection: Connection, dataset: number, { table }: IndexOfDataset): Row {
  if (!row) throw lostRows(connection, dataset, table)
  return row
}

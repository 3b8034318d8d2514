import type { ItemHit, UserHit } from '../../shared/datasets'
import type { Connection } from './connection'

/** Text as searching compares it: without case and accents, so that "amelie" finds "Amélie". */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()

/** What to search for as the middle of a LIKE pattern whose escape character is a backslash. */
export const literal = (query: string): string => query.replaceAll(/[\\%_]/g, '\\$&')

/** Users whose id contains `query`, those that begin with it first; all of them for an empty query. */
export function searchUsers(connection: Connection, dataset: number, query: string, limit: number): UserHit[] {
  const pattern = literal(query.trim())
  return connection
    .prepare<[number, string, string, number], UserHit>(
      `SELECT external_id AS id, size AS interactions FROM history
       WHERE dataset = ? AND external_id LIKE ? ESCAPE '\\'
       ORDER BY external_id LIKE ? ESCAPE '\\' DESC, length(external_id), external_id
       LIMIT ?`,
    )
    .all(dataset, `%${pattern}%`, `${pattern}%`, limit)
}

/** Those of the users whom the data set does not have, in the order given. */
export function unknownUsers(connection: Connection, dataset: number, users: readonly string[]): string[] {
  const find = connection
    .prepare<[number, string], number>('SELECT 1 FROM history WHERE dataset = ? AND external_id = ?')
    .pluck()
  return users.filter((user) => find.get(dataset, user) === undefined)
}

interface FoundItem {
  external_id: string
  title: string
  genres: string
  interactions: number
}

/** Items whose id or title contains `query`: the exact id first, then by popularity. */
export function searchItems(connection: Connection, dataset: number, query: string, limit: number): ItemHit[] {
  const words = query.trim()
  return connection
    .prepare<[number, string, string, string, number], number>(
      `SELECT position FROM item
       WHERE dataset = ? AND folded LIKE ? ESCAPE '\\'
       ORDER BY external_id = ? DESC, folded LIKE ? ESCAPE '\\' DESC, interactions DESC, position
       LIMIT ?`,
    )
    .pluck()
    .all(dataset, `%${literal(folded(words))}%`, words, `${literal(folded(words))}%`, limit)
    .flatMap((position) => connection.rows<FoundItem>('item', { dataset, position }))
    .map(({ external_id: id, title, genres, interactions }) => ({
      id,
      title,
      genres: genres === '' ? [] : genres.split('|'),
      interactions,
    }))
}

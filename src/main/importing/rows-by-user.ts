import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBFloatVector,
  DuckDBIntegerVector,
  DuckDBUIntegerVector,
} from '@duckdb/node-api'
import type { Rows } from './row-order'

/** The rows of consecutive users, user by user, those of one user in any order. */
export interface UserRows extends Rows {
  readonly firstUser: number
  /** [users + 1]: where each user's rows begin. */
  readonly offsets: Int32Array
}

/** What DuckDB holds: a view `interactions` (user, item, rating, time, place), tables `users` and `items` (id, position). */
interface Setup {
  /** [users]: rows of each. */
  readonly counts: Int32Array
  readonly hasRatings: boolean
  readonly hasTimes: boolean
  /** Rows that are in memory at once, at 20 bytes each; more only where one user has more. */
  readonly atOnce: number
}

/**
 * Reads the rows that DuckDB holds, grouped by user: each goes where its user's rows are collected, which takes no sorting. Where they are
 * more than `atOnce`, the users come in several parts, each read by a pass of its own.
 * The arrays are used again: what was yielded is void when the next is asked for.
 * @param onRows hears how many rows were read since it heard last
 */
export async function* rowsByUser(
  connection: DuckDBConnection,
  { counts, hasRatings, hasTimes, atOnce }: Setup,
  onRows: (rows: number) => void,
): AsyncGenerator<UserRows> {
  const parts = partsOf(counts, atOnce)
  const most = parts.reduce((rows, part) => Math.max(rows, part.rows), 0)
  const items = new Int32Array(most)
  const places = new Uint32Array(most)
  const ratings = hasRatings ? new Float32Array(most) : null
  const times = hasTimes ? new Float64Array(most) : null
  for (const { from, to } of parts) {
    const offsets = new Int32Array(to - from + 1)
    for (let user = from; user < to; user++)
      offsets[user - from + 1] = (offsets[user - from] ?? 0) + (counts[user] ?? 0)
    const rows: UserRows = { firstUser: from, offsets, items, places, ratings, times }
    const next = offsets.slice()
    const result = await connection.stream(selectRows(rows, parts.length === 1 ? null : { from, to }))
    // DuckDB makes the next chunk while this one is collected.
    let chunk = await result.fetchChunk()
    while (chunk && chunk.rowCount > 0) {
      const following = result.fetchChunk()
      collect(chunk, rows, next)
      const collected = chunk.rowCount
      chunk = await following
      onRows(collected)
    }
    yield rows
  }
}

/** Users `from` … `to` − 1. */
interface Part {
  readonly from: number
  readonly to: number
  readonly rows: number
}

function partsOf(counts: Int32Array, atOnce: number): Part[] {
  const parts: Part[] = []
  let [from, rows] = [0, 0]
  counts.forEach((count, user) => {
    if (rows > 0 && rows + count > atOnce) {
      parts.push({ from, to: user, rows })
      from = user
      rows = 0
    }
    rows += count
  })
  if (rows > 0) parts.push({ from, to: counts.length, rows })
  return parts
}

const selectRows = ({ ratings, times }: Rows, part: { from: number; to: number } | null): string =>
  `SELECT users.position, items.position, place${ratings ? ', rating' : ''}${times ? ', time' : ''} FROM interactions
   JOIN users ON users.id = interactions.user JOIN items ON items.id = interactions.item
   ${part ? `WHERE users.position >= ${part.from} AND users.position < ${part.to}` : ''}`

/** Puts a chunk's rows where their users' rows are. @param next [users]: where each one's next row goes */
function collect(
  chunk: DuckDBDataChunk,
  { firstUser, items, places, ratings, times }: UserRows,
  next: Int32Array,
): void {
  const userVector = vectorOf(chunk, 0, DuckDBIntegerVector)
  const itemVector = vectorOf(chunk, 1, DuckDBIntegerVector)
  const placeVector = vectorOf(chunk, 2, DuckDBUIntegerVector)
  const ratingVector = ratings && vectorOf(chunk, 3, DuckDBFloatVector)
  const timeVector = times && vectorOf(chunk, ratings ? 4 : 3, DuckDBDoubleVector)
  const rows = chunk.rowCount
  for (let row = 0; row < rows; row++) {
    const user = (userVector.getItem(row) ?? 0) - firstUser
    const to = next[user] ?? 0
    next[user] = to + 1
    items[to] = itemVector.getItem(row) ?? 0
    places[to] = placeVector.getItem(row) ?? 0
    if (ratings) ratings[to] = ratingVector?.getItem(row) ?? 0
    if (times) times[to] = timeVector?.getItem(row) ?? 0
  }
}

/** A column whose values are read from DuckDB's memory one by one: a list of them would take longer than all else. */
function vectorOf<Vector>(
  chunk: DuckDBDataChunk,
  column: number,
  kind: abstract new (...of: never[]) => Vector,
): Vector {
  const vector = chunk.getColumnVector(column)
  if (!(vector instanceof kind)) throw new Error(`Column ${column} is not of the type that it was asked for.`)
  return vector
}

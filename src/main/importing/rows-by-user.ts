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

/** The tables in DuckDB: a view `interactions` (user, item, rating, time, line), tables `users` and `items` (id, position). */
interface Setup {
  /** [users]: rows of each. */
  readonly counts: Int32Array
  readonly hasRatings: boolean
  readonly hasTimes: boolean
  /** Maximum number of rows in memory, at 20 bytes each; exceeded only if a single user has more. */
  readonly atOnce: number
}

/**
 * Reads the rows from DuckDB grouped by user: each is written to the range of its user, without sorting. If there are
 * more than `atOnce`, the users are read in several batches, each with a pass of its own.
 * The arrays are reused: a yielded value is invalid after the next one is requested.
 * @param onRows called with the number of rows read since its last call
 */
export async function* rowsByUser(
  connection: DuckDBConnection,
  { counts, hasRatings, hasTimes, atOnce }: Setup,
  onRows: (rows: number) => void,
): AsyncGenerator<UserRows> {
  const batches = batchesOf(counts, atOnce)
  const most = batches.reduce((rows, batch) => Math.max(rows, batch.rows), 0)
  const items = new Int32Array(most)
  const lines = new Uint32Array(most)
  const ratings = hasRatings ? new Float32Array(most) : null
  const times = hasTimes ? new Float64Array(most) : null
  for (const { from, to } of batches) {
    const offsets = new Int32Array(to - from + 1)
    for (let user = from; user < to; user++)
      offsets[user - from + 1] = (offsets[user - from] ?? 0) + (counts[user] ?? 0)
    const rows: UserRows = { firstUser: from, offsets, items, lines, ratings, times }
    const next = offsets.slice()
    const result = await connection.stream(selectRows(rows, batches.length === 1 ? null : { from, to }))
    // DuckDB computes the next chunk while this one is collected.
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
interface Batch {
  readonly from: number
  readonly to: number
  readonly rows: number
}

function batchesOf(counts: Int32Array, atOnce: number): Batch[] {
  const batches: Batch[] = []
  let [from, rows] = [0, 0]
  counts.forEach((count, user) => {
    if (rows > 0 && rows + count > atOnce) {
      batches.push({ from, to: user, rows })
      from = user
      rows = 0
    }
    rows += count
  })
  if (rows > 0) batches.push({ from, to: counts.length, rows })
  return batches
}

const selectRows = ({ ratings, times }: Rows, batch: { from: number; to: number } | null): string =>
  `SELECT users.position, items.position, line${ratings ? ', rating' : ''}${times ? ', time' : ''} FROM interactions
   JOIN users ON users.id = interactions.user JOIN items ON items.id = interactions.item
   ${batch ? `WHERE users.position >= ${batch.from} AND users.position < ${batch.to}` : ''}`

/** Writes a chunk's rows to the ranges of their users. @param next [users]: the position of each one's next row */
function collect(
  chunk: DuckDBDataChunk,
  { firstUser, items, lines, ratings, times }: UserRows,
  next: Int32Array,
): void {
  const userVector = vectorOf(chunk, 0, DuckDBIntegerVector)
  const itemVector = vectorOf(chunk, 1, DuckDBIntegerVector)
  const lineVector = vectorOf(chunk, 2, DuckDBUIntegerVector)
  const ratingVector = ratings && vectorOf(chunk, 3, DuckDBFloatVector)
  const timeVector = times && vectorOf(chunk, ratings ? 4 : 3, DuckDBDoubleVector)
  const rows = chunk.rowCount
  for (let row = 0; row < rows; row++) {
    const user = (userVector.getItem(row) ?? 0) - firstUser
    const to = next[user] ?? 0
    next[user] = to + 1
    items[to] = itemVector.getItem(row) ?? 0
    lines[to] = lineVector.getItem(row) ?? 0
    if (ratings) ratings[to] = ratingVector?.getItem(row) ?? 0
    if (times) times[to] = timeVector?.getItem(row) ?? 0
  }
}

/** A column that is read directly from DuckDB's memory: building a list of values would take longer than everything else. */
function vectorOf<Vector>(
  chunk: DuckDBDataChunk,
  column: number,
  kind: abstract new (...of: never[]) => Vector,
): Vector {
  const vector = chunk.getColumnVector(column)
  if (!(vector instanceof kind)) throw new Error(`Column ${column} does not have the requested type.`)
  return vector
}

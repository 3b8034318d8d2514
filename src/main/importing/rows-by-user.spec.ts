import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowsByUser } from './rows-by-user'

let instance: DuckDBInstance
let connection: DuckDBConnection
const users = 50
/** [user]: rows; of the items 0 … count − 1, once each. */
const counts = Int32Array.from({ length: users }, (_, user) => ((user * 37) % 23) * 20 + 1)

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run(`
    CREATE TABLE all_rows AS
      SELECT 'u' || lpad("user"::VARCHAR, 2, '0') AS "user", 'i' || lpad(item::VARCHAR, 3, '0') AS item,
        (item % 10)::FLOAT AS rating, ("user" * 1000 + item)::DOUBLE AS time
      FROM range(${users}) AS u("user"), range(1000) AS i(item)
      WHERE item < (("user" * 37) % 23) * 20 + 1;
    CREATE VIEW interactions AS SELECT *, rowid::UINTEGER AS line FROM all_rows;
    CREATE TABLE users AS SELECT id, (row_number() OVER (ORDER BY id) - 1)::INTEGER AS position
      FROM (SELECT DISTINCT "user" AS id FROM all_rows);
    CREATE TABLE items AS SELECT id, (row_number() OVER (ORDER BY id) - 1)::INTEGER AS position
      FROM (SELECT DISTINCT item AS id FROM all_rows)`)
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

test.each([
  { atOnce: 1_000_000, hasRatings: true, hasTimes: true, several: false },
  { atOnce: 1_000_000, hasRatings: false, hasTimes: true, several: false },
  { atOnce: 1_000_000, hasRatings: true, hasTimes: false, several: false },
  // Smaller than the largest users: each of those is a part of its own.
  { atOnce: 400, hasRatings: true, hasTimes: true, several: true },
])('every row is found with its user, $atOnce at once (ratings $hasRatings, times $hasTimes)', async (setup) => {
  const received: number[] = []
  const found: { user: number; rows: [number, number | undefined, number | undefined][] }[] = []
  let parts = 0
  for await (const rows of rowsByUser(connection, { counts, ...setup }, (more) => received.push(more))) {
    parts++
    expect(rows.offsets.length === 2 || (rows.offsets.at(-1) ?? 0) <= setup.atOnce).toBe(true)
    for (let at = 0; at < rows.offsets.length - 1; at++)
      found.push({
        user: rows.firstUser + at,
        rows: Array.from(
          rows.items.slice(rows.offsets[at], rows.offsets[at + 1]),
          (item, i): [number, number | undefined, number | undefined] => {
            const row = (rows.offsets[at] ?? 0) + i
            return [item, rows.ratings?.[row], rows.times?.[row]]
          },
        ).toSorted(([a], [b]) => a - b),
      })
  }
  expect(parts > 1).toBe(setup.several)
  expect(received.reduce((sum, more) => sum + more, 0)).toBe(counts.reduce((sum, count) => sum + count, 0))
  expect(found).toEqual(
    Array.from(counts, (count, user) => ({
      user,
      rows: Array.from({ length: count }, (_, item) => [
        item,
        setup.hasRatings ? item % 10 : undefined,
        setup.hasTimes ? user * 1000 + item : undefined,
      ]),
    })),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Rows, RowSorter } from './row-order'

interface Row {
  item: number
  time: number
  line: number
}

const rowsOf = (rows: readonly Row[], timed: boolean): Rows => ({
  items: Int32Array.from(rows, ({ item }) => item),
  ratings: null,
  times: timed ? Float64Array.from(rows, ({ time }) => time) : null,
  lines: Uint32Array.from(rows, ({ line }) => line),
})

/** What is promised, by comparing rows. */
const expected = (rows: readonly Row[], timed: boolean): Row[] =>
  rows.toSorted((a, b) => (timed ? a.time - b.time : 0) || a.line - b.line)

/** From seconds of one day to anything that a double holds, so that every way of packing is taken. */
const time = fc.oneof(
  fc.integer({ min: 1_000_000_000, max: 1_000_086_400 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
  fc.constantFrom(0, -0, 1.5, 1.25),
)
const someWhere = fc.uniqueArray(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 60 })
/** As DuckDB mostly hands them on: in the files' order. */
const lines = fc.oneof(
  someWhere,
  someWhere.map((all) => all.toSorted((a, b) => a - b)),
)

test('rows are ordered by time, then by their line in the files, for any items', () => {
  // One sorter for all: what it keeps between calls must not show.
  const sorter = new RowSorter()
  const item = fc.nat({ max: 5 })
  fc.assert(
    fc.property(
      lines.chain((all) => fc.tuple(...all.map((line) => fc.record({ item, time, line: fc.constant(line) })))),
      fc.boolean(),
      fc.nat({ max: 3 }),
      (rows, timed, from) => {
        const before = Array.from({ length: from }, () => ({ item: 0, time: 0, line: 0 }))
        const all = [...before, ...rows]
        const order = sorter.order(rowsOf(all, timed), from, all.length)
        expect(Array.from(order, (row) => all[row])).toEqual(expected(rows, timed))
      },
    ),
    { numRuns: 500 },
  )
})

test('a user of a hundred thousand rows', () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => ({
    item: (i * 7919) % 50,
    time: (i * 31) % 977,
    line: i ^ 5,
  }))
  for (const timed of [true, false]) {
    const order = new RowSorter().order(rowsOf(rows, timed), 0, rows.length)
    expect(Array.from(order, (row) => rows[row])).toEqual(expected(rows, timed))
  }
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sheetTable } from './sheet-table'
import type { Cell } from './text-writer'

type Row = readonly Cell[]

const columns = ['text', 'number', 'date', 'boolean'] as const
type Kind = (typeof columns)[number]

const cellOf: Record<Kind, (at: number) => Cell> = {
  text: (at) => `t${at % 7}`,
  number: (at) => at % 5,
  date: (at) => `2024-03-${String(10 + (at % 19))}T08:00:00.000`,
  boolean: (at) => at % 2 === 0,
}

/** Columns of a table: at least one is not a text, because texts alone show no difference between a name and a value. */
const kinds = fc
  .shuffledSubarray([...columns, ...columns, 'text'] as Kind[], { minLength: 3 })
  .filter((list) => list.slice(0, 3).some((kind) => kind !== 'text'))
const rowOf = (list: readonly Kind[], at: number): Row => list.map((kind, column) => cellOf[kind](at + column))

/** Rows of which the first ones have only three cells: remarks were written later. */
const growing = (list: readonly Kind[], short: number): Row[] =>
  Array.from({ length: 40 }, (_, at) => {
    const remarks = at < short ? [null, null] : ['fine', 'x']
    return [...rowOf(list, at), ...remarks]
  })

const check = (list: readonly Kind[], short: number, above: readonly Row[], names: Row | null) =>
  sheetTable([...above, ...(names ? [names] : []), ...growing(list, short)])

describe('the table of a sheet', () => {
  const titles: Row[] = [['Report'], [], ['made on', '2024-03-01T00:00:00.000']]

  test('begins with its first row, although the first rows have fewer cells than most', () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 0, max: 12 }), (list, short) => {
        expect(check(list, short, [], null)).toMatchObject({ skip: 0, begin: 0, header: false, doubted: [] })
      }),
      { seed: 1 },
    )
  })

  test('begins with its header, whatever the columns are called, and below titles', () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 0, max: 12 }), fc.boolean(), (list, short, titled) => {
        const names = list.map((_, at) => `Spalte ${at}`)
        const above = titled ? titles : []
        expect(check(list, short, above, names)).toMatchObject({
          skip: above.length,
          begin: above.length + 1,
          header: true,
          doubted: [],
        })
      }),
      { seed: 2 },
    )
  })

  test('begins with usual names above texts', () => {
    const rows = Array.from({ length: 20 }, (_, at): Row => [
      `u${at % 4}`,
      `i${at % 5}`,
      'ok',
      ...(at > 6 ? ['x'] : []),
    ])
    expect(sheetTable([['Nutzer', 'Artikel', 'Bewertung'], ...rows])).toMatchObject({ skip: 0, header: true })
  })

  test('begins with a row of two cells of a matrix, but not with a title of two cells', () => {
    const rows = Array.from({ length: 20 }, (_, at): Row => [`p${at}`, 1, 2, at > 3 ? 3 : null])
    expect(sheetTable([['p20', null, 4], ...rows])).toMatchObject({ skip: 0, header: false })
    expect(sheetTable([['Year', 2024], [], ...rows])).toMatchObject({ skip: 2, header: false, doubted: [] })
    expect(sheetTable([['Year', 2024], ['who', 'a', 'b', 'c'], ...rows])).toMatchObject({ skip: 1, header: true })
  })

  test('tells skipped rows with three cells or more', () => {
    const rows = Array.from({ length: 20 }, (_, at): Row => [`u${at % 4}`, `i${at % 5}`, 3, 'x'])
    const table = sheetTable([['Report', 'of May', 7], ['Wer', 'Was', 'Wieviel', 'Text'], ...rows])
    expect(table).toMatchObject({ skip: 1, header: true, doubted: [0] })
    expect(
      sheetTable([['Report', 'of May', 7], ['Wer', 'Was', 'Wieviel', 'Text'], ...rows], { skip: 1 }).doubted,
    ).toEqual([])
  })

  test('has the names of two rows, if the second names what the first leaves open', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 3, max: 9 }),
        fc.boolean(),
        (before, answers, question) => {
          const names = Array.from({ length: before }, (_, at) => `Frage ${at}`)
          const items = Array.from({ length: answers }, (_, at) => `Stück ${at}`)
          const first = [...names, ...(question || before === 1 ? ['Wie gefiel es?'] : [])]
          const rows = Array.from({ length: 30 }, (_, at): Row => [
            ...names.map((_name, column) => `a${at}-${column}`),
            ...items.map((_item, column) => ((at + column) % 3 === 0 ? null : 1 + (at % 5))),
          ])
          const table = sheetTable([first, [...names.map(() => null), ...items], ...rows])
          expect(table).toMatchObject({ skip: 0, begin: 2, header: true, names: [...names, ...items] })
        },
      ),
      { seed: 3 },
    )
  })

  test('has the names of one row below a heading above some columns', () => {
    const rows = Array.from({ length: 20 }, (_, at): Row => [`u${at}`, 20 + at, 1 + (at % 5), 2])
    const table = sheetTable([[null, null, 'Ratings', null], ['who', 'age', 'a', 'b'], ...rows])
    expect(table).toMatchObject({ skip: 1, begin: 2, names: ['who', 'age', 'a', 'b'] })
  })
})

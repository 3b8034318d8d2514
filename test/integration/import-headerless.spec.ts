import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

/** The cells of a row: user, item, and the number of the row. */
interface Row {
  readonly user: number
  readonly item: number
  readonly at: number
}
type Cell = (row: Row) => string

/** Rows of at least five users and seven items, in no order. */
const rows = fc
  .tuple(
    fc.array(fc.record({ user: fc.nat({ max: 6 }), item: fc.nat({ max: 10 }) }), { minLength: 40, maxLength: 60 }),
    fc.nat({ max: 1000 }),
  )
  .map(([drawn, begin]) =>
    [...Array.from({ length: 14 }, (_, n) => ({ user: n % 7, item: (n * 5) % 11 })), ...drawn].map((row, at) => ({
      ...row,
      at: at + begin,
    })),
  )

const hash = (number: number): string => (0x4bf58dd8d48988d1n + BigInt(number) * 0x9e3779b97f4an).toString(16)
const moment = ({ at }: Row): Date => new Date(Date.UTC(2012, 3, 3, 18) + at * 61_000)
const iso: Cell = (row) => moment(row).toISOString().replace('.000', '')
const twitter: Cell = (row) => {
  const [day = '', date = '', month = '', year = '', time = ''] = moment(row).toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} +0000 ${year}`
}
const latitude: Cell = ({ item }) => (40.5 + item * 0.0371).toFixed(8)
const longitude: Cell = ({ item }) => (-74.1 - item * 0.0173).toFixed(8)
const category: Cell = ({ item }) => ['Bridge', 'Bakery', 'Bus Station', 'Home (private)'][item % 4] ?? ''

/** Tables of public data sets that name no columns: their cells, and which of them are user, item and the others. */
const shapes: Readonly<
  Record<string, { cells: readonly Cell[]; separator: string; roles: Readonly<Record<string, number | null>> }>
> = {
  'check-ins with zones': {
    cells: [
      ({ user }) => String(user * 83 + 4),
      ({ item }) => hash(item),
      ({ item }) => hash(100 + (item % 4)),
      category,
      latitude,
      longitude,
      ({ at }) => (at % 9 === 0 ? '-300' : '-240'),
      twitter,
    ],
    separator: '\t',
    roles: { user: 0, item: 1, time: 7, rating: null, count: null },
  },
  'check-ins where all zones are one hour from UTC': {
    cells: [({ user }) => String(user + 1), ({ item }) => hash(item), latitude, longitude, () => '60', twitter],
    separator: '\t',
    roles: { user: 0, item: 1, time: 5, rating: null, count: null },
  },
  'places before the id of the place': {
    cells: [({ user }) => String(user), iso, latitude, longitude, ({ item }) => String(item * 811 + 22_847)],
    separator: '\t',
    roles: { user: 0, item: 4, time: 1, rating: null, count: null },
  },
  'a category of each item and what was done': {
    cells: [
      ({ user }) => String(user + 1),
      ({ item }) => String(item * 977 + 2_268_318),
      ({ item }) => String((item % 4) * 31 + 149_192),
      ({ at }) => ['pv', 'pv', 'cart', 'fav', 'buy'][at % 5] ?? '',
      (row) => String(moment(row).getTime() / 1000),
    ],
    separator: ',',
    roles: { user: 0, item: 1, time: 4, event: 3, rating: null, count: null },
  },
  'sessions that are counted from 1 on': {
    cells: [({ user }) => String(user + 1), iso, ({ item }) => String(214_536_500 + item), () => '0'],
    separator: ',',
    roles: { user: 0, item: 2, time: 1, rating: null, count: null },
  },
  'ratings of a slider': {
    cells: [
      ({ user }) => String(user + 1),
      ({ item }) => String(item + 5),
      ({ at }) => (((at * 37) % 190) / 10 - 9.469).toFixed(3),
    ],
    separator: '\t',
    roles: { user: 0, item: 1, time: null, rating: 2, count: null },
  },
}

describe.each(Object.entries(shapes))('without a header, %s', (_about, { cells, separator, roles }) => {
  test('are read right at once, and nothing in them is taken for what it is not', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (made) => {
        const text = made.map((row) => cells.map((cell) => cell(row)).join(separator)).join('\n')
        const file = write('t.txt', `${text}\n`)
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        const { event, ...mapping } = preview.mapping
        const found: Record<string, string | null | undefined> = { ...mapping, event: event?.column }
        for (const [role, column] of Object.entries(roles))
          expect([role, found[role] ?? null]).toEqual([role, column === null ? null : `column${column}`])
        const wanted = Object.values(roles).filter((column) => column !== null)
        const doubted = preview.choices.filter(
          ({ about, certainty, affectsData }) => about === 'column' && certainty === 'guess' && affectsData,
        )
        expect(
          doubted.map(({ column }) => column).filter((column) => !wanted.some((one) => column === `column${one}`)),
        ).toEqual([])
        const result = await load(file, mappingOf(preview))
        expect([result.users, result.items, result.rejected]).toEqual([
          new Set(made.map(({ user }) => user)).size,
          new Set(made.map(({ item }) => item)).size,
          0,
        ])
        store.datasets.delete(result.dataset)
      }),
      { numRuns: 4 },
    )
  })
})

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

const seconds: Cell = (row) => String(moment(row).getTime() / 1000)
const milliseconds: Cell = (row) => String(moment(row).getTime())

describe('without a header, times of which a few are odd', () => {
  // A time in milliseconds without three digits would be one in seconds.
  const odd = fc.constantFrom<(time: string) => string>(
    () => '0',
    (time) => time.slice(0, -1),
    (time) => time.slice(0, -2),
    (time) => time.slice(0, 5),
  )

  test('are times all the same, and the odd ones are said and rejected', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom(seconds, milliseconds),
        odd,
        fc.uniqueArray(fc.nat({ max: 39 }), { minLength: 1, maxLength: 2 }),
        fc.boolean(),
        async (made, time, spoil, spoilt, rated) => {
          const line = (row: Row, at: number): string =>
            [
              row.user * 83 + 4,
              row.item * 811 + 22_847,
              ...(rated ? [1 + (at % 5)] : []),
              spoilt.includes(at) ? spoil(time(row)) : time(row),
            ].join('\t')
          const file = write('t.tsv', `${made.map(line).join('\n')}\n`)
          const preview = await previewImport({ ratings: [file], items: null }, store.library)
          const column = rated ? 'column3' : 'column2'
          expect(preview.mapping.time).toBe(column)
          expect(preview.warnings.filter((warning) => warning.includes(column))).toEqual([
            expect.stringMatching(/rejected|may have lost a digit/) as string,
          ])
          const result = await load(file, mappingOf(preview))
          // Without its last digit, a time of today is one of the seventies: it is doubted, and kept.
          expect(result.rejected).toBe(preview.warnings.join().includes('lost a digit') ? 0 : spoilt.length)
          expect([...store.datasets.histories(result.dataset)].every(({ times }) => times !== null)).toBe(true)
          store.datasets.delete(result.dataset)
        },
      ),
      { numRuns: 10, endOnFailure: true },
    )
  })

  test('are no times if many are not', async () => {
    const line = (at: number): string => `u${at % 7}\ti${(at * 5) % 11}\t${at % 4 ? 1_333_476_000 + at * 61 : at}`
    const file = write('t.tsv', `${Array.from({ length: 60 }, (_, at) => line(at)).join('\n')}\n`)
    expect((await previewImport({ ratings: [file], items: null }, store.library)).mapping.time).toBeNull()
  })
})

describe('without a header, ratings from Amazon', () => {
  const reviewer = (number: number): string =>
    `A${(BigInt(number + 11) * 0x9e3779b97f4a7c15n).toString(36).toUpperCase().slice(-13)}`
  const product = (number: number): string =>
    `B0${(BigInt(number + 11) * 0x9e3779b97f4a7c15n).toString(36).toUpperCase().slice(-8)}`
  const isbn = (number: number): string => {
    const digits = String(1_713_300 + number * 7919).padStart(9, '0')
    const weighed = Array.from(digits, (digit, at) => (10 - at) * Number(digit))
    const sum = weighed.reduce((total, part) => total + part, 0)
    return `${digits}${(11 - (sum % 11)) % 11}`.replace(/10$/, 'X')
  }

  test.each([
    ['products, in either order', product],
    ['books, in either order', isbn],
    ['both, in either order', (number: number): string => (number % 2 ? isbn(number) : product(number))],
  ])('%s, are told by their ids', async (_about, idOf) => {
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.constantFrom(',', '\t'), async (made, itemFirst, separator) => {
        const lines = made.map((row, at) => {
          const ids = [reviewer(row.user), idOf(row.item)]
          return [...(itemFirst ? ids.reverse() : ids), `${1 + (at % 5)}.0`, seconds(row)].join(separator)
        })
        const file = write('ratings_Books.csv', `${lines.join('\n')}\n`)
        const { mapping, warnings } = await previewImport({ ratings: [file], items: null }, store.library)
        expect(mapping).toMatchObject({
          user: itemFirst ? 'column1' : 'column0',
          item: itemFirst ? 'column0' : 'column1',
          rating: 'column2',
          time: 'column3',
        })
        expect(warnings).toEqual([])
      }),
      { numRuns: 4 },
    )
  })

  test('are a guess where only one column has such ids', async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `${product(at % 9)},${at % 7},${1 + (at % 5)}`)
    const file = write('t.csv', `${lines.join('\n')}\n`)
    const { mapping, warnings } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(mapping).toMatchObject({ user: 'column0', item: 'column1' })
    expect(warnings.join('\n')).toContain('column "column0": user is a guess')
  })
})

describe('without a header, keys of the rows that do not count up', () => {
  const keys: Readonly<Record<string, (at: number, rows: number) => string>> = {
    descending: (at, rows) => String(rows - at),
    'in no order': (at) => String((at * 7919) % 104_729),
    'of digits and letters': (at) => `R${hash(at + 1).slice(0, 9)}`,
  }
  const ids: Readonly<Record<string, (letter: string, number: number) => string>> = {
    numbers: (letter, number) => String(number + (letter === 'u' ? 1 : 300)),
    'letters and numbers': (letter, number) => `${letter}${number}`,
  }

  test.each(Object.keys(keys))('are no users, and it is said: %s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom(...Object.keys(ids)),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom(',', ';', '\t'),
        async (made, idKind, place, separator) => {
          const lines = made.map(({ user, item }, at) => {
            const cells = [ids[idKind]!('u', user), ids[idKind]!('i', item), String(1 + ((user + 2 * at) % 5))]
            cells.splice(place, 0, keys[kind]!(at, made.length))
            return cells.join(separator)
          })
          const file = write('t.csv', `${lines.join('\n')}\n`)
          const { mapping, warnings } = await previewImport({ ratings: [file], items: null }, store.library)
          const [user, item] = [0, 1, 2, 3].filter((column) => column !== place).map((column) => `column${column}`)
          expect(mapping).toMatchObject({ user, item })
          if (place < 2) expect(warnings.join('\n')).toContain(`no value of “column${place}” occurs twice`)
        },
      ),
      { numRuns: 5 },
    )
  })

  test('users with one row each stay users where only the items repeat', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, at) => `R${hash(at + 1).slice(0, 9)},i${(at * at) % 17},${1 + (at % 5)}`,
    )
    const file = write('t.csv', `${lines.join('\n')}\n`)
    const { mapping } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(mapping).toMatchObject({ user: 'column0', item: 'column1', rating: 'column2' })
  })
})

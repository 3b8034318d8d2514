import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { warningsOf } from '../../src/shared/reading'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { xlsx } from './workbook.fixture'

type Rows = readonly (readonly string[])[]

const interactions = (count: number): Rows =>
  Array.from({ length: count }, (_, at) => [
    `u${at % 7}`,
    `i${(at * 5) % 13}`,
    String(1 + (at % 5)),
    `2024-03-${String(1 + (at % 28)).padStart(2, '0')}`,
  ])
const items = (count: number): Rows =>
  Array.from({ length: count }, (_, at) => [`i${at}`, `Title of ${at}`, String(1990 + (at % 30))])

/** Tables beside each other, the shorter ones with blank cells below their last rows. */
function beside(tables: readonly Rows[], gap: number): Rows {
  const height = Math.max(...tables.map((rows) => rows.length))
  return Array.from({ length: height }, (_, at) =>
    tables.flatMap((rows, position) => [
      ...(position > 0 ? Array.from({ length: gap }, () => '') : []),
      ...(rows[at] ?? (rows[0] ?? []).map(() => '')),
    ]),
  )
}

const fileOf = (rows: Rows, separator: string) =>
  separator === 'sheet'
    ? write('beside.xlsx', Buffer.from(xlsx(rows)))
    : write('beside.csv', rows.map((row) => row.join(separator)).join('\n'))

const interactionNames = fc.constantFrom(
  ['user', 'item', 'rating', 'date'],
  ['Kunde', 'Artikel', 'Bewertung', 'Datum'],
  ['customer_id', 'product_id', 'stars', 'ordered_at'],
)
const itemNames = fc.constantFrom(
  ['item', 'title', 'year'],
  ['Artikel', 'Titel', 'Jahr'],
  ['product_id', 'name', 'released'],
)
const separators = fc.constantFrom(',', ';', '\t', 'sheet')

const warningOf = (warnings: readonly string[]): string[] =>
  warnings.filter((warning) => warning.includes('tables beside each other'))

test('of a table of items beside one of interactions, only the latter is read, whatever their lengths, names and order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        separator: separators,
        ofInteractions: interactionNames,
        ofItems: itemNames,
        isFirst: fc.boolean(),
        gap: fc.integer({ min: 1, max: 2 }),
        lengths: fc.constantFrom([30, 13], [30, 30], [20, 40]),
      }),
      async ({ separator, ofInteractions, ofItems, isFirst, gap, lengths: [length = 0, catalogue = 0] }) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const [ratings, titles] = [
          [ofInteractions, ...interactions(length)],
          [ofItems, ...items(catalogue)],
        ]
        // A workbook with a wider gap is the same: its empty columns are not stored.
        const file = fileOf(
          beside(isFirst ? [ratings, titles] : [titles, ratings], separator === 'sheet' ? 1 : gap),
          separator,
        )
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        const result = await load(file, mappingOf(preview))
        expect(preview.mapping.title).toBeUndefined()
        expect(warningOf(warningsOf(preview.choices))).toHaveLength(1)
        expect(warningOf(warningsOf(result.choices))[0]).toContain('--items')
        expect(result).toMatchObject({ users: 7, rejected: 0 })
        expect(store.datasets.items(result.dataset).every(({ title, externalId }) => title === externalId)).toBe(true)
        const read = imported(result)
        store.datasets.delete(result.dataset)
        const alone = await load(
          write('alone.csv', [ofInteractions, ...interactions(length)].map((row) => row.join('\t')).join('\n')),
          { ...mappingOf(preview), item: ofInteractions[1], user: ofInteractions[0] },
        )
        expect(read).toEqual(imported(alone))
      },
    ),
    { numRuns: 10 },
  )
})

test('of two tables of interactions, the first is read, and the other one if its columns are chosen', async () => {
  const header = ['user', 'item', 'rating', 'date']
  const second = interactions(25).map(([user = '', ...others]) => [`other-${user}`, ...others])
  const text = beside(
    [
      [header, ...interactions(12)],
      [header, ...second],
    ],
    1,
  )
  const file = fileOf(text, ';')
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(warningOf(preview.warnings)[0]).toContain('“user_1”, “item_1”, “rating_1”, “date_1”')
  const first = await load(file, mappingOf(preview))
  expect(Object.keys(imported(first))).not.toContain('other-u0')
  expect(first).toMatchObject({ interactions: 12, rejected: 0 })
  store.datasets.delete(first.dataset)
  const columns = { user: 'user_1', item: 'item_1' }
  const chosen = await previewImport({ ratings: [file], items: null, columns }, store.library)
  expect(chosen.mapping).toMatchObject({ ...columns, rating: 'rating_1', time: 'date_1' })
  const other = await load(file, mappingOf(chosen))
  expect(other).toMatchObject({ interactions: 25, rejected: 0 })
  expect(Object.keys(imported(other))).toContain('other-u0')
})

test('rejected rows keep their lines', async () => {
  const rows = interactions(20).map((row, at) => (at === 15 ? ['u1', '', '3', '2024-03-01'] : row))
  const file = fileOf(
    beside(
      [
        [['item', 'title', 'year'], ...items(6)],
        [['user', 'item', 'rating', 'date'], ...rows],
      ],
      1,
    ),
    ',',
  )
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  const result = await load(file, mappingOf(preview))
  expect(rejects(result).map(({ line }) => line)).toEqual([17])
})

test('an empty column within one table separates nothing', async () => {
  await fc.assert(
    fc.asyncProperty(separators, fc.constantFrom(2, 3), fc.boolean(), async (separator, at, noted) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const header = ['user', 'item', 'rating', 'date', 'comment']
      const rows = [header, ...interactions(30).map((row, n) => [...row, noted && n % 4 === 0 ? 'fine' : ''])]
      const file = fileOf(
        rows.map((row) => [...row.slice(0, at), '', ...row.slice(at)]),
        separator,
      )
      const preview = await previewImport({ ratings: [file], items: null }, store.library)
      expect(warningOf(preview.warnings)).toEqual([])
      expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating', time: 'date' })
    }),
    { numRuns: 6 },
  )
})

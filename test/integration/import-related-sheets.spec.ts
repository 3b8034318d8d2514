import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { english, expectJoined, languages, lines, type ShopTable, shopTables } from './shop.fixture'
import { workbookOf } from './workbook.fixture'

type Cells = readonly (readonly (string | number)[])[]
type Sheet = readonly [name: string, rows: Cells]

const sheetOf = ({ name, columns, rows }: ShopTable): Sheet => [name, [columns, ...rows]]
let written = 0
const book = (sheets: readonly Sheet[]): NamedFile =>
  write(
    `book-${written++}.xlsx`,
    Buffer.from(workbookOf(sheets.map(([name, rows]) => [name, rows.map((row) => [...row])]))),
  )

/** Sheets that hold no table: covers, notes, a header without rows. */
const covers: readonly Sheet[] = [
  ['Cover', [['Survey of the canteen'], [], ['Made by', 'Works council']]],
  ['Remarks', [['All values as of May'], ['Rounded to whole numbers'], ['Ask Anna'], ['Second edition'], ['Checked']]],
  ['Deckblatt', [['Stand', 'Mai']]],
]

/** Ratings whose columns no name shows. */
const ratings: Cells = lines.map(({ user, item, count }) => [`p${user}`, `d${item}`, count])
const unnamed: Sheet = ['Blatt', [['Wer', 'Wovon', 'Wieviel'], ...ratings]]

describe('a workbook with several sheets', () => {
  test('a sheet without rows is never chosen, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...covers, unnamed], { minLength: 4 }), async (sheets) => {
        const { ratings: read, choices } = await previewImport({ ratings: [book(sheets)], items: null }, store.library)
        expect(read.tables).toEqual(['Blatt'])
        expect(read.examined?.rows).toBe(lines.length)
        expect(choices.filter(({ about }) => about === 'table')).toEqual([])
      }),
      { numRuns: 6, seed: 3 },
    )
  })

  test('of sheets whose names say nothing the one with most rows is read, and another large one is named', async () => {
    const key: Sheet = ['Legende', [['Zahl', 'Wort'], ...[1, 2, 3, 4].map((n) => [n, `Wort ${n}`])]]
    const small = await previewImport({ ratings: [book([key, unnamed])], items: null }, store.library)
    expect(small.ratings.tables).toEqual(['Blatt', 'Legende'])
    expect(small.choices[0]).toMatchObject({ certainty: 'likely', value: 'sheet “Blatt”' })
    const other: Sheet = ['Zweites', [['Wo', 'Womit', 'Wann'], ...ratings.slice(0, 200)]]
    const large = await previewImport({ ratings: [book([other, key, unnamed])], items: null }, store.library)
    expect(large.choices[0]).toMatchObject({ certainty: 'guess', value: 'sheet “Blatt”', option: '--table "Zweites"' })
  })

  test('a sheet of items gives its titles, and what else it says of them is named as left out', async () => {
    const catalogue: Sheet = [
      'Catalogue',
      [
        ['movie', 'name', 'kind', 'shelf'],
        ...Array.from({ length: 30 }, (_, n) => [`f${n}`, `Film ${n}`, n % 2 ? 'drama' : 'war', n % 5]),
      ],
    ]
    const scores: Sheet = [
      'Scores',
      [
        ['member', 'movie', 'score'],
        ...Array.from({ length: 200 }, (_, n) => [`m${(n * 7) % 40}`, `f${(n * 11) % 30}`, 1 + (n % 5)]),
      ],
    ]
    const { choices } = await previewImport({ ratings: [book([scores, catalogue])], items: null }, store.library)
    const [joined] = choices.filter(({ value }) => value === 'with columns of sheet “Catalogue”')
    expect(joined?.evidence).toMatch(/Left out: “kind”, “shelf”\. .*--table "Catalogue"\.$/)
  })

  test('a sheet without rows that was asked for is refused with the names of the others', async () => {
    const request = { ratings: [book([...covers, unnamed])], items: null, table: 'Cover' }
    await expect(previewImport(request, store.library)).rejects.toMatchObject({
      message: expect.stringContaining('The sheet “Cover”') as string,
      next: expect.stringMatching(/--table NAME.*“Blatt”/) as string,
    })
  })

  test('lines get the columns of the sheet of their orders and the titles of their items, in any order and in several languages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...languages),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.boolean(),
        async (names, order, isTitled) => {
          const tables = shopTables(names).map(sheetOf)
          const sheets = order.flatMap((at) => (tables[at] ? [tables[at]] : []))
          const titled = sheets.map(([name, rows]): Sheet => [name, isTitled ? [['Export'], [], ...rows] : rows])
          const file = book([...covers.slice(0, 1), ...titled])
          await expectJoined(file, names, 'sheet')
        },
      ),
      { numRuns: 8, seed: 21 },
    )
  })

  test('lines whose order is missing are rejected with their row in the sheet', async () => {
    const sheets = shopTables(english).map((table) =>
      table.name === 'orders' ? { ...table, rows: table.rows.filter(([order]) => order !== 502) } : table,
    )
    const file = book(sheets.map(sheetOf))
    const read = await previewImport({ ratings: [file], items: null }, store.library)
    expect(read.mapping).toMatchObject({ user: 'customer_id', item: 'product_id' })
    const result = await load(file, mappingOf(read))
    expect(rejects(result)).toMatchObject([5, 6].map((at) => ({ line: at + 1, reason: 'no user id' })))
  })
})

test('sheets of two years, of which one has a further column, are not read together, and it is said why', async () => {
  const rows = (first: string) =>
    Array.from({ length: 20 }, (_, at) => [`u${at % 5}`, `${first}${at % 9}`, 1 + (at % 5)] as const)
  for (const extra of ['channel', 'Filiale']) {
    const sheets = [
      ['2022', [['user', 'item', 'rating'], ...rows('a')]],
      ['2023', [['user', 'item', 'rating', extra], ...rows('b').map((row) => [...row, 'web'])]],
    ] as const
    const file = write('years.xlsx', Buffer.from(workbookOf(sheets)))
    const { warnings } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(warnings.join('\n')).toContain(`because only one of them has “${extra}”: give both the same columns`)
    expect(warnings.join('\n')).toContain('--table "2023"')
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ReadingOverrides } from '../../src/shared/reading'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

let written = 0
async function read(text: string, reading: ReadingOverrides = {}) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const file = write(`pivot${written++}.csv`, text)
  const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
  const result = await load(file, mappingOf(preview), { reading })
  return { preview, result, rows: imported(result) }
}
const headerOf = ({ preview }: Awaited<ReturnType<typeof read>>): string =>
  preview.choices.find(({ about }) => about === 'header')?.value ?? ''

test('a pivot table whose items are numbers is a rating matrix, with its layout chosen or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        name: fc.constantFrom('user', 'user_id', 'userId', 'CustomerID', 'Kunde', ''),
        items: fc.uniqueArray(fc.integer({ min: 101, max: 99_999 }), { minLength: 3, maxLength: 9 }),
        users: fc.integer({ min: 6, max: 14 }),
        numbered: fc.boolean(),
        separator: fc.constantFrom(',', ';', '\t'),
        chosen: fc.boolean(),
      }),
      async ({ name, items, users, numbered, separator, chosen }) => {
        const idOf = (row: number): string => (numbered ? String(row + 1) : `u${row}`)
        const cellOf = (row: number, at: number): string =>
          (row + at) % 4 === 0 ? '' : String(1 + ((row * 3 + at * at) % 5))
        const lines = [
          [name, ...items],
          ...Array.from({ length: users }, (_, row) => [idOf(row), ...items.map((_item, at) => cellOf(row, at))]),
        ]
        const found = await read(
          lines.map((line) => line.join(separator)).join('\n'),
          chosen ? { layout: 'matrix' } : {},
        )
        expect(headerOf(found)).toBe('the first line names the columns')
        expect(found.rows).toEqual(
          Object.fromEntries(
            Array.from({ length: users }, (_, row) => [
              idOf(row),
              expect.arrayContaining(
                items.flatMap((item, at) => (cellOf(row, at) === '' ? [] : [[String(item), Number(cellOf(row, at))]])),
              ),
            ]),
          ),
        )
        expect(found.preview.warnings).toEqual([])
      },
    ),
    { numRuns: 20 },
  )
})

test('a first row of a list with numbers is no header, also where its user occurs once', async () => {
  const below = Array.from({ length: 20 }, (_, at) => `${at % 6},${100 + (at % 9)},${1 + (at % 5)},${964_982_703 + at}`)
  for (const first of ['guest,107,5,964982700', '99,107,5,964982700']) {
    const found = await read([first, ...below].join('\n'))
    expect(headerOf(found)).toBe('the first line is a row')
  }
})

test('columns of years are totals of years, not items', async () => {
  const rows = Array.from(
    { length: 12 },
    (_, at) => `u${at},${1 + (at % 5)},${1 + ((at * 3) % 5)},${1 + ((at * 7) % 4)}`,
  )
  const file = write('years.csv', ['user,2019,2020,2021', ...rows].join('\n'))
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.warnings.join('\n')).toContain('It may be a rating matrix: columns 2019, 2020, 2021')
})

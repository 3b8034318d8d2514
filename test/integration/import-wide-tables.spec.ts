import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const fresh = (): void => {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
}
const previewOf = (name: string, text: string) =>
  previewImport({ ratings: [write(name, text)], items: null }, store.library)

describe('items in numbered columns', () => {
  const names = fc.constantFrom(
    ['user', 'movie', 'rating'],
    ['Kunde', 'Artikel ', 'Menge '],
    ['participant', 'fav_film_', 'stars_'],
    ['client', 'produit', 'note'],
  )
  const picked = fc.shuffledSubarray(
    Array.from({ length: 9 }, (_, at) => `i${at}`),
    { minLength: 3, maxLength: 3 },
  )
  test('become a row for each, with what belongs to it, and empty cells are left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        fc.array(picked, { minLength: 16, maxLength: 24 }),
        fc.integer({ min: 0, max: 1 }),
        async ([user = '', item = '', value = ''], sign, isRated, rows, first) => {
          fresh()
          const header = [0, 1, 2].flatMap((at) => [
            `${item}${at + first}`,
            ...(isRated ? [`${value}${at + first}`] : []),
          ])
          const valueOf = (row: number, at: number): number => 1 + ((row + at) % 5)
          // Each third user has one item fewer.
          const itemsOf = (row: number): readonly string[] => (rows[row] ?? []).slice(0, row % 3 === 0 ? 2 : 3)
          const lines = rows.map((_, row) =>
            [
              `p${row}`,
              ...[0, 1, 2].flatMap((at) => {
                const one = itemsOf(row)[at] ?? ''
                return [one, ...(isRated ? [one === '' ? '' : String(valueOf(row, at))] : [])]
              }),
            ].join(sign),
          )
          const text = `${[user, ...header].join(sign)}\n${lines.join('\n')}\n`
          const preview = await previewOf('wide.csv', text)
          expect(preview.warnings.join('\n')).toContain('a row for each of the items in 3 numbered columns')
          const result = await load(write('wide.csv', text), mappingOf(preview))
          expect(result.rejected).toBe(0)
          expect(imported(result)).toEqual(
            Object.fromEntries(
              rows.map((_, row) => [
                `p${row}`,
                itemsOf(row).map((one, at) => [one, ...(isRated ? [valueOf(row, at)] : [])]),
              ]),
            ),
          )
        },
      ),
      { numRuns: 12 },
    )
  })

  test('without users are baskets, each of which is a user, which is said', async () => {
    const lines = Array.from({ length: 30 }, (_, at) =>
      [
        String(1 + (at % 3)),
        ...[0, 1, 2].map((place) => (place <= at % 3 ? `item ${(at * (place + 2)) % 7}${place}` : '')),
      ].join(','),
    ).map((line) => line.replaceAll(/(item \d)\d/g, '$1'))
    const preview = await previewOf('groceries.csv', `Item(s),Item 1,Item 2,Item 3\n${lines.join('\n')}\n`)
    expect(preview.mapping).toMatchObject({ user: 'session', item: 'Item' })
    expect(preview.warnings.join('\n')).toContain('each row is a user of its own')
  })

  test('are not assumed of columns with other values each, or if one of them is chosen', async () => {
    const other = Array.from({ length: 20 }, (_, at) => `u${at % 5},a${at % 7},b${at % 6},${1 + (at % 5)}`).join('\n')
    expect((await previewOf('levels.csv', `user,item_1,item_2,rating\n${other}\n`)).warnings.join('\n')).not.toContain(
      'numbered',
    )
    const file = write(
      'chosen.csv',
      `user,item1,item2\n${Array.from({ length: 20 }, (_, at) => `u${at % 5},a${at % 7},a${(at + 3) % 7}`).join('\n')}\n`,
    )
    const chosen = await previewImport({ ratings: [file], items: null, columns: { item: 'item2' } }, store.library)
    expect(chosen.mapping.item).toBe('item2')
  })
})

const months = [
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun'],
  ['Januar', 'Februar', 'März', 'April'],
  ['2024-01', '2024-02', '2024-03'],
  ['01/2024', '02/2024', '03/2024', '04/2024'],
  ['Jan 2024', 'Feb 2024', 'Mar 2024'],
  ['janvier', 'février', 'mars', 'avril'],
]
describe('months in columns', () => {
  const numbers = (row: number, width: number): string =>
    Array.from({ length: width }, (_, at) => String((row * 7 + at * 3) % 6)).join(',')
  test.each(months.map((names) => [names]))('%j of items or of users alone are totals, and refused', async (names) => {
    for (const [first, missing] of [
      ['product', 'users'],
      ['customer', 'items'],
    ]) {
      const lines = Array.from({ length: 12 }, (_, row) => `x${row},${numbers(row, names.length)}`)
      const preview = await previewOf('totals.csv', `${first},${names.join(',')}\n${lines.join('\n')}\n`)
      expect(preview.refusal?.message).toContain(`“${names[0]}” to “${names.at(-1)}”), but no ${missing}`)
      expect(preview.choices.map(({ value }) => value)).not.toContain('rating matrix, read as a list')
    }
  })
  test.each(months.map((names) => [names]))(
    '%j beside users and items are no ratings, which is said',
    async (names) => {
      const lines = Array.from({ length: 30 }, (_, row) => `u${row % 6},i${row % 11},${numbers(row, names.length)}`)
      const preview = await previewOf('sales.csv', `user,item,${names.join(',')}\n${lines.join('\n')}\n`)
      expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: null })
      expect(preview.warnings.join('\n')).toContain(`${names.length} months in columns`)
    },
  )
})

describe('baskets without users', () => {
  const words = ['milk', 'bread', 'butter', 'tea', 'rolls/buns', 'whole milk', 'beer', 'rice']
  const ids = Array.from({ length: 20 }, (_, at) => String(at + 1))
  test('are refused with what to do, whatever separates their items', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(',', ';', '\t', ' '),
        fc.array(fc.nat({ max: 1000 }), { minLength: 60, maxLength: 60 }),
        async (sign, drawn) => {
          const from = sign === ' ' ? ids : words
          const lines = drawn.map((number, at) =>
            Array.from(
              { length: 1 + ((number + at) % 5) },
              (_, place) => from[(number + place * 3) % from.length],
            ).join(sign),
          )
          const preview = await previewOf('groceries.csv', `${lines.join('\n')}\n`)
          expect(preview.refusal?.message).toContain('seems to have only baskets')
          expect(preview.refusal?.next).toContain('basket;items')
          expect(preview.mapping).toMatchObject({ user: null, item: null })
        },
      ),
      { numRuns: 8 },
    )
  })
  test('are not assumed of users with their items', async () => {
    const lines = Array.from({ length: 40 }, (_, at) =>
      [`u${at}`, ...Array.from({ length: 1 + (at % 4) }, (_, place) => words[(at + place * 3) % words.length])].join(
        ',',
      ),
    )
    expect((await previewOf('lists.csv', `${lines.join('\n')}\n`)).refusal?.message ?? '').not.toContain('baskets')
  })
})

test('lines that are no whole JSON object are said, without advice about separators', async () => {
  const lines = Array.from({ length: 30 }, (_, at) =>
    JSON.stringify({ user: `u${at % 6}`, item: `i${at % 11}`, rating: 1 + (at % 5) }),
  )
  for (const cut of [10, 20, 30]) {
    fresh()
    const broken = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, cut)]
    const file = write('cut.jsonl', broken.join('\n'))
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.warnings.join('\n')).toContain('without 1 line that is no whole JSON object')
    const result = await load(file, mappingOf(preview))
    expect(result).toMatchObject({ interactions: 29, rejected: 1 })
    expect(result.choices.map(({ option }) => option).join('\n')).not.toContain('--delimiter')
  }
})

test('a cell of JSON objects is no time, though “data” is a date in Polish', async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `u${at % 6};{"item": "i${at % 7}", "rating": ${1 + (at % 5)}}`)
  const preview = await previewOf('cells.csv', `user;data\n${lines.join('\n')}\n`)
  expect(preview.mapping.time).toBeNull()
  expect(preview.choices.find(({ column }) => column === 'data')?.evidence).toContain('JSON objects')
})

test.each([
  ['votes', 'rating'],
  ['rating', 'votes'],
])('of %s and %s, the rating is the rating', async (one, other) => {
  const value = (name: string, at: number): number => (name === 'votes' ? (at * 7) % 30 : 1 + (at % 5))
  const lines = Array.from({ length: 30 }, (_, at) => `u${at % 6},i${at % 11},${value(one, at)},${value(other, at)}`)
  const preview = await previewOf('votes.csv', `user_id,item_id,${one},${other}\n${lines.join('\n')}\n`)
  expect(preview.mapping.rating).toBe('rating')
})

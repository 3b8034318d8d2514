import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { inAnyOrder, interactionsOf } from './random-table.fixture'
import { load, rejects, store, write } from './import-library'
import { xlsx } from './workbook.fixture'

const list = { user: 'user', item: 'item', rating: 'rating', time: null }

/** How a matrix is written, and what of it are ratings. */
const matrix = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    scale: fc.constantFrom<readonly number[]>(
      [1, 2, 3, 4, 5],
      [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
      [-9.5, -3.25, 0, 4.75, 10],
      [10, 20, 55, 100],
    ),
    none: fc.constantFrom('', '99', 'NA', '0'),
    ids: fc.boolean(),
    header: fc.boolean(),
    counts: fc.boolean(),
    users: fc.integer({ min: 6, max: 14 }),
    items: fc.integer({ min: 9, max: 16 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  // A zero is a rating of the scale from −9.5, and 99 of the one up to 100.
  .filter(({ none, scale }) => !(none === '0' && scale.includes(0)) && !(none === '99' && scale.includes(100)))
  .map((drawn) => {
    let state = drawn.seed
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    const ratings = Array.from({ length: drawn.users }, () =>
      Array.from({ length: drawn.items }, () =>
        random(10) < 4 ? (drawn.scale[random(drawn.scale.length)] ?? null) : null,
      ),
    )
    return { ...drawn, ratings }
  })
  // Every value of the scale occurs, so that it can be seen; so do empty cells.
  .filter(({ ratings, scale }) => {
    const seen = new Set(ratings.flat())
    return scale.every((value) => seen.has(value)) && ratings.every((row) => row.some((cell) => cell !== null))
  })

test('a rating matrix is read as the list that it stands for, and that is said', async () => {
  await fc.assert(
    fc.asyncProperty(matrix, async (drawn) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const itemNames = Array.from({ length: drawn.items }, (_, item) =>
        drawn.header ? `Joke ${item + 1}` : String(item + 1),
      )
      const userNames = drawn.ratings.map((_, user) => (drawn.ids ? `u${user * 7 + 3}` : String(user + 1)))
      const rows = drawn.ratings.map((row, user) => [
        ...(drawn.ids ? [userNames[user] ?? ''] : []),
        ...(drawn.counts ? [String(row.filter((cell) => cell !== null).length)] : []),
        ...row.map((cell) => (cell === null ? drawn.none : String(cell))),
      ])
      const header = [...(drawn.ids ? ['reader'] : []), ...(drawn.counts ? ['n'] : []), ...itemNames]
      const text = [...(drawn.header ? [header] : []), ...rows].map((row) => row.join(drawn.delimiter)).join('\n')
      const file = write('matrix.csv', `${text}\n`)
      const preview = await previewImport({ ratings: [file], items: null }, store.library)
      expect(preview.choices).toContainEqual(expect.objectContaining({ about: 'layout', option: '--layout list' }))
      const result = await load(file, list)
      const expected = drawn.ratings.flatMap((row, user) =>
        row.flatMap((cell, item) => (cell === null ? [] : [[userNames[user], itemNames[item], cell, null]])),
      )
      expect(inAnyOrder(interactionsOf(result))).toEqual(inAnyOrder(expected))
      expect(result.rejected).toBe(0)
    }),
    { numRuns: 25 },
  )
})

test('different ratings in the first column are no ids of users', async () => {
  const rows = [
    [2, 2, 4, 0, 5, 0, 0, 3, 0],
    [3, 4, 5, 0, 2, 0, 0, 4, 5],
    [5, 0, 0, 0, 0, 0, 0, 0, 2],
    [0, 2, 4, 0, 5, 2, 0, 0, 5],
    [4, 0, 2, 0, 0, 0, 0, 2, 4],
    [1, 2, 0, 5, 0, 0, 0, 2, 5],
  ]
  const result = await load(write('few.csv', rows.map((row) => row.join(',')).join('\n')), list)
  expect(inAnyOrder(interactionsOf(result))).toEqual(
    inAnyOrder(
      rows.flatMap((row, user) =>
        row.flatMap((cell, item) => (cell === 0 ? [] : [[String(user + 1), String(item + 1), cell, null]])),
      ),
    ),
  )
})

test('a cell that is no rating and a row of the wrong width are rejected with their line', async () => {
  const rows = Array.from({ length: 12 }, (_, user) => [
    `u${user}`,
    ...Array.from({ length: 10 }, (_, item) => String(1 + ((user * 3 + item) % 5))),
  ])
  rows.push(['u12', '5', 'good', ...Array.from({ length: 8 }, () => '')], ['u13', '4'])
  const header = ['who', ...Array.from({ length: 10 }, (_, item) => `film ${item}`)]
  const file = write('matrix.csv', [header, ...rows].map((row) => row.join(';')).join('\n'))
  const result = await load(file, list, { reading: { layout: 'matrix' } })
  expect(result.interactions).toBe(121)
  expect(rejects(result)).toMatchObject([
    { line: 14, reason: 'rating is not a number' },
    { line: 15, reason: 'too few columns' },
  ])
})

test('a matrix in a workbook, and one that a person calls a list', async () => {
  const rows = Array.from({ length: 6 }, (_, user) => [
    `u${user}`,
    ...Array.from({ length: 3 }, (_, item) => 1 + ((user + item) % 5)),
  ])
  const small = write('small.xlsx', Buffer.from(xlsx([['who', 'a', 'b', 'c'], ...rows])))
  const { ratings } = await previewImport({ ratings: [small], items: null }, store.library)
  expect(ratings.columns.map(({ name }) => name)).toEqual(['who', 'a', 'b', 'c'])
  const wide = Array.from({ length: 6 }, (_, user) =>
    Array.from({ length: 10 }, (_, item) => 1 + ((user + item) % 5)).join(','),
  )
  const file = write('wide.csv', wide.join('\n'))
  const asList = await previewImport({ ratings: [file], items: null, reading: { layout: 'list' } }, store.library)
  expect(asList.ratings.columns).toHaveLength(10)
  const asMatrix = await previewImport({ ratings: [file], items: null }, store.library)
  expect(asMatrix.ratings.columns.map(({ name }) => name)).toEqual(['user', 'item', 'rating'])
})

test('a list with many columns of numbers is no matrix', async () => {
  const row = (i: number): string =>
    [`u${i % 5}`, `i${i % 7}`, 1 + (i % 5), 1_700_000_000 + i, i * 13, i % 2, i / 7, i * i, i % 3, 40 + i].join(',')
  const header = 'user,item,rating,time,price,member,weight,area,kind,age'
  const text = [header, ...Array.from({ length: 40 }, (_, i) => row(i))].join('\n')
  for (const content of [text, text.slice(header.length + 1)]) {
    const { ratings } = await previewImport({ ratings: [write('wide.csv', content)], items: null }, store.library)
    expect(ratings.columns).toHaveLength(10)
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, named, rejects, store, write } from './import-library'

/** Ratings of random people and things below their two keys. */
const trees = fc.dictionary(
  fc.integer({ min: 10, max: 99 }).map((id) => `k${id}x`),
  fc.dictionary(
    fc.integer({ min: 0, max: 30 }).map((id) => `movie_0${id}`),
    fc.record({
      rating: fc.integer({ min: 1, max: 5 }),
      timestamp: fc.integer({ min: 1_680_000_000, max: 1_690_000_000 }),
    }),
    { minKeys: 2, maxKeys: 8 },
  ),
  { minKeys: 4, maxKeys: 12 },
)

test('records below the keys of their user and item are one table, alone and beside others', async () => {
  let written = 0
  await fc.assert(
    fc.asyncProperty(trees, fc.boolean(), async (tree, beside) => {
      const others = { movies: { movie_01: { title: 'Heat', year: 1995 }, movie_02: { title: 'Alien', year: 1979 } } }
      const document = beside ? { ...others, ratings: tree } : { ratings: tree }
      const file = write(`tree${written++}.json`, JSON.stringify(document, null, 2))
      const { choices } = await previewImport({ ratings: [file], items: null }, store.library)
      expect(choices.find(({ about }) => about === 'table')).toMatchObject({ value: 'ratings', certainty: 'guess' })
      const result = await load(file, { ...named, time: 'timestamp' })
      expect(rejects(result)).toEqual([])
      const stored = Object.entries(imported(result)).map(([user, rows]) => [
        user,
        Object.fromEntries(rows.map(([item = '', rating]): [string, unknown] => [String(item), rating])),
      ])
      expect(Object.fromEntries(stored)).toEqual(
        Object.fromEntries(
          Object.entries(tree).map(([user, items]) => [
            user,
            Object.fromEntries(Object.entries(items).map(([item, { rating }]) => [item, rating])),
          ]),
        ),
      )
      store.datasets.delete(result.dataset)
    }),
    { numRuns: 10, seed: 11 },
  )
})

test('numbers by key stay ratings by user and item, and records with an item of their own are those of the outer keys', async () => {
  const numbers = { u1: { movie_1: 4, movie_2: 3 }, u2: { movie_1: 5, movie_3: 1 } }
  const plain = await previewImport(
    { ratings: [write('n.json', JSON.stringify({ ratings: numbers }, null, 2))], items: null },
    store.library,
  )
  expect(plain.choices.find(({ about }) => about === 'table')?.value).toBe('ratings by user and item')
  const records = Object.fromEntries(
    ['u1', 'u2', 'u3'].map((user) => [
      user,
      [
        { item: 'a', rating: 4 },
        { item: 'b', rating: 2 },
      ],
    ]),
  )
  const owned = await previewImport(
    { ratings: [write('o.json', JSON.stringify(records, null, 2))], items: null },
    store.library,
  )
  expect(owned.choices.find(({ about }) => about === 'table')?.value).toBe('records by user')
})

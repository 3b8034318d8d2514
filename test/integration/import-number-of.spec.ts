import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { roleOfName } from '../../src/main/importing/column-names'
import type { ChosenColumns } from '../../src/shared/datasets'
import { store, write } from './import-library'

let written = 0
async function previewOf(text: string, ending: string, columns: ChosenColumns = {}) {
  return await previewImport({ ratings: [write(`n${written++}.${ending}`, text)], items: null, columns }, store.library)
}
const table = (rows: readonly Readonly<Record<string, string | number>>[], order: readonly string[]): string =>
  [order, ...rows.map((row) => order.map((name) => row[name] ?? ''))].map((row) => row.join(',')).join('\n')

/** Numbers of items, in several languages and ways to write them. */
const numbersOfItems = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('num', 'n', 'nb', 'number_of', 'no_of', 'total', 'count_of'),
      fc.constantFrom('items', 'products', 'articles', 'books', 'songs', 'tracks', 'movies'),
    )
    .map(([number, noun]) => `${number}_${noun}`),
  fc
    .tuple(fc.constantFrom('item', 'items', 'product', 'book', 'track', 'games'), fc.constantFrom('count', 'cnt'))
    .chain(([noun, number]) =>
      fc.constantFrom(`${noun}_${number}`, `${noun}${number[0]?.toUpperCase()}${number.slice(1)}`),
    ),
  fc.constantFrom(
    'Anzahl Artikel',
    'Anzahl Filme',
    'nombre d’articles',
    'Nombre de livres',
    'Número de productos',
    'Liczba książek',
    'Numero di articoli',
    'Количество товаров',
    'Počet knih',
    'numItems',
  ),
)

test('a number of items is no item, and ids with a word for numbers are', async () => {
  fc.assert(
    fc.property(numbersOfItems, (name) => {
      expect([name, roleOfName(name)?.role]).toEqual([name, 'count'])
    }),
  )
  for (const name of [
    'item_no',
    'Número de artículo',
    'num_article',
    'Artikelnummer',
    'numero prodotto',
    'No. of item code',
    'product number',
  ])
    expect([name, roleOfName(name)?.role]).toEqual([name, 'item'])
  for (const name of ['num_followers', 'n_users', 'Anzahl Kunden', 'customer_count', 'Number of Pages'])
    expect([name, roleOfName(name)?.role]).not.toEqual([name, 'user'])
  for (const name of ['customer number', 'Número de cliente', 'num_client', 'No. client'])
    expect([name, roleOfName(name)?.role]).toEqual([name, 'user'])
})

test('a number of stars is a rating', () => {
  for (const name of [
    'Liczba gwiazdek',
    'Количество звёзд',
    'Количество звезд',
    'Кол-во звёзд',
    '星の数',
    'Αριθμός αστεριών',
    'Počet hvězdiček',
    'Anzahl Sterne',
    'Número de estrellas',
    'Nombre d’étoiles',
    'star_count',
    'num_stars',
    'stars_given',
    'Antal stjärnor',
    'Yıldız sayısı',
    'Csillagok száma',
    'starCount',
    'Número de estrelas',
    '별 개수',
    'Počet hviezdičiek',
  ])
    expect([name, roleOfName(name)]).toEqual([name, expect.objectContaining({ role: 'rating', whole: true })])
  expect(roleOfName('total_stars')?.whole).not.toBe(true)
})

const orders = (seed: number) =>
  Array.from({ length: 80 }, (_, order) => {
    const lines = Array.from({ length: 1 + ((order * 7 + seed) % 4) }, (_, line) => ({
      sku: `s${(order * 5 + line * 3 + seed) % 23}`,
      amount: 1 + ((order + line * 2 + seed) % 5),
    }))
    return { user: `u${(order * 3) % 19}`, day: `2024-0${1 + (order % 9)}-1${order % 8}`, lines }
  })

test('lists of items outrank a number of them, whose numbers of their own are the count', async () => {
  await fc.assert(
    fc.asyncProperty(
      numbersOfItems,
      fc.constantFrom('sku', 'product_id', 'isbn', 'track'),
      fc.constantFrom('qty', 'quantity', 'Anzahl', 'plays'),
      fc.integer({ min: 0, max: 50 }),
      fc.boolean(),
      async (number, item, count, seed, first) => {
        const objects = orders(seed).map(({ user, day, lines }) => ({
          customer: user,
          ...(first ? { [number]: lines.length } : {}),
          created: day,
          lines: lines.map(({ sku, amount }) => ({ [item]: sku, [count]: amount })),
          ...(first ? {} : { [number]: lines.length }),
        }))
        const { mapping } = await previewOf(objects.map((one) => JSON.stringify(one)).join('\n'), 'jsonl')
        expect(mapping).toMatchObject({
          user: 'customer',
          item: `lines.${item}`,
          count: `lines.${count}`,
          time: 'created',
        })
      },
    ),
    { numRuns: 10, seed: 3 },
  )
})

test('a name within a list that a person gives makes its elements rows', async () => {
  const objects = orders(2).map(({ user, day, lines }, order) => ({
    customer: user,
    product: `p${order % 9}`,
    day,
    lines,
  }))
  const text = objects.map((one) => JSON.stringify(one)).join('\n')
  expect((await previewOf(text, 'jsonl')).mapping.item).toBe('product')
  const { mapping, ratings } = await previewOf(text, 'jsonl', { item: 'lines.sku' })
  expect(mapping).toMatchObject({ user: 'customer', item: 'lines.sku' })
  expect(ratings.examined?.rows).toBe(objects.flatMap(({ lines }) => lines).length)
})

test('a number beside a list is taken only as a guess if its elements have none', async () => {
  const objects = orders(4).map(({ user, day, lines }) => ({
    customer: user,
    rating: 1 + (lines.length % 5),
    day,
    lines: lines.map(({ sku }) => ({ sku })),
  }))
  const { choices, mapping } = await previewOf(JSON.stringify(objects), 'json')
  expect(mapping.rating).toBe('rating')
  expect(choices.find(({ column }) => column === 'rating')).toMatchObject({
    certainty: 'guess',
    evidence: expect.stringContaining('beside the list “lines”') as string,
  })
})

/** Rows of 23 users, each with a level and a day of joining, and a rating or a number of plays of each row. */
const rows = (seed: number) =>
  Array.from({ length: 300 }, (_, row) => {
    const user = (row * 7 + (row % 11)) % 23
    return {
      user: `u${user}`,
      item: `i${(row * 13 + seed) % 31}`,
      own: 1 + ((row * 2 + (row % 7) + seed) % 5),
      ofUser: 1 + ((user * 3 + seed) % 5),
      joined: `2023-0${1 + (user % 9)}-11`,
      day: `2024-0${1 + (row % 9)}-1${row % 7}`,
    }
  })

test('what is the same in all rows of each user is the user’s, and said', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(['user', 'item', 'value', 'more', 'joined', 'day'], { minLength: 6 }),
      fc.constantFrom('rating', 'playcount', 'quantity', 'stars'),
      fc.boolean(),
      fc.integer({ min: 0, max: 40 }),
      async (order, name, hasOwn, seed) => {
        const names: Readonly<Record<string, string>> = {
          value: hasOwn ? `${name}_of_row` : 'remark',
          more: name,
          joined: 'created_at',
          day: 'date',
        }
        const written = rows(seed).map((row) => ({
          user: row.user,
          item: row.item,
          [names['value'] ?? '']: hasOwn ? row.own : 'none',
          [name]: row.ofUser,
          created_at: row.joined,
          date: row.day,
        }))
        const { mapping, choices } = await previewOf(
          table(
            written,
            order.map((one) => names[one] ?? one),
          ),
          'csv',
        )
        expect(mapping.time).toBe('date')
        const value = mapping.rating ?? mapping.count ?? null
        if (hasOwn) expect(value).toBe(`${name}_of_row`)
        else {
          expect(value).toBeNull()
          expect(choices.find(({ column }) => column === name)).toMatchObject({
            value: 'left out',
            certainty: 'guess',
            evidence: expect.stringContaining('each user') as string,
          })
        }
      },
    ),
    { numRuns: 12, seed: 5 },
  )
})

test('a rating that is the same everywhere, and that of few users, stays what it was', async () => {
  const same = rows(1).map(({ user, item }) => ({ user, item, rating: 5 }))
  expect((await previewOf(table(same, ['user', 'item', 'rating']), 'csv')).mapping.rating).toBe('rating')
  const few = rows(1)
    .slice(0, 24)
    .map(({ user, item, ofUser }) => ({ user, item, rating: ofUser }))
  expect((await previewOf(table(few, ['user', 'item', 'rating']), 'csv')).mapping.rating).toBe('rating')
})

test('the only time that each user has once is a guess', async () => {
  const written = rows(3).map(({ user, item, joined }) => ({ user, item, created_at: joined }))
  const { mapping, choices } = await previewOf(table(written, ['user', 'item', 'created_at']), 'csv')
  expect(mapping.time).toBe('created_at')
  expect(choices.find(({ column }) => column === 'created_at')).toMatchObject({
    certainty: 'guess',
    evidence: expect.stringContaining('when they joined') as string,
  })
})

test('a few small numbers under a name that says nothing of them are not dropped without a word', async () => {
  for (const name of ['number', 'nr', 'xq', 'Číslo', 'c7', 'mark out']) {
    const written = rows(6).map(({ user, item, own }) => ({ user, item, [name]: own }))
    const { choices, mapping } = await previewOf(table(written, ['user', 'item', name]), 'csv')
    const choice = choices.find(({ column }) => column === name)
    expect([name, choice?.certainty, mapping.rating === name || choice?.option.includes(name)]).toEqual([
      name,
      'guess',
      true,
    ])
  }
})

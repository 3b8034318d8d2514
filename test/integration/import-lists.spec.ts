import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { objectsLeftOut, type ReadingOverrides } from '../../src/shared/reading'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

type Baskets = readonly { readonly user: string; readonly items: readonly string[] }[]

/** Baskets, at least one with several items; ids repeat, like those of items. */
const baskets: fc.Arbitrary<Baskets> = fc.array(
  fc.record({
    user: fc.constantFrom('u1', 'u2', 'u3', 'u4'),
    items: fc.uniqueArray(fc.constantFrom('a1', 'b2', 'c3', 'd4', 'e5'), { minLength: 2, maxLength: 4 }),
  }),
  { minLength: 4, maxLength: 12 },
)
const json = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const csv = (sign: string) => (rows: Baskets) =>
  `user,items\n${rows.map(({ user, items }) => `${user},"${items.join(sign)}"\n`).join('')}`

const written: Readonly<Record<string, readonly [name: string, text: (rows: Baskets) => string]>> = {
  'a list of texts in JSON': ['r.jsonl', json],
  'a list of objects with the item’s fields': [
    'r.jsonl',
    (rows) => json(rows.map(({ user, items }) => ({ user, items: items.map((item_id) => ({ item_id, price: 9 })) }))),
  ],
  'a list of objects under a name that says nothing': [
    'r.json',
    (rows) =>
      JSON.stringify(
        rows.map(({ user, items }) => ({ user, lines: items.map((sku) => ({ sku })) })),
        null,
        1,
      ),
  ],
  'a list that no name tells': ['r.jsonl', (rows) => json(rows.map(({ user, items }) => ({ user, history: items })))],
  'a list within an object of the user': [
    'r.jsonl',
    (rows) =>
      json(rows.map(({ user, items }) => ({ user: { id: user, history: items.map((id) => ({ item: { id } })) } }))),
  ],
  'a list of dated objects under a user who also has a course': [
    'r.json',
    (rows) =>
      JSON.stringify(
        rows.map(({ user, items }) => ({
          user,
          course: user < 'u3' ? '2B' : '3A',
          loans: items.map((book_id, day) => ({ book_id, loan_date: `2024-03-1${day}` })),
        })),
      ),
  ],
  'lists in lists': [
    'r.json',
    (rows) =>
      JSON.stringify({
        rows: rows.map(({ user, items }) => ({
          user,
          orders: items.map((sku) => ({ lines: [{ product: { sku } }] })),
        })),
      }),
  ],
  'lists by user': [
    'r.json',
    (rows) =>
      JSON.stringify({
        ...Object.fromEntries(rows.map(({ user }) => [user, []])),
        another: [{ item: 'z' }],
        ...Object.fromEntries(
          rows.map(({ user }) => [
            user,
            rows.filter((row) => row.user === user).flatMap(({ items }) => items.map((item) => ({ item }))),
          ]),
        ),
      }),
  ],
  'a JSON text in JSON': [
    'r.jsonl',
    (rows) => json(rows.map(({ user, items }) => ({ user, items: JSON.stringify(items) }))),
  ],
  'cells with pipes': ['r.csv', csv('|')],
  'cells with commas': ['r.csv', csv(', ')],
  'cells with semicolons': ['r.csv', csv(';')],
  'cells with spaces': ['r.csv', csv(' ')],
  'cells with lists of Python': [
    'r.tsv',
    (rows) => `user\titem\n${rows.map(({ user, items }) => `${user}\t['${items.join("', '")}']\n`).join('')}`,
  ],
  'cells with JSON': [
    'r.tsv',
    (rows) => `user\titem\n${rows.map(({ user, items }) => `${user}\t${JSON.stringify(items)}\n`).join('')}`,
  ],
}

async function read(file: NamedFile, reading?: ReadingOverrides) {
  const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
  const result = await load(file, mappingOf(preview), { reading })
  return { preview, result }
}

test.each(Object.entries(written))('%s: each item is an interaction', async (_about, [name, text]) => {
  await fc.assert(
    fc.asyncProperty(baskets, async (rows) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const { preview, result } = await read(write(name, text(rows)))
      const truth = new Map<string, Set<string>>()
      for (const { user, items } of rows) truth.set(user, new Set([...(truth.get(user) ?? []), ...items]))
      // Lists by user have one user more, so that there are two at least.
      const found = Object.entries(imported(result))
        .filter(([user]) => user !== 'another')
        .map(([user, items]) => [user, items.map(([id]) => id).sort()])
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries([...truth].map(([user, items]) => [user, [...items].sort()])),
      )
      const said = ['a row for each item of the list', 'records by user']
      expect(preview.choices.filter(({ value }) => said.includes(value))).toHaveLength(1)
    }),
    { numRuns: 2 },
  )
})

describe('lists of items', () => {
  test.each([
    ['moods of a book', 'Member,Title,Rating,Moods', ['"tense, dark"', '"dark, tense"', '"calm, dark"']],
    ['tasting notes', 'Goûteur;Vin;Note;Remarque', ['Fin ; long', 'Fin ; boisé', 'Boisé ; long']],
  ])('only their column is split: %s stay in their cell', async (_about, header, remarks) => {
    const sign = header.includes(';') ? ';' : ','
    const quoted = sign === ';' ? remarks.map((remark) => `"${remark}"`) : remarks
    const lines = Array.from({ length: 60 }, (_, row) =>
      [`Zoé ${row % 12}`, `Mas ${(row + Math.floor(row / 12)) % 9}`, (row % 5) + 1, quoted[row % 3]].join(sign),
    )
    const file = write('r.csv', `${header}\n${lines.join('\n')}\n`)
    const { preview, result } = await read(file)
    expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
    expect(preview.ratings.examined).toMatchObject({ rows: 60 })
    expect(result.interactions + result.duplicates).toBe(60)
    // The same column is split if it is chosen for the items.
    store.datasets.delete(result.dataset)
    const [user = '', , , list = ''] = header.split(sign)
    const chosen = await load(file, { user, item: list, rating: null, time: null })
    expect(chosen.interactions + chosen.duplicates).toBe(120)
  })

  test('rows that cannot be used keep their line', async () => {
    const { result } = await read(
      write(
        'r.jsonl',
        '{"user":"u1","items":["a","b"]}\n{"user":"u2",\n{"user":"","items":["c"]}\n{"user":"u3","items":["a"]}\n',
      ),
    )
    expect(rejects(result).map(({ line }) => line)).toEqual([2, 3])
  })

  test('ratings that stand in a list beside that of the items are those of the items', async () => {
    const { result } = await read(write('r.csv', 'user,items,ratings\nu1,"a,b","5,4"\nu2,"a,c","1,2"\nu3,b,3\n'))
    expect(imported(result)).toEqual({
      u1: [
        ['a', 5],
        ['b', 4],
      ],
      u2: [
        ['a', 1],
        ['c', 2],
      ],
      u3: [['b', 3]],
    })
  })

  test('a row is one interaction if a person says so', async () => {
    const { result } = await read(write('r.csv', 'user,items\nu1,a|b\nu2,b|c\nu3,a|c\n'), { layout: 'list' })
    expect(result).toMatchObject({ interactions: 3, items: 3 })
  })

  test.each([
    ['titles', 'user,movies\nu1,"Good, Bad"\nu2,Alien\nu3,"Eat, Pray, Love"\n'],
    ['ids with a sign in them', 'user,item\nshop|1,a|1\nshop|2,a|2\n'],
    ['a list beside an item', 'user,item,items\nu1,a,x|y\nu2,b,y|z\n'],
  ])('%s stay what they are', async (_about, text) => {
    const { preview } = await read(write('r.csv', text))
    expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
  })

  test('genres of a film stay its own', async () => {
    const rows = [
      { user: 'u1', film: 'a', genres: ['x', 'y'] },
      { user: 'u2', film: 'b', genres: ['y'] },
    ]
    expect((await read(write('r.jsonl', json(rows)))).result).toMatchObject({ interactions: 2, items: 2 })
  })

  test('the reviews under a book have their users; the book has its own row for none of them', async () => {
    const books = ['978a', '978b', '978c'].map((isbn, book) => ({
      isbn,
      title: `Blue lake ${book}`,
      author: 'Ada Berg',
      reviews: ['u1', 'u2', 'u3']
        .slice(book % 2)
        .map((reviewer, at) => ({ reviewer, stars: 5 - at - book, text: 'Good' })),
    }))
    const { preview, result } = await read(write('r.json', JSON.stringify(books)))
    expect(preview.mapping).toMatchObject({ user: 'reviews.reviewer', item: 'isbn', rating: 'reviews.stars' })
    expect(preview.choices.find(({ about }) => about === 'layout')).toMatchObject({
      value: 'a row for each element of the list',
      certainty: 'likely',
      evidence: '“reviews” is a list of up to 3 interactions; no other column contains a user.',
    })
    expect(Object.keys(imported(result)).sort()).toEqual(['u1', 'u2', 'u3'])
    expect(result).toMatchObject({ interactions: 8, items: 3 })
  })

  test('what is shown beside an interaction is no list of interactions', async () => {
    const rows = [1, 2, 3].map((at) => ({
      user: `u${at}`,
      item: `a${at}`,
      timestamp: 1_700_000_000 + at,
      shown: [
        { item_id: 'b1', score: 0.5 },
        { item_id: 'b2', score: 0.25 },
      ],
    }))
    expect((await read(write('r.jsonl', json(rows)))).result).toMatchObject({ interactions: 3, items: 3 })
  })
})

describe('items with a number each, in one cell', () => {
  const rated = fc.array(
    fc.record({
      user: fc.constantFrom('u1', 'u2', 'u3', 'u4'),
      items: fc.uniqueArray(
        fc.tuple(fc.constantFrom('a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7'), fc.integer({ min: 1, max: 5 })),
        { minLength: 2, maxLength: 5, selector: ([item]) => item },
      ),
    }),
    { minLength: 4, maxLength: 9 },
  )

  test.each([
    [':', '|', ','],
    ['=', ';', '\t'],
    [':', ' ', ','],
  ])('after “%s”, with “%s” between them, are items with their ratings', async (sign, between, separator) => {
    await fc.assert(
      fc.asyncProperty(rated, async (rows) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        // Each user once, and every item with another rating than one of the others.
        const users = [...new Map(rows.map((row) => [row.user, row])).values()]
        const fixed = {
          user: 'u9',
          items: ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7'].map((id, at) => [id, (at % 5) + 1]),
        }
        const all = [...users, fixed]
        const text = all.map(({ user, items }) =>
          [user, items.map((pair) => pair.join(sign)).join(between)].join(separator),
        )
        const { preview, result } = await read(write('r.txt', `user${separator}items\n${text.join('\n')}\n`))
        expect(preview.warnings.join('\n')).toContain(`each followed by “${sign}” and a number`)
        expect(preview.mapping).toMatchObject({ user: 'user', item: 'items', rating: 'value' })
        const found = Object.fromEntries(
          Object.entries(imported(result)).map(([user, items]) => [user, [...items].sort()]),
        )
        expect(found).toEqual(Object.fromEntries(all.map(({ user, items }) => [user, [...items].sort()])))
      }),
      { numRuns: 4 },
    )
  })
})

describe('a table without a header', () => {
  const clicks = Array.from({ length: 40 }, (_, row) => ({
    user: `U${(row * 7) % 9}`,
    time: `11/${String(10 + (row % 5)).padStart(2, '0')}/2019 ${1 + (row % 12)}:0${row % 10}:48 ${row % 2 === 0 ? 'AM' : 'PM'}`,
    history: Array.from({ length: row % 4 }, (_one, at) => `N${100 + ((row + at) % 20)}`),
    shown: Array.from({ length: 2 + (row % 3) }, (_one, at) => [
      `N${200 + ((row * 3 + at) % 30)}`,
      at === row % 2 ? 1 : 0,
    ]),
  }))

  test('with a history and the items shown, marked as clicked or not, has a row for each item shown', async () => {
    const lines = clicks.map(({ user, time, history, shown }, row) =>
      [row + 1, user, time, history.join(' '), shown.map((pair) => pair.join('-')).join(' ')].join('\t'),
    )
    const { preview, result } = await read(write('behaviors.tsv', `${lines.join('\n')}\n`))
    expect(preview.mapping).toMatchObject({ user: 'column1', item: 'column4', time: 'column2', rating: 'column5' })
    expect(preview.choices).toContainEqual(
      expect.objectContaining({ column: 'column4', value: 'a row for each item of the list', certainty: 'guess' }),
    )
    expect(preview.choices).toContainEqual(
      expect.objectContaining({ column: 'column0', value: 'left out', evidence: 'It counts the rows.' }),
    )
    expect(result.interactions + result.duplicates).toBe(clicks.flatMap(({ shown }) => shown).length)
    const ratings = new Set(Object.values(imported(result)).flatMap((items) => items.map(([, rating]) => rating)))
    expect(ratings).toEqual(new Set([0, 1]))
  })

  test('keeps two lists of items, places on a map, genres and ids with a number as they are', async () => {
    const kept: Readonly<Record<string, (row: number) => string[]>> = {
      'two lists': (row) => [`N${row % 7} N${row % 5}`, `N${row % 3} N${row % 4}`],
      places: (row) => [`i${row % 7}`, `48.${row % 9},11.${row % 8}`],
      genres: (row) => [`i${row % 7}`, row % 2 === 0 ? 'Drama|War' : 'Comedy|Film-Noir'],
      numbers: (row) => [`SKU-${row % 7}-1`, String((row % 5) + 1)],
    }
    for (const cells of Object.values(kept)) {
      const lines = Array.from({ length: 40 }, (_, row) => [String(500 + ((row * 3) % 11)), ...cells(row)].join('\t'))
      const { preview, result } = await read(write('r.tsv', `${lines.join('\n')}\n`))
      expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
      expect(result.interactions + result.duplicates).toBe(40)
      store.datasets.delete(result.dataset)
    }
  })

  test('cells with one object each are no lists: the column is left out with the reason', async () => {
    const cells: Readonly<Record<string, (row: number) => string>> = {
      JSON: (row) => `{"item": ${row % 9}, "rating": ${1 + (row % 5)}}`,
      Python: (row) => `{'item': 'i${row % 9}', 'rating': ${1 + (row % 5)}}`,
    }
    for (const cell of Object.values(cells)) {
      const lines = Array.from({ length: 60 }, (_, row) => `u${row % 7},"${cell(row).replaceAll('"', '""')}"`)
      const file = write('o.csv', `user,payload\n${lines.join('\n')}\n`)
      const { mapping, choices } = await previewImport({ ratings: [file], items: null }, store.library)
      expect(mapping).toMatchObject({ user: 'user', item: null })
      expect(choices.filter(({ about }) => about === 'layout')).toEqual([])
      expect(choices.find(({ column }) => column === 'payload')).toMatchObject({
        value: objectsLeftOut,
        evidence: expect.stringContaining('write each in a column of its own') as string,
      })
    }
    // A set of PostgreSQL is written in braces, too.
    const sets = Array.from({ length: 30 }, (_, row) => `u${row % 5},"{i${row % 7},i${(row % 7) + 2}}"`)
    const read = await previewImport(
      { ratings: [write('s.csv', `user,items\n${sets.join('\n')}\n`)], items: null },
      store.library,
    )
    expect(read.choices.filter(({ about }) => about === 'layout')).toHaveLength(1)
  })
})

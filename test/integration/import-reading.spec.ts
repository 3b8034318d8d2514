import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ChosenColumns } from '../../src/shared/datasets'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

/** What columns are called in languages; the last one of each says nothing. */
const names = {
  user: [
    'userID',
    'user_id',
    'reviewerID',
    'Customer ID',
    'klient',
    'Kunde',
    'client',
    'person',
    'visitorid',
    'uživatel',
    'id_uzivatele',
    'utilisateur',
    'usuario',
    'utente',
    'gebruiker',
    'user-id',
    'UserId',
    'user_id:token',
    'Kundennummer',
    'who',
    'qx',
  ],
  item: [
    'itemId',
    'item',
    'asin',
    'placeID',
    'product',
    'Produkt',
    'Artikel-Nr',
    'ISBN',
    'title',
    'položka',
    'article',
    'producto',
    'libro',
    'movie_id',
    'item_id:token',
    'Artikelnummer',
    'kk',
  ],
  rating: [
    'rating',
    'Bewertung',
    'hodnocení',
    'Note',
    'puntuación',
    'voto',
    'Book-Rating',
    'stars',
    'rating:float',
    'overall',
    'zz',
  ],
  time: ['timestamp', 'Datum', 'fecha', 'Zeit', 'čas', 'date', 'unixReviewTime', 'timestamp:float', 'created_at', 'ww'],
} as const
type Role = keyof typeof names

const layouts = {
  plain: { separators: [',', ';', '\t', '|', ' '] },
  'row names': { separators: [',', ';', '\t', ' '] },
  'row numbers': { separators: [',', ';', '\t'] },
  aligned: { separators: ['spaces'] },
} as const

const table = fc
  .record({
    layout: fc.constantFrom(...(Object.keys(layouts) as (keyof typeof layouts)[])),
    separator: fc.nat(),
    roles: fc.shuffledSubarray<Role>(['user', 'item', 'rating', 'time'], { minLength: 4, maxLength: 4 }),
    without: fc.constantFrom<readonly Role[]>([], [], ['rating'], ['time'], ['rating', 'time']),
    called: fc.record({ user: fc.nat(), item: fc.nat(), rating: fc.nat(), time: fc.nat() }),
    attribute: fc.constantFrom(null, 'age', 'city', 'price'),
    ratings: fc.constantFrom<readonly string[]>(['1', '2', '3', '4', '5'], ['0.5', '2', '3.5', '5'], ['0', '5', '10']),
    quoteAll: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ roles, without, ...drawn }) => ({ ...drawn, roles: roles.filter((role) => !without.includes(role)) }))

/** Whole numbers below `below`, always the same for a seed. */
function numbers(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

test('columns with any names, in any order and layout are the truth, or a warning names the one that may be wrong', async () => {
  let silent = 0
  await fc.assert(
    fc.asyncProperty(table, async (drawn) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const next = numbers(drawn.seed)
      const nameOf = (role: Role): string => names[role][drawn.called[role] % names[role].length] ?? role
      const spaced =
        drawn.layout === 'aligned' ||
        layouts[drawn.layout].separators[drawn.separator % layouts[drawn.layout].separators.length] === ' '
      const header = [
        ...drawn.roles.map((role) => nameOf(role).replaceAll(' ', spaced ? '_' : ' ')),
        ...(drawn.attribute ? [drawn.attribute] : []),
      ]
      fc.pre(new Set(header.map((name) => name.toLowerCase())).size === header.length)
      const rows: Record<Role, string>[] = []
      for (let user = 0; user < 12; user++)
        for (let item = 0; item < 9; item++)
          if (next(3) > 0)
            rows.push({
              user: `u${user}`,
              item: `i${item}`,
              rating: drawn.ratings[next(drawn.ratings.length)] ?? '',
              time: String(1_600_000_000 + next(90_000_000)),
            })
      const attributeOf = (user: string): string =>
        drawn.attribute === 'city' ? (['Brno', 'Praha'][user.length % 2] ?? '') : String(20 + (user.charCodeAt(1) % 40))
      const cells = rows.map((row) => [
        ...drawn.roles.map((role) => row[role]),
        ...(drawn.attribute ? [attributeOf(row.user)] : []),
      ])
      const separators = layouts[drawn.layout].separators
      const separator = separators[drawn.separator % separators.length] ?? ','
      const quote = (cell: string): string => (drawn.quoteAll ? `"${cell}"` : cell)
      const lines =
        drawn.layout === 'row names'
          ? [header.map(quote), ...cells.map((row, n) => [`${n + 1}`, ...row].map(quote))]
          : drawn.layout === 'row numbers'
            ? [['', ...header].map(quote), ...cells.map((row, n) => [`${n}`, ...row].map(quote))]
            : [header.map(quote), ...cells.map((row) => row.map(quote))]
      const text = lines
        .map((line) =>
          separator === 'spaces'
            ? line
                .map((cell) => cell.padEnd(24))
                .join('')
                .trimEnd()
            : line.join(separator),
        )
        .join('\n')
      const file = write('t.txt', `${text}\n`)

      const preview = await previewImport({ ratings: [file], items: null }, store.library)
      const truth = Object.fromEntries(drawn.roles.map((role, at) => [role, header[at] ?? null]))
      const { user, item } = preview.mapping
      const suspected = preview.warnings.join('\n')
      const wrong = (['user', 'item', 'rating', 'time'] as const).filter(
        (role) => preview.mapping[role] !== (truth[role] ?? null),
      )
      const context = JSON.stringify({
        header,
        mapping: preview.mapping,
        warnings: preview.warnings,
        first: lines.slice(0, 2),
      })
      for (const role of wrong) {
        // Missing columns are asked for; a warning names wrongly recognised ones.
        const named = [preview.mapping[role], truth[role]].some(
          (name) => typeof name === 'string' && suspected.includes(name),
        )
        // It is asked for only where neither of the two has a name that says it.
        const nameless = names.user.at(-1) === truth.user && names.item.at(-1) === truth.item
        const open = nameless && ((role === 'user' && user === null) || (role === 'item' && item === null))
        if (!named && !open) expect.fail(`${role} is silently wrong: ${context}`)
      }
      if (wrong.length > 0) return
      if (preview.warnings.length === 0) silent++
      const result = await load(file, mappingOf(preview))
      expect(result, context).toMatchObject({ interactions: rows.length, rejected: 0 })
      const found = Object.entries(imported(result)).flatMap(([who, items]) =>
        items.map((cellsOf) => [who, ...cellsOf].map(String).join()),
      )
      const wanted = rows.map((row) =>
        [row.user, row.item, ...(truth.rating ? [Number(row.rating)] : []), ...(truth.time ? [row.time] : [])]
          .map(String)
          .join(),
      )
      expect(found.sort()).toEqual(wanted.sort())
    }),
    { numRuns: 120 },
  )
  // Most of them are recognised with certainty.
  expect(silent).toBeGreaterThan(50)
})

test('one named column does not lose the others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Role>('user', 'item', 'rating'),
      fc.shuffledSubarray<Role>(['user', 'item', 'rating'], { minLength: 3, maxLength: 3 }),
      async (unknown, roles) => {
        const header = roles.map((role) => (role === unknown ? 'xq' : role))
        const next = numbers(7)
        const lines = Array.from({ length: 40 }, (_, n) => {
          const row = { user: `u${n % 8}`, item: `i${Math.floor(n / 8) * 3 + (n % 3)}`, rating: String(1 + next(5)) }
          return roles.map((role) => row[role as keyof typeof row]).join()
        })
        const file = write('t.csv', [header.join(), ...lines].join('\n'))
        const columns: ChosenColumns = { [unknown]: 'xq' }
        const { mapping, warnings } = await previewImport({ ratings: [file], items: null, columns }, store.library)
        expect(mapping).toEqual({ user: 'user', item: 'item', rating: 'rating', time: null, [unknown]: 'xq' })
        expect(warnings).toEqual([])
      },
    ),
    { numRuns: 20 },
  )
})

test.each([
  [
    'words',
    ['rented', 'bought', 'sold'],
    { event: { column: 'rating', counted: null } },
    'They are taken for types of events',
  ],
  [
    'booleans',
    ['True', 'False'],
    { event: { column: 'rating', counted: [{ type: 'True', weight: 1 }] } },
    '“True” count',
  ],
  [
    'words of liking',
    ['good', 'bad'],
    { event: { column: 'rating', counted: [{ type: 'good', weight: 1 }] } },
    '“good” count',
  ],
  ['yes and no', ['ano', 'ne'], { event: { column: 'rating', counted: [{ type: 'ano', weight: 1 }] } }, '“ano” count'],
  ['nothing', [''], {}, 'all of its values are blank'],
])('a rating of %s is no rating, and it is said what it is taken for', async (_, values, event, warning) => {
  const lines = Array.from({ length: 30 }, (_row, n) => `u${n % 6},i${n % 5},${values[n % values.length] ?? ''}`)
  const file = write('t.csv', ['user,item,rating', ...lines].join('\n') + '\n')
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.mapping).toEqual({ user: 'user', item: 'item', rating: null, time: null, ...event })
  expect(preview.warnings.join()).toContain(warning)
  expect((await load(file, mappingOf(preview))).rejected).toBe(0)
})

test('a rating that cannot be used is refused with the option that helps', async () => {
  const file = write('t.csv', 'user,item,rating\nu,a,good\nu,b,bad\n')
  await expect(load(file, { user: 'user', item: 'item', rating: 'rating', time: null })).rejects.toMatchObject({
    next: expect.stringContaining('--rating none') as string,
  })
})

test('what is left out by choice is said, with the blank rows that count all the same', async () => {
  const file = write('t.csv', 'user,item,rating\nu,a,5\nu,b,\nv,a,\n')
  const { choices } = await previewImport({ ratings: [file], items: null, columns: { rating: null } }, store.library)
  expect(choices.find(({ column }) => column === 'rating')).toMatchObject({
    value: 'left out',
    evidence: 'You chose no rating: every row counts as an interaction, 2 rows with a blank one among them.',
  })
})

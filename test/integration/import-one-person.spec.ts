import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { store, write } from './import-library'

type Row = Readonly<Record<string, string | number>>

const authors = ['Anna Okafor', 'Boris Lind', 'Carla Mancini', 'Dora Novak', 'Emil Sand', 'Fay Wu', 'Gil Roth']
const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!
const day = (n: number): string => `2023-0${1 + (n % 9)}-${10 + (n % 19)}`

/** A row of each service's export for the nth thing of its list. @param n its number, and a drawn number */
const services: Readonly<Record<string, (n: number, drawn: number) => Row>> = {
  Goodreads: (n, drawn) => ({
    'Book Id': 1000 + n,
    Title: `Meadow ${n}`,
    Author: pick(authors, drawn),
    'Additional Authors': '',
    ISBN: n % 5 === 0 ? '"="""""' : `"=""0${300_000_000 + n * 37}"""`,
    ISBN13: n % 5 === 0 ? '"="""""' : `"=""978${1_000_000_000 + n * 37}"""`,
    'My Rating': drawn % 6,
    'Average Rating': (3 + (drawn % 20) / 10).toFixed(2),
    Publisher: pick(['Harper', 'Vintage', 'Orion'], drawn),
    'Date Added': day(drawn),
    Bookshelves: '',
    'Exclusive Shelf': pick(['read', 'to-read'], drawn),
  }),
  Letterboxd: (n, drawn) => ({
    Date: day(drawn),
    Name: `Film ${n}`,
    Year: 1950 + (drawn % 70),
    'Letterboxd URI': `https://boxd.it/${(n * 7919).toString(36)}`,
    Rating: 0.5 + (drawn % 10) / 2,
  }),
  'The StoryGraph': (n, drawn) => ({
    Title: `Meadow ${n}`,
    Authors: pick(authors, drawn),
    'ISBN/UID': 9_780_000_000_000 + n * 41,
    Format: pick(['paperback', 'audio'], drawn),
    'Read Status': pick(['read', 'to-read', 'currently-reading'], drawn),
    'Last Date Read': day(drawn),
    'Star Rating': 1 + (drawn % 17) / 4,
  }),
  IMDb: (n, drawn) => ({
    Const: `tt${1_000_000 + n * 13}`,
    'Your Rating': 1 + (drawn % 10),
    'Date Rated': day(drawn),
    Title: `Film ${n}`,
    'Title Type': pick(['movie', 'tvSeries'], drawn),
    'IMDb Rating': (5 + (drawn % 40) / 10).toFixed(1),
    Year: 1950 + (drawn % 70),
    Directors: pick(authors, drawn),
  }),
  TMDB: (n, drawn) => ({
    'TMDb ID': 9000 + n * 7,
    'IMDb ID': `tt${1_000_000 + n * 13}`,
    Type: pick(['movie', 'tv'], drawn),
    Name: `Film ${n}`,
    'Release Date': `19${50 + (drawn % 50)}-05-0${1 + (n % 9)}`,
    'Season Number': '',
    'Episode Number': '',
    Rating: 1 + (drawn % 9),
    'Your Rating': 1 + ((drawn * 7) % 10),
    'Date Rated': `${day(drawn)}T15:55:27Z`,
  }),
  Untappd: (n, drawn) => ({
    beer_name: `Ale ${n}`,
    brewery_name: pick(['Alpha', 'Beta', 'Gamma'], drawn),
    beer_type: pick(['Stout', 'IPA'], drawn),
    beer_abv: (4 + (drawn % 40) / 10).toFixed(1),
    rating_score: (1 + (drawn % 16) / 4).toFixed(1),
    created_at: `${day(drawn)} 18:52:29`,
    bid: 500_000 + n * 31,
    brewery_id: drawn % 3,
    checkin_id: 100_000 + n,
  }),
  LibraryThing: (n, drawn) => ({
    'Book Id': 5000 + n,
    Title: `Meadow ${n}`,
    'Sort Character': 1,
    'Primary Author': pick(authors, drawn),
    Rating: 1 + (drawn % 5),
    'Entry Date': day(drawn),
  }),
  'Google Takeout': (n, drawn) => ({
    header: 'YouTube',
    title: `Watched Clip ${n}`,
    titleUrl: `https://www.youtube.com/watch?v=${(n * 7919).toString(36)}`,
    time: `${day(drawn)}T15:55:27Z`,
    products: 'YouTube',
    activityControls: 'YouTube watch history',
  }),
  'a list of films': (n, drawn) => ({
    Date: day(drawn),
    Name: `Film ${n}`,
    Year: 1950 + (drawn % 70),
    Rating: drawn % 5,
  }),
  'a history of films': (n, drawn) => ({ Title: `Film ${n}`, Date: day(drawn) }),
  'a list with ids': (n, drawn) => ({
    movie_id: 100 + n,
    imdb: `tt${1_000_000 + n * 13}`,
    title: `Film ${n}`,
    rated_at: `${day(drawn)}T10:00:00Z`,
    rating: 1 + (drawn % 10),
  }),
}

const textOf = (rows: readonly Row[]): string =>
  [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((cells) => `${cells.join(',')}\n`).join('')
const seen = (rows: readonly Row[], columns = {}): Promise<ImportPreview> =>
  previewImport({ ratings: [write('list.csv', textOf(rows))], items: null, columns }, store.library)
const draws = fc.array(fc.nat({ max: 1000 }), { minLength: 40, maxLength: 90 })

describe('the list of one person', () => {
  test.each(Object.keys(services))('%s is refused with one sentence that says what to do', async (service) => {
    await fc.assert(
      fc.asyncProperty(draws, async (drawn) => {
        const preview = await seen(drawn.map((of, n) => services[service]!(n, of)))
        expect(preview.mapping.user).toBeNull()
        const as = service.startsWith('a ') ? '' : `, as ${service} exports it`
        expect(preview.refusal).toEqual({
          message: `No column says whose rows these are: list.csv looks like the list of one person${as}.`,
          next: expect.stringMatching(
            /^To train, put the exports of several people together: .*--user file.*--user COLUMN/,
          ) as string,
        })
        expect(preview.warnings.filter((warning) => warning.includes('one person'))).toHaveLength(1)
        expect(preview.choices.map(({ value }) => value)).not.toContain('user')
      }),
      { numRuns: 4, seed: 2 },
    )
  })

  test.each<[string, RegExp, string, string]>([
    ['Goodreads', /^(?:Book Id|Title)$/, 'My Rating', 'Date Added'],
    ['IMDb', /^(?:Const|Title)$/, 'Your Rating', 'Date Rated'],
    ['TMDB', /^(?:(?:TMDb|IMDb) ID|Name)$/, 'Your Rating', 'Date Rated'],
    ['Untappd', /^(?:bid|beer_name)$/, 'rating_score', 'created_at'],
    ['a list with ids', /^movie_id$/, 'rating', 'rated_at'],
  ])(
    '%s has its own items, ratings and times, although each row has another item',
    async (service, item, rating, time) => {
      await fc.assert(
        fc.asyncProperty(draws, async (drawn) => {
          const { mapping } = await seen(drawn.map((of, n) => services[service]!(n, of)))
          expect(mapping).toMatchObject({ user: null, item: expect.stringMatching(item) as string, rating, time })
        }),
        { numRuns: 2, seed: 2 },
      )
    },
  )

  test.each(['user', 'who', 'Reader', 'username'])('several of them with a column %s are read', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(services)), draws, async (service, drawn) => {
        const rows = ['ann', 'ben', 'cyd'].flatMap((who) =>
          drawn.map((of, n) => ({ ...services[service]!(n, of), [name]: who })),
        )
        const preview = await seen(rows)
        expect(preview.refusal).toBeUndefined()
        expect(preview.mapping.user).toBe(name)
      }),
      { numRuns: 4, seed: 2 },
    )
  })

  test('a column that a person names is the users, whatever it holds', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => services.Goodreads!(n, n * 7))
    const preview = await seen(rows, { user: 'Author' })
    expect([preview.mapping.user, preview.refusal]).toEqual(['Author', undefined])
  })

  test('people without a telling name are no list, even if few of them share an item', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 9 }), fc.constantFrom('xq', 'kto', 'a'), async (people, name) => {
        const rows = Array.from({ length: 120 }, (_, n) => ({
          [name]: `p${n % (people * 3)}`,
          movie: `m${(n * 7 + Math.floor(n / 40)) % 50}`,
          rating: 1 + (n % 5),
        }))
        const preview = await seen(rows)
        expect([preview.mapping.user, preview.refusal]).toEqual([name, undefined])
      }),
      { numRuns: 6, seed: 2 },
    )
  })

  test('a small table is not refused', async () => {
    const preview = await seen(Array.from({ length: 12 }, (_, n) => ({ aa: `x${n}`, movie: `m${n}` })))
    expect(preview.refusal).toBeUndefined()
  })
})

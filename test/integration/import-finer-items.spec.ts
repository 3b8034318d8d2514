import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { store, write } from './import-library'

type Cells = Readonly<Record<string, (row: number, user: number, item: number) => string>>

/** A table of 120 rows, in each of which one of 15 users has one of 20 items. */
async function previewOf(cells: Cells): Promise<ImportPreview> {
  const lines = Array.from({ length: 120 }, (_, row) =>
    Object.values(cells).map((cell) => cell(row, row % 15, (row * 7 + Math.floor(row / 20)) % 20)),
  )
  const text = [Object.keys(cells), ...lines].map((line) => line.join(',')).join('\n')
  return await previewImport({ ratings: [write('loans.csv', `${text}\n`)], items: null }, store.library)
}
const user = (_row: number, one: number): string => `P${one}`
const day = (row: number): string => new Date(Date.UTC(2023, 0, 1 + row)).toISOString().slice(0, 10)
/** One of seven titles, which several items share. */
const title = (_row: number, _user: number, item: number): string => `Poems of ${'ABCDEFG'[item % 7] ?? ''}`
const warningsOf = ({ warnings }: ImportPreview, column: string): string[] =>
  warnings.filter((warning) => warning.includes(`column "${column}"`))

describe('ids of which several share a title are the items', () => {
  test.each([
    ['Bib ID', 'Title'],
    ['MMS Id', 'Title'],
    ['Mediennummer', 'Titel'],
    ['Katalognummer', 'Titel'],
    ['catkey', 'title'],
    ['rating_key', 'title'],
  ])('by the name “%s”', async (id, name) => {
    const preview = await previewOf({
      reader: user,
      [id]: (_row, _user, item) => `${3_900_500 + item}`,
      [name]: title,
      date: day,
    })
    expect(preview.mapping).toMatchObject({ user: 'reader', item: id, time: 'date' })
    expect(preview.warnings).toEqual([])
  })

  test('by their content, wherever they stand, with the title as the title', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['reader', 'own', 'Title', 'date'], { minLength: 4 }),
        fc.constantFrom('Record Number', 'xq_id', 'Kennung'),
        fc.boolean(),
        async (order, name, numbered) => {
          const cells: Cells = {
            reader: user,
            own: (_row, _user, item) => `${numbered ? '' : 'b'}${3_900_500 + item}`,
            Title: title,
            date: day,
          }
          const named = order.map((one) => [one === 'own' ? name : one, cells[one] ?? user] as const)
          const preview = await previewOf(Object.fromEntries(named))
          expect(preview.mapping).toMatchObject({ user: 'reader', item: name, title: 'Title', time: 'date' })
          expect(preview.warnings).toEqual([])
        },
      ),
      { numRuns: 12 },
    )
  })

  test('also as addresses of pages, unless one page may have several', async () => {
    const pages = (behind: (row: number) => string): Cells => ({
      visitor: user,
      'actionDetails.url': (row, _user, item) => `https://shop.example/p/${item}${behind(row)}`,
      'actionDetails.pageTitle': title,
      timestamp: day,
    })
    const plain = await previewOf(pages(() => ''))
    expect(plain.mapping).toMatchObject({ item: 'actionDetails.url', title: 'actionDetails.pageTitle' })
    const tagged = await previewOf(pages((row) => `?from=${row % 2}`))
    expect(tagged.mapping.item).toBe('actionDetails.pageTitle')
    expect(warningsOf(tagged, 'actionDetails.pageTitle')).toEqual([
      expect.stringContaining('--item "actionDetails.url"') as string,
    ])
  })

  test('is a guess where no name says id', async () => {
    const preview = await previewOf({
      reader: user,
      xq: (_row, _user, item) => `b${100 + item}`,
      Title: title,
      date: day,
    })
    expect(preview.mapping.item).toBe('Title')
    expect(warningsOf(preview, 'Title')).toEqual([
      expect.stringMatching(
        /“xq” may be the items: each of its 20 different values has one “Title” .*only 7 of these.*--item "xq"/,
      ) as string,
    ])
  })

  test.each<[string, string, Cells[string]]>([
    ['numbers of rows', 'Record Number', (row) => `r${1000 + row}`],
    ['ids with several titles', 'shelf_id', (_row, _user, item) => `f${item % 9}`],
    ['other ids of the users', 'reader_ref', (_row, one) => `r${one}`],
  ])('but not %s', async (_, name, cell) => {
    const preview = await previewOf({ reader: user, [name]: cell, Title: title, date: day })
    expect(preview.mapping.item).toBe('Title')
    expect(warningsOf(preview, 'Title')).toEqual([])
  })

  test('nor numbers of loans that were prolonged, each of one reader', async () => {
    const half = (row: number): number => Math.floor(row / 60)
    const preview = await previewOf({
      reader: user,
      slip_id: (row, one) => `s${one}-${half(row)}`,
      Title: (row, one) => `Poems of ${'ABCDEFG'[(one + half(row)) % 7] ?? ''}`,
      date: day,
    })
    expect(preview.mapping.item).toBe('Title')
    expect(warningsOf(preview, 'Title')).toEqual([])
  })

  test('and what happens once, as a showing of a film, only by choice', async () => {
    const preview = await previewOf({
      visitor: user,
      showing_id: (_row, _user, item) => `s${item}`,
      Title: title,
      date: (_row, _user, item) => day(item),
    })
    expect(preview.mapping.item).toBe('Title')
    expect(warningsOf(preview, 'Title')).toEqual([expect.stringContaining('--item "showing_id"') as string])
  })
})

describe('a part of what tells items apart', () => {
  test.each([
    ['artist', 'track'],
    ['Interpret', 'Titel'],
    ['Künstler', 'Lied'],
    ['Album Artist', 'song'],
    ['série', 'Nom de l’épisode'],
    ['show', 'Episode title'],
    ['series', 'episode_title'],
    ['Grandparent Title', 'Title'],
    ['programme', 'episode'],
    ['season', 'episode'],
  ])('is a guess: “%s” beside “%s”', async (whole, part) => {
    const cells: Cells = {
      user,
      [whole]: (_row, _user, item) => `Whole ${item % 4}`,
      [part]: (_row, _user, item) => `Part ${Math.floor(item / 4)}`,
      date: day,
    }
    const preview = await previewOf(cells)
    const item = preview.mapping.item ?? ''
    const said =
      item === part
        ? `“Part 0” occurs with 4 different values of “${whole}”, and 5 of 5 items`
        : `all of “${part}” of each are taken for one item`
    expect(warningsOf(preview, item)).toEqual([
      expect.stringMatching(`${said}.*a file in which one column has “${whole}” and “${part}” together`) as string,
    ])
  })

  test('is a guess with all of its wholes', async () => {
    const cells: Cells = {
      Nutzer: user,
      Serie: (_row, _user, item) => `Serie ${item % 4}`,
      Staffel: (row) => `${1 + (row % 2)}`,
      Folge: (_row, _user, item) => `${1 + Math.floor(item / 4)}`,
    }
    const preview = await previewOf(cells)
    expect(warningsOf(preview, preview.mapping.item ?? '')).toEqual([
      expect.stringContaining('one column has “Serie”, “Staffel” and “Folge” together') as string,
    ])
  })

  test('is none where each item has one of them, where another column has ids, or the name is for something else', async () => {
    const part = (_row: number, _user: number, item: number): string => `Part ${item % 7}`
    const whole = (_row: number, _user: number, item: number): string => `Whole ${item % 4}`
    const own = await previewOf({
      user,
      artist: (_row, _user, item) => `Whole ${(item % 7) % 4}`,
      track: part,
      date: day,
    })
    expect(own.mapping.item).toBe('track')
    const ids = await previewOf({
      user,
      track_id: (_row, _user, item) => `t${item}`,
      artist: whole,
      track: part,
      date: day,
    })
    expect(ids.mapping.item).toBe('track_id')
    const about = await previewOf({ user, city: whole, artist_country: whole, track: part, date: day })
    expect(about.mapping.item).toBe('track')
    const counted = await previewOf({ user, show: whole, episodes_watched: (row) => `${1 + (row % 9)}`, date: day })
    expect(counted.mapping.item).toBe('show')
    expect(warningsOf(counted, 'show')).toEqual([])
    expect([own, ids, about].flatMap(({ warnings }) => warnings)).toEqual([])
  })
})

describe('a day that is the same in all rows of each user', () => {
  test.each(['signup_date', 'member_since', 'registered_at', 'Eintrittsdatum', 'Registriert am'])(
    'is no time of interactions as “%s”',
    async (name) => {
      const joined = (_row: number, one: number): string => day(one * 31)
      const alone = await previewOf({
        customer: user,
        [name]: joined,
        product: (_row, _user, item) => `p${item}`,
        rating: (row) => `${1 + (row % 5)}`,
      })
      expect(alone.mapping.time).toBeNull()
      expect(warningsOf(alone, name)).toEqual([
        expect.stringContaining('All rows of each user have the same') as string,
      ])
      const beside = await previewOf({
        customer: user,
        [name]: joined,
        product: (_row, _user, item) => `p${item}`,
        date: day,
      })
      expect(beside.mapping.time).toBe('date')
      expect(beside.warnings).toEqual([])
    },
  )

  test('is a guess under a name that does not say whose it is', async () => {
    const preview = await previewOf({
      customer: user,
      created_at: (_row, one) => day(one * 31),
      product: (_row, _user, item) => `p${item}`,
    })
    expect(warningsOf(preview, 'created_at')).toEqual([expect.stringContaining('when they joined') as string])
  })

  test('is one where it differs within a user', async () => {
    const preview = await previewOf({
      customer: user,
      registered_at: day,
      product: (_row, _user, item) => `p${item}`,
    })
    expect(preview.mapping.time).toBe('registered_at')
    expect(preview.warnings).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const previewOf = (name: string, content: string | Buffer) =>
  previewImport({ ratings: [write(name, content)], items: null }, store.library)

const record = (values: Readonly<Record<string, string | number>>): string =>
  `${Object.entries(values)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')}\n`
const review = (at: number): Readonly<Record<string, string | number>> => ({
  'beer/name': `Ale &#40;no ${at % 7}&#41;`,
  'beer/beerId': 700 + (at % 7),
  'beer/brewerId': 30 + (at % 3),
  'review/aroma': `${1 + (at % 10)}/10`,
  'review/overall': `${6 + (at % 14)}/20`,
  'review/time': 1_157_587_200 + at * 86_400,
  'review/profileName': `ann${at % 6}`,
  'review/text': 'Clear: gold &amp; white, 7/10 "malt".',
})
const reviews = Array.from({ length: 40 }, (_, at) => record(review(at)))
const ofFilm = (at: number): string => record({ user: `u${at % 6}`, item: `i${at % 7}`, rating: 1 + (at % 5) })
const films = Array.from({ length: 40 }, (_, at) => ofFilm(at))

describe('records of keys and values', () => {
  test('have a row each; their keys are the columns', async () => {
    const preview = await previewOf('beer.txt', reviews.join(''))
    expect(preview.ratings.format).toBe('records of keys and values')
    expect(preview.mapping).toEqual({
      user: 'review/profileName',
      item: 'beer/beerId',
      rating: 'review/overall',
      time: 'review/time',
      title: 'beer/name',
    })
    expect(preview.warnings).toEqual([])
    expect(
      preview.choices
        .filter(({ about }) => about === 'layout' || about === 'values')
        .map(({ value, evidence }) => [value, evidence]),
    ).toEqual([
      [
        'a row for each record of lines “key: value”',
        '40 records have the keys beer/name, beer/beerId, beer/brewerId, review/aroma, review/overall, review/time, …, or most of them.',
      ],
      [
        'HTML’s names of characters become the characters',
        'The record in line 1 has “Ale &#40;no 0&#41;”, which is read as “Ale (no 0)”.',
      ],
    ])
    const result = await load(write('beer.txt', reviews.join('')), mappingOf(preview))
    expect(result).toMatchObject({ users: 6, items: 7, interactions: 40, rejected: 0 })
    expect(imported(result)['ann1']?.[0]).toEqual(['701', 7, 1_157_587_200 + 86_400])
  })

  test.each<[string, object]>([
    [
      record({
        'wine/name': 'Rouge',
        'wine/wineId': 5,
        'review/points': 96,
        'review/time': 1_160_179_200,
        'review/userId': 1,
        'review/userName': 'Eric',
      }),
      { user: 'review/userId', item: 'wine/wineId', rating: 'review/points', time: 'review/time' },
    ],
    [
      record({
        'product/productId': 'B1',
        'product/title': 'Doo: Wop',
        'product/price': 'unknown',
        'review/userId': 'A1',
        'review/profileName': 'Joe',
        'review/helpfulness': '9/9',
        'review/score': '5.0',
        'review/time': 1_042_502_400,
      }),
      { user: 'review/userId', item: 'product/productId', rating: 'review/score', time: 'review/time' },
    ],
  ])('keys of other publications of reviews are recognised', async (first, mapping) => {
    const others = Array.from({ length: 30 }, (_, at) =>
      first
        .replace(
          /(wineId|productId|review\/userId): (\D*)\d+/g,
          (_all, key: string, letter: string) => `${key}: ${letter}${key === 'review/userId' ? at % 7 : at % 5}`,
        )
        .replace(/(points|score): [\d.]+/, (_all, key: string) => `${key}: ${1 + (at % 5)}`)
        .replace('9/9', `${at % 3}/${(at % 3) + 1}`)
        .replace(/time: \d+/, `time: ${1_042_502_400 + at * 86_400}`),
    )
    expect((await previewOf('r.txt', others.join(''))).mapping).toMatchObject(mapping)
  })

  test('without some keys have blanks, and rejected ones their line', async () => {
    const content = `\ufeff${films.slice(0, 20).join('')}item: i3\nrating: 4\n\n\n${films.slice(20).join('').replaceAll('\n', '\r\n')}`
    const preview = await previewOf('films.txt', content)
    expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating' })
    const result = await load(write('films.txt', content), mappingOf(preview))
    expect(result.interactions).toBe(40)
    expect(rejects(result)).toMatchObject([{ line: 81, reason: 'no user id' }])
  })

  test('are read in their encoding', async () => {
    const content = Buffer.from(reviews.join('').replaceAll('Clear', 'Très clair'), 'latin1')
    const { choices, ratings } = await previewOf('beer.txt', content)
    expect(choices.find(({ about }) => about === 'encoding')?.value).toContain('Windows-1252')
    expect(ratings.rows[0]?.at(-1)).toBe('Très clair: gold & white, 7/10 "malt".')
  })

  test('a line without a key goes on with the value above it, which is said', async () => {
    const content = reviews.join('').replaceAll('"malt".', '"malt".\n\n  And hops,\nwhich I like.')
    const { ratings, warnings } = await previewOf('beer.txt', content)
    expect(ratings.rows[1]?.at(-1)).toBe('Clear: gold & white, 7/10 "malt". And hops, which I like.')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('80 lines have no key, beginning with line 10.')
  })

  test('several values of a key are a list, and a key that few records have is left out, both of which is said', async () => {
    const many = Array.from({ length: 1100 }, (_, at) => ofFilm(at))
    const late = `${many.join('')}${ofFilm(7).trimEnd()}\nnote: late\n\n${ofFilm(8).replace(/item: (.*)\n/, 'item: $1\nitem: i9\n')}`
    const { choices } = await previewOf('films.txt', late)
    expect(
      choices
        .filter(({ about, certainty }) => about === 'layout' && certainty === 'guess')
        .map(({ column, value, evidence }) => [column, value, evidence]),
    ).toEqual([
      ['note', 'left out', '“note” in line 4,404 is no column: fewer than two of the first 1,000 records have it.'],
      ['item', 'several values of a key are one list', 'The record in line 4,406 has “item” more than once.'],
    ])
  })

  test('without blank lines begin with the same key', async () => {
    const { ratings, mapping } = await previewOf('films.txt', films.join('').replaceAll('\n\n', '\n'))
    expect(ratings.format).toBe('records of keys and values')
    expect(mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating' })
  })

  const lines = (...all: string[]): string => `${all.join('\n')}\n`
  test.each([
    ['settings', lines(...Array.from({ length: 8 }, (_, at) => `name${at}: value ${at}`))],
    ['YAML', lines('name: build', 'on:', '  push:', '    branches: main', 'jobs:', '  test:', '    runs-on: linux')],
    [
      'a list in YAML',
      lines(...Array.from({ length: 6 }, (_, at) => `- user: u${at}\n  item: i${at}`)).replace(/^/, 'rows:\n'),
    ],
  ])('%s are refused', async (_about, content) => {
    await expect(previewOf('r.txt', content)).rejects.toThrow(
      /r\.txt is not a table: its lines are keys with values, such as “/,
    )
  })

  test.each([
    [
      'a letter',
      lines(
        'Dear Ann,',
        '',
        'thank you for the books, which came today.',
        'Note: one is missing.',
        '',
        'PS: the cat is well, too.',
        '',
        'Yours,',
        'Bob',
      ),
    ],
    ['settings in sections', lines(...[1, 2, 3].flatMap((n) => [`[part${n}]`, `host: a${n}`, `port: ${n}`, '']))],
    ['people who talk in turns', lines(...Array.from({ length: 10 }, (_, at) => `Ann: hello ${at}\nBob: hi ${at}`))],
    ['a table below lines with keys', lines('Report: sales', 'Shop: one', '', 'user,item', 'u1,a', 'u2,b', 'u3,c')],
    [
      'titles with a colon',
      lines(...Array.from({ length: 8 }, (_, at) => `Alien: part ${at % 3}\tu${at}\t${1 + (at % 5)}`)),
    ],
    ['users with an item each', lines(...Array.from({ length: 12 }, (_, at) => `u${at % 4}: i${at % 5}`))],
    ['a log', lines(...Array.from({ length: 12 }, (_, at) => `INFO: user u${at % 4} item i${at % 5}`))],
  ])('%s: not taken for them', async (_about, content) => {
    const format = await previewOf('r.txt', content).then(({ ratings }) => ratings.format, String)
    expect(format).toBe('delimited text')
  })

  test('any records are read as they were written', async () => {
    const value = fc
      .array(fc.stringMatching(/^[a-zé:"',;/|0-9]{1,6}$/), { minLength: 1, maxLength: 3 })
      .map((words) => words.join(' '))
    const optional = fc.option(value, { nil: null })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ user: value, item: value, note: optional, 'shop/place': optional }), {
          minLength: 5,
          maxLength: 30,
        }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 3 }),
        async (all, ending, blank) => {
          const names = ['user', 'item', 'note', 'shop/place'] as const
          const blocks = all.map((one) =>
            names.filter((name) => one[name] !== null).map((name) => `${name}: ${one[name] ?? ''}`),
          )
          const file = write('any.txt', blocks.map((block) => block.join(ending) + ending.repeat(blank + 1)).join(''))
          const { ratings, choices } = await previewImport({ ratings: [file], items: null }, store.library)
          expect(ratings.format).toBe('records of keys and values')
          const seen = ratings.columns.map(({ name }) => name as (typeof names)[number])
          expect(new Set(seen)).toEqual(new Set(names.filter((name) => all.some((one) => one[name] !== null))))
          expect(ratings.rows).toEqual(
            all.slice(0, ratings.rows.length).map((one) => seen.map((name) => one[name] ?? '')),
          )
          expect(
            choices
              .filter(({ about }) => about === 'layout')
              .map(({ column }) => column)
              .filter((column) => column === null),
          ).toHaveLength(1)
        },
      ),
      { numRuns: 25 },
    )
  })
})

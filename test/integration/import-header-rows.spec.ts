import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

let written = 0
const quoted = (cell: string | number): string => `"${String(cell).replaceAll('"', '""')}"`
async function read(rows: readonly (readonly (string | number)[])[], separator: string, reading = {}) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const text = rows.map((row) => row.map(quoted).join(separator)).join('\r\n')
  const file = write(`survey${written++}.csv`, text)
  const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
  const result = await load(file, mappingOf(preview), { reading })
  return { preview, result, header: preview.choices.filter(({ about }) => about === 'header') }
}
const titlesOf = ({ dataset }: Awaited<ReturnType<typeof read>>['result']): string[] =>
  store.datasets.items(dataset).map(({ title }) => title)

const films = ['Stalker', 'Brazil', 'Alien', 'Heat', 'Ran', 'Amélie', 'Her', 'Solaris', 'Tron', 'M']
const survey = fc.record({
  items: fc.shuffledSubarray(films, { minLength: 8 }),
  separator: fc.constantFrom(',', ';', '\t'),
  question: fc.constantFrom('How much did you like', 'Wie gut war?\nBitte bewerten', 'Rate, please'),
  ratings: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 150, maxLength: 150 }),
})
/** The answers of 15 people; a 0 is none. */
const answers = (items: readonly string[], ratings: readonly number[]): (string | number)[][] =>
  Array.from({ length: 15 }, (_, person) =>
    items.map((_item, at) => {
      const rating = ratings[person * 10 + at] ?? 0
      return rating === 0 ? '' : rating
    }),
  )
const filledIn = (cells: readonly (readonly (string | number)[])[]): number =>
  cells.flat().filter((cell) => cell !== '').length

describe('headers of several rows are no data', () => {
  test.each([true, false])('names, questions and perhaps import ids (%s)', async (hasIds) => {
    await fc.assert(
      fc.asyncProperty(survey, async ({ items, separator, question, ratings }) => {
        const cells = answers(items, ratings)
        const names = ['ResponseId', 'Duration (in seconds)', ...items.map((_item, at) => `Q1_${at + 1}`)]
        const texts = ['Response ID', 'Duration (in seconds)', ...items.map((item) => `${question} - ${item}`)]
        const ids = names.map((name) => `{"ImportId":"${name}","timeZone":"Europe/Prague"}`)
        const rows = cells.map((row, person) => [`R_${'abcdefghijklmno'[person] ?? ''}x9`, 300 + 7 * person, ...row])
        const { preview, result, header } = await read([names, texts, ...(hasIds ? [ids] : []), ...rows], separator)
        expect(header.map(({ value }) => value)).toEqual([`the first ${hasIds ? 3 : 2} rows name the columns`])
        expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating', title: 'title' })
        expect(result).toMatchObject({ interactions: filledIn(cells), rejected: 0 })
        expect(new Set(titlesOf(result))).toEqual(
          new Set(items.filter((_item, at) => cells.some((row) => row[at] !== ''))),
        )
      }),
      { numRuns: 4 },
    )
  })

  test('a question above the first of its answers, which the second row names', async () => {
    await fc.assert(
      fc.asyncProperty(survey, async ({ items, separator, question, ratings }) => {
        const cells = answers(items, ratings)
        const first = ['Respondent ID', 'Start Date', 'What is your age?', `${question} these films?`]
        const names = [...first, ...items.slice(1).map(() => '')]
        const parts = ['', '', 'Response', ...items]
        const rows = cells.map((row, person) => [
          114_000 + 37 * person,
          `2024-03-${10 + person}`,
          `${person} years`,
          ...row,
        ])
        const { result, header } = await read([names, parts, ...rows], separator)
        expect(header.map(({ value, certainty }) => [value, certainty])).toEqual([
          ['the first 2 rows name the columns', 'guess'],
        ])
        expect(result).toMatchObject({ interactions: filledIn(cells), rejected: 0 })
        const found = new Set(Object.values(imported(result)).flatMap((row) => row.map(([item]) => item)))
        expect([...found].every((item) => items.includes(String(item)))).toBe(true)
      }),
      { numRuns: 4 },
    )
  })

  const list = (separator: string, second: readonly string[]) =>
    read(
      [
        ['user', 'item', 'rating', 'time'],
        second,
        ...Array.from({ length: 40 }, (_, at) => [
          `u${at % 7}`,
          `i${at % 9}`,
          1 + (at % 5),
          `2024-03-${10 + (at % 19)}`,
        ]),
      ],
      separator,
    )

  test('the names in another language, of which a rejected row keeps its line', async () => {
    const { result, header } = await list(';', ['Nutzer', 'Artikel', 'Note', 'Datum'])
    expect(header).toHaveLength(1)
    expect(result).toMatchObject({ interactions: 40, rejected: 0 })
    const good = Array.from({ length: 20 }, (_, at) => `u${at},i1,3,2024-03-${10 + (at % 9)}`)
    const lines = [
      'user,item,rating,time',
      '"Nut',
      'zer",Artikel,Note,Datum',
      'u1,i1,4,2024-03-01',
      'u1,i2,good,2024-03-02',
    ]
    const file = write('lines.csv', [...lines, ...good].join('\n'))
    store.datasets.delete(result.dataset)
    expect(rejects(await load(file)).map(({ line, reason }) => [line, reason])).toEqual([[5, 'rating is not a number']])
  })

  test.each([
    ['repeats the names', ['user', 'item', 'rating', 'time']],
    ['has no rating and no time', ['u5', 'i5', '', '']],
    ['has one word for what is missing', ['u5', 'i5', 'n/a', 'n/a']],
    ['has a rating', ['u5', 'i5', '3', 'unknown']],
    ['is one of the table', ['u5', 'i5', '3', '2024-03-09']],
  ])('a second row that %s is a row', async (_about, second) => {
    const { preview, header } = await list(',', second)
    expect(header.map(({ value }) => value)).toEqual(['the first line names the columns'])
    expect(preview.ratings.rows).toHaveLength(41)
  })

  test('what a person says about the first row counts', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => [`u${at % 7}`, `i${at % 9}`, 1 + (at % 5), 2000 + (at % 9)])
    const { preview } = await read([['user', 'item', 'rating', 'year'], ['Wer', 'Was', 'Wie', 'Wann'], ...rows], ',', {
      header: true,
    })
    expect(preview.ratings.rows).toHaveLength(21)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { keptReading } from '../../src/shared/kept-reading'
import type { ReadingOverrides } from '../../src/shared/reading'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

/** Words for ratings in an order, the worst first, under the names that their columns bear. */
const scales: readonly (readonly [header: string, words: readonly string[]])[] = [
  ['user,item,rating', ['poor', 'fair', 'good', 'excellent']],
  ['user,item,rating', ['Very Bad', 'Bad', 'OK', 'Good', 'Very Good']],
  ['user,item,score', ['strongly disagree', 'disagree', 'neutral', 'agree', 'strongly agree']],
  ['student,course,grade', ['E', 'D', 'C', 'B', 'A']],
  ['kunde,artikel,bewertung', ['mangelhaft', 'ausreichend', 'befriedigend', 'gut', 'sehr gut']],
  ['uživatel,kniha,hodnocení', ['špatné', 'průměrné', 'dobré', 'výborné']],
  ['utilisateur,film,note', ['mauvais', 'moyen', 'bien', 'excellent']],
  ['usuario,libro,calificación', ['malo', 'regular', 'bueno', 'excelente']],
  ['utente,libro,voto', ['pessimo', 'sufficiente', 'buono', 'ottimo']],
  ['gebruiker,boek,beoordeling', ['slecht', 'matig', 'goed', 'uitstekend']],
  ['пользователь,фильм,оценка', ['плохо', 'средне', 'хорошо', 'отлично']],
  ['user,item,verdict', ['terrible', 'mediocre', 'great']],
]
const cells = fc.array(fc.nat({ max: 1000 }), { minLength: 30, maxLength: 60 })
const look = (text: string, reading: ReadingOverrides = {}) =>
  previewImport({ ratings: [write('w.csv', text)], items: null, reading }, store.library)

test.each(scales)('%s: %j are ratings in this order, as a guess', async (header, words) => {
  await fc.assert(
    fc.asyncProperty(cells, async (drawn) => {
      // Every word is there, and each user rates an item once.
      const rows = drawn.map(
        (number, row) => [`u${row % 6}`, `i${row}`, (row < words.length ? row : number) % words.length] as const,
      )
      const text = `${header}\n${rows.map(([user, item, word]) => `${user},${item},${words[word] ?? ''}`).join('\n')}\n`
      const preview = await look(text)
      const [, , rating = ''] = header.split(',')
      expect([preview.mapping.rating, preview.mapping.event]).toEqual([rating, undefined])
      const said = [...words.keys()]
        .reverse()
        .map((word) => `${words[word] ?? ''} = ${word + 1}`)
        .join(', ')
      expect(preview.warnings.join('\n')).toContain(`column "${rating}": words as ratings: ${said} is a guess.`)
      expect(preview.ratingValues).toEqual(Object.fromEntries(words.map((word, rank) => [word, rank + 1])))
      const result = await load(write('w.csv', text), mappingOf(preview))
      const stored = Object.values(imported(result)).flat()
      expect(new Map(stored.map(([item, value]) => [item, value]))).toEqual(
        new Map(rows.map(([, item, word]) => [item, word + 1])),
      )
      expect(result.rejected).toBe(0)
      store.datasets.delete(result.dataset)
    }),
    { numRuns: 2 },
  )
})

describe('words of ratings', () => {
  const text = (...words: string[]): string =>
    `user,item,rating\n${words.map((word, row) => `u${row % 3},i${row},${word}`).join('\n')}\n`

  test('have the values that a person gives them, and others are no ratings', async () => {
    const reading: ReadingOverrides = { ratingValues: { Red: 1, green: 5, grey: 2 } }
    const file = text('red', 'green', 'GREEN', 'blue', 'green', 'red', '3')
    const preview = await look(file, reading)
    expect(preview.mapping).toMatchObject({ rating: 'rating' })
    expect(preview.warnings).toEqual([
      expect.stringContaining('“blue” in 1 row: such rows are rejected.'),
      expect.stringContaining('No rating is “grey”.'),
    ])
    const result = await load(write('w.csv', file), mappingOf(preview), { reading })
    expect(imported(result)).toEqual({
      u0: [
        ['i0', 1],
        ['i6', 3],
      ],
      u1: [
        ['i1', 5],
        ['i4', 5],
      ],
      u2: [
        ['i2', 5],
        ['i5', 1],
      ],
    })
    expect(rejects(result).map(({ line, reason }) => [line, reason])).toEqual([[5, 'rating is not a number']])
  })

  test('may be numbers that mean something else, as German marks whose best is 1', async () => {
    const reading: ReadingOverrides = { ratingValues: { '1': 5, '2': 4, '3': 3 } }
    const file = text('1', '2', '3', '1')
    const preview = await look(file, reading)
    expect(preview.warnings).toEqual([])
    const result = await load(write('w.csv', file), mappingOf(preview), { reading })
    expect(imported(result).u0).toEqual([
      ['i0', 5],
      ['i3', 5],
    ])
  })

  test('that nobody knows stay types of events, with the option that gives them values', async () => {
    const preview = await look(text('red', 'green', 'blue', 'red', 'green', 'blue'))
    expect(preview.mapping).toMatchObject({ rating: null, event: { column: 'rating', counted: null } })
    expect(preview.warnings.join()).toContain('--rating "rating" --rating-values WORD=NUMBER')
  })

  test('of an item’s own are no ratings', async () => {
    const condition = ['good', 'fair', 'poor']
    const rows = Array.from(
      { length: 40 },
      (_, row) => `u${row % 5},i${(row * 7) % 9},${condition[((row * 7) % 9) % 3] ?? ''}`,
    )
    const preview = await look(`user,item,condition\n${rows.join('\n')}\n`)
    expect([preview.mapping.rating, preview.warnings]).toEqual([null, []])
  })

  test('keep their values in the next export, whichever of them that has', async () => {
    const preview = await look(text('poor', 'fair', 'good', 'excellent'))
    const reading = keptReading({}, preview.choices)
    expect(reading.ratingValues).toEqual({ poor: 1, fair: 2, good: 3, excellent: 4 })
    const file = text('fair', 'good', 'excellent', 'fair')
    const again = await look(file, reading)
    const result = await load(write('w.csv', file), mappingOf(again), { reading })
    expect(imported(result).u2).toEqual([['i2', 4]])
  })
})

test.each([
  ['02. Mai', 'semicolons', '2.5'],
  ['03. Mrz', 'semicolons', '3.3'],
  ['5-Mar', 'commas', null],
  ['Mar-05', 'commas', null],
  ['4. květen', 'semicolons', '4.5'],
  ['2024-05-03 00:00:00', 'commas', null],
  ['03.05.2024', 'semicolons', null],
])('a rating of %s is a date that a spreadsheet made, which is said', async (date, separators, number) => {
  const sign = separators === 'commas' ? ',' : ';'
  const rows = Array.from({ length: 30 }, (_, at) => [
    `u${at % 6}`,
    `i${at % 11}`,
    at % 4 === 0 ? date : String(1 + (at % 5)),
  ])
  const file = write('dates.csv', [['user', 'item', 'rating'], ...rows].map((row) => row.join(sign)).join('\n'))
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.mapping.rating).toBe('rating')
  const [said, ...others] = preview.warnings.filter((warning) => warning.includes('dates are no ratings'))
  expect(others).toEqual([])
  expect(said).toContain(`8 rows have dates such as “${date}”`)
  expect(said).toContain(number === null ? '--rating-values DATE=NUMBER' : `--rating-values "${date}=${number}"`)
})

test('a column of ratings that are all dates is left out, and no order of them is made up', async () => {
  const dates = ['2-May', '3-May', '3-Jan', '1-May']
  const rows = Array.from({ length: 30 }, (_, at) => `u${at % 6},i${at % 11},${dates[at % 4] ?? ''}`)
  const file = write('dates.csv', ['user,item,rating', ...rows].join('\n'))
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.mapping.rating).toBeNull()
  expect(preview.warnings.join('\n')).toContain('which a spreadsheet makes of numbers')
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forecastImport } from '../../src/main/importing/forecast'
import { previewImport } from '../../src/main/importing/preview'
import type { ReadingOverrides } from '../../src/shared/reading'
import { isWarning } from '../../src/shared/reading'
import { imported, load as loadAnother, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const load: typeof loadAnother = async (...request) => {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  return await loadAnother(...request)
}

let written = 0
/** A list with the given ratings, in any order, each of another pair of user and item. */
function listOf(ratings: readonly (number | string)[], name: string, separator: string) {
  const lines = ratings.map((rating, at) => [`u${at % 23}`, `i${Math.floor(at / 23)}`, rating].join(separator))
  return write(`list${written++}.csv`, [['user', 'item', name].join(separator), ...lines].join('\n'))
}
const previewOf = (file: ReturnType<typeof listOf>, reading?: ReadingOverrides) =>
  previewImport({ ratings: [file], items: null, reading }, store.library)

const times = (counts: readonly number[]): number[] =>
  counts.flatMap((rows, rating) => Array.from({ length: rows }, () => rating))
const several = fc.integer({ min: 3, max: 40 })
const names = fc.constantFrom('rating', 'stars', 'Bewertung', 'score')
const separators = fc.constantFrom(',', ';', '\t')
const shuffled = (ratings: readonly number[]) =>
  fc
    .shuffledSubarray([...ratings.keys()], { minLength: ratings.length })
    .map((order) => order.map((at) => ratings[at] ?? 0))

/** Zeros below whole stars: few or many of five, and of ten more than their worst ones explain. */
const starsWithZeros = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 40 }), several, several, several, several, several),
  fc
    .tuple(fc.integer({ min: 31, max: 60 }), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), several)
    .chain(([zeros, one, two, three]) =>
      fc.array(several, { minLength: 7, maxLength: 7 }).map((others) => [zeros, one, two, three, ...others]),
    ),
)
const zerosOf = (file: ReturnType<typeof listOf>, zeros: number) => ({
  file,
  warning: `${zeros} ${zeros === 1 ? 'row has' : 'rows have'} 0, which may stand for “not rated”`,
})

test('zeros below whole stars are kept as a guess with their number, and left out if a person says so', async () => {
  await fc.assert(
    fc.asyncProperty(
      starsWithZeros.chain((counts) => fc.tuple(fc.constant(counts[0]), shuffled(times(counts)))),
      names,
      separators,
      async ([zeros, ratings], name, separator) => {
        const { file, warning } = zerosOf(listOf(ratings, name, separator), zeros)
        const guessed = await previewOf(file)
        expect(guessed.warnings.join()).toContain(warning)
        const mapping = mappingOf(guessed)
        expect(mapping.rating).toBe(name)
        const kept = await load(file, mapping)
        expect(kept).toMatchObject({ interactions: ratings.length, leftOut: 0 })
        expect(
          kept.choices
            .filter(isWarning)
            .map(({ evidence }) => evidence)
            .join(),
        ).toContain(warning)

        const without = { notRated: ['0'] }
        expect((await previewOf(file, without)).warnings.join()).not.toContain('not rated')
        const result = await load(file, mapping, { reading: without })
        expect(result).toMatchObject({ interactions: ratings.length - zeros, leftOut: zeros, rejected: 0 })
        const values = Object.values(imported(result)).flatMap((items) => items.map(([, rating]) => rating))
        expect(values).not.toContain(0)

        const said = { notRated: [] }
        expect((await previewOf(file, said)).warnings.join()).not.toContain('not rated')
        const all = await load(file, mapping, { reading: said })
        expect(all.choices.filter(isWarning)).toEqual([])
      },
    ),
    { numRuns: 8 },
  )
})

describe('a zero that belongs to the scale is not doubted', () => {
  const smooth = fc
    .tuple(
      fc.integer({ min: 4, max: 30 }),
      fc.array(fc.integer({ min: 10, max: 40 }), { minLength: 10, maxLength: 10 }),
    )
    .map(([zeros, others]) => times([zeros, ...others]))
  const likes = fc.tuple(several, several).map(times)
  const halves = fc
    .array(several, { minLength: 11, maxLength: 11 })
    .map((counts) => times(counts).map((rating) => rating / 2))
  const grades = fc.array(several, { minLength: 5, maxLength: 5 }).map(times)
  test.each([
    ['from 0 to 10', smooth],
    ['of likes', likes],
    ['of half stars', halves],
    ['from 0 to 4', grades.map((all) => all.filter((grade, at) => grade > 0 || at % 3 === 0))],
  ])('scales %s', async (_about, scale) => {
    await fc.assert(
      fc.asyncProperty(scale.chain(shuffled), separators, async (ratings, separator) => {
        const file = listOf(ratings, 'rating', separator)
        const said = (await previewOf(file)).choices.filter(({ control }) => control === 'Not rated')
        expect(said).toEqual([])
      }),
      { numRuns: 5 },
    )
  })

  test('counts are no stars', async () => {
    const file = listOf(times([2, 40, 20, 10, 5, 4]), 'count', ',')
    const { mapping, choices } = await previewOf(file)
    expect(mapping).toMatchObject({ rating: null, count: 'count' })
    expect(choices.filter(({ control }) => control === 'Not rated')).toEqual([])
  })
})

test('rows with words and several numbers for “not rated” are left out of imports and forecasts, and what no row has is said', async () => {
  const ratings = [...times([0, 5, 6, 7, 8, 9]), 99, 99, 'not seen', 'Not seen', 'not seen']
  const file = listOf(ratings, 'rating', ';')
  const reading = { notRated: ['99', 'not seen', '-1'] }
  const preview = await previewOf(file, reading)
  expect(preview.warnings.join()).toContain('no rating is -1, which means not rated is a guess')
  const mapping = mappingOf(preview)
  const result = await load(file, mapping, { reading })
  expect(result).toMatchObject({ interactions: 35, leftOut: 5, rejected: 0 })
  const forecast = await forecastImport({ ratings: [file], mapping, reading, duplicates: 'last' }, store.library)
  expect(forecast.leftOut).toEqual([{ what: 'not rated', rows: 5 }])
})

test('what is not rated has no effect on interactions without ratings, which is said', async () => {
  const preview = await previewOf(listOf(['a', 'b', 'c', 'd'], 'remark', ','), { notRated: ['0'] })
  expect(preview.warnings.join()).toContain('--not-rated has no effect is a guess')
})

test('a word for “not rated” does not disturb an order of words', async () => {
  const ratings = ['good', 'fair', 'poor', 'excellent', 'skipped'].flatMap((word) =>
    Array.from({ length: 9 }, () => word),
  )
  const file = listOf(ratings, 'rating', ',')
  const result = await load(
    file,
    { user: 'user', item: 'item', rating: 'rating', time: null },
    { reading: { notRated: ['Skipped'] } },
  )
  expect(result).toMatchObject({ interactions: 36, leftOut: 9, rejected: 0 })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ReadingOverrides } from '../../src/shared/reading'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const day = 86_400
let written = 0
/** Imports one row per time, of three users in turn, each with an item of its own. */
async function read(times: readonly string[], reading: ReadingOverrides = {}) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const lines = times.map((time, at) => `u${at % 3},i${at},${1 + (at % 5)},${time}`)
  const file = write(`times${written++}.csv`, ['user,item,rating,time', ...lines].join('\n'))
  const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
  const result = await load(file, mappingOf(preview), { reading, maxRejects: { share: 1 } })
  const stored = Object.values(imported(result)).flat()
  const timeOf = new Map(stored.map(([item, , time]) => [item, time]))
  return { preview, result, times: times.map((_, at) => timeOf.get(`i${at}`)) }
}
const iso = (seconds: number): string => new Date(1000 * seconds).toISOString().slice(0, 10)
const [year, month, dayOf] = [0, 1, 2]
const digits = (seconds: number, order: 'ddmmyyyy' | 'mmddyyyy', padded: boolean): string => {
  const fields = iso(seconds).split('-')
  const places = order === 'ddmmyyyy' ? [dayOf, month, year] : [month, dayOf, year]
  const text = places.map((place) => fields[place] ?? '').join('')
  return padded ? text : String(Number(text))
}

test('times before 1970 are counted with the option that keeps them as they stand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: -25_000, max: -1 }), { minLength: 3, maxLength: 12 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 18_000 }), { minLength: 3, maxLength: 12 }),
      fc.boolean(),
      async (early, late, asSeconds) => {
        const seconds = [...early, ...late].map((at) => at * day)
        const texts = seconds.map(asSeconds ? String : iso)
        const unit: ReadingOverrides = asSeconds ? { times: 'seconds' } : {}
        const rejecting = await read(texts, unit)
        const said = rejecting.preview.choices.find(({ value }) => value.endsWith('before 1970'))
        expect(said).toMatchObject({ value: `${early.length} times before 1970`, certainty: 'guess' })
        expect(said?.option).toContain('--missing-times oldest')
        expect(rejecting.result.rejected).toBe(early.length)
        const keeping = await read(texts, { ...unit, missingTimes: 'oldest' })
        expect(keeping.times).toEqual(seconds)
        expect(keeping.result.rejected).toBe(0)
      },
    ),
    { numRuns: 8 },
  )
})

test('days with the year at their end are told from numbers and from days with the year first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 3653, max: 19_700 }), { minLength: 12, maxLength: 30 }),
      fc.constantFrom('ddmmyyyy' as const, 'mmddyyyy' as const),
      fc.boolean(),
      async (days, order, padded) => {
        const seconds = [...days, 17_911].map((at) => at * day)
        const found = await read(seconds.map((at) => digits(at, order, padded)))
        expect(found.times).toEqual(seconds)
        expect(found.preview.choices.find(({ column, about }) => column === 'time' && about === 'times')).toMatchObject(
          {
            value: order === 'ddmmyyyy' ? 'days as 31032024' : 'days as 03312024',
            certainty: 'likely',
          },
        )
      },
    ),
    { numRuns: 10 },
  )
})

test('such days of which none is above 12 are a guess, and the other order can be chosen', async () => {
  const seconds = [0, 1, 2, 3, 4, 5, 6].map((at) => Date.UTC(2019, at, at + 2) / 1000)
  const texts = seconds.map((at) => digits(at, 'mmddyyyy', true))
  const guessed = await read(texts)
  expect(guessed.preview.choices.find(({ value }) => value === 'days as 31032024')).toMatchObject({
    certainty: 'guess',
    option: '--times mmddyyyy',
  })
  expect((await read(texts, { times: 'mmddyyyy' })).times).toEqual(seconds)
  expect((await read(texts, { dateOrder: 'monthFirst' })).times).toEqual(seconds)
})

test('numbers of eight digits that are not all such days stay numbers', async () => {
  const found = await read(['31122019', '01012019', '45122019', '12012018', '10101018', '11111111', '12122012'])
  expect(found.preview.choices.find(({ column, about }) => column === 'time' && about === 'times')).toMatchObject({
    value: 'a sequence, not dates',
  })
})

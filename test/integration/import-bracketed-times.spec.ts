import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number): string => String(number).padStart(2, '0')

/** How servers write a moment within brackets, at an offset in hours. */
const notations = {
  common: (moment: Date, zone: string) =>
    `${two(moment.getUTCDate())}/${months[moment.getUTCMonth()] ?? ''}/${moment.getUTCFullYear()}:${moment.toISOString().slice(11, 19)} ${zone}`,
  'without a zone': (moment: Date) =>
    `${two(moment.getUTCDate())}/${months[moment.getUTCMonth()] ?? ''}/${moment.getUTCFullYear()}:${moment.toISOString().slice(11, 19)}`,
  ISO: (moment: Date, zone: string) => `${moment.toISOString().slice(0, 19).replace('T', ' ')} ${zone}`,
} as const

let written = 0
const table = fc.record({
  notation: fc.constantFrom(...(Object.keys(notations) as (keyof typeof notations)[])),
  hours: fc.integer({ min: -9, max: 9 }),
  separator: fc.constantFrom(' ', '  ', '\t', ',', ';'),
  named: fc.boolean(),
  last: fc.boolean(),
  moments: fc.uniqueArray(fc.integer({ min: 1_000_000_000, max: 1_700_000_000 }), { minLength: 30, maxLength: 40 }),
})

test('a time in brackets is one value and a time, whatever separates the columns', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ notation, hours, separator, named, last, moments }) => {
      const zone = `${hours < 0 ? '-' : '+'}${two(Math.abs(hours))}00`
      const offset = notation === 'without a zone' ? 0 : 3600 * hours
      const rows = moments.map((moment, at) => {
        const time = `[${notations[notation](new Date(1000 * (moment + offset)), zone)}]`
        const ids = [`reader${at % 7}`, `doc${Math.floor(at / 7)}x`]
        return last ? [...ids, time] : [ids[0], time, ids[1]]
      })
      const names = last ? ['user', 'item', 'time'] : ['user', 'time', 'item']
      const lines = [...(named ? [names] : []), ...rows].map((row) => row.join(separator))
      const file = write(`server${written++}.log`, lines.join('\n'))
      const preview = await previewImport({ ratings: [file], items: null }, store.library)
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const result = await load(file, mappingOf(preview))
      expect(result).toMatchObject({ interactions: moments.length, rejected: 0 })
      const times = Object.values(imported(result)).flatMap((items) => items.map(([, time]) => time))
      expect(times.toSorted()).toEqual(moments.toSorted())
    }),
    { numRuns: 16 },
  )
})

test('the dash that servers write for a field that they do not know is no user', async () => {
  const lines = Array.from(
    { length: 60 },
    (_, at) =>
      `10.0.0.${at % 9} - reader${at % 8} [${two(1 + (at % 28))}/Mar/2024:10:${two(at % 60)}:00 +0100] "GET /doc${at % 11} HTTP/1.1" 200 ${900 + 37 * at}`,
  )
  const { mapping } = await previewImport(
    { ratings: [write('access.log', lines.join('\n'))], items: null },
    store.library,
  )
  expect(mapping).toMatchObject({ user: 'login', item: 'page', time: 'time' })
})

test('titles and remarks in brackets separate as before', async () => {
  const text = (at: number): string => ['[live]', '[at 5:30]', '[x] y', '[1999]'][at % 4] ?? ''
  const rows = Array.from({ length: 40 }, (_, at) => [`u${at % 7}`, `i${at % 9}`, text(at), 1 + (at % 5)].join('\t'))
  const file = write('songs.tsv', ['user\titem\tremark\trating', ...rows].join('\n'))
  const { mapping, ratings } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating', time: null })
  expect(ratings.rows[1]?.[2]).toBe('[at 5:30]')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { type ReadingOverrides, warningsOf } from '../../src/shared/reading'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

let written = 0
const films = Array.from({ length: 9 }, (_, at) => `Film ${'ABCDEFGHI'.charAt(at)}`)
const start = Date.UTC(2023, 4, 20, 8) / 1000
const momentOf = (row: number): number => start + 90_061 * row
const iso = (seconds: number): string => new Date(1000 * seconds).toISOString().slice(0, 19).replace('T', ' ')
const german = (seconds: number): string => iso(seconds).replace(/^(\d+)-(\d+)-(\d+)/, '$3.$2.$1')

/** A matrix of 16 people with other columns before the films. */
async function read(
  columns: Readonly<Record<string, (row: number) => string>>,
  separator: string,
  reading: ReadingOverrides = {},
) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const rows = Array.from({ length: 16 }, (_, row) => [
    `person${row}`,
    ...Object.values(columns).map((cell) => cell(row)),
    ...films.map((_film, at) => ((row + at) % 4 === 0 ? '' : String(1 + ((row * 3 + at * at) % 5)))),
  ])
  const lines = [['user', ...Object.keys(columns), ...films], ...rows].map((row) => row.join(separator))
  const file = write(`matrix${written++}.csv`, lines.join('\n'))
  const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
  const result = await load(file, mappingOf(preview), { reading })
  return { preview, result, rows: imported(result) }
}
const saidTime = ({ preview }: Awaited<ReturnType<typeof read>>): string[] =>
  preview.choices.flatMap(({ value }) => /^column “(.*)” is the time of all ratings/.exec(value)?.[1] ?? [])

test('a time beside the ratings of a matrix is the time of all ratings of its row', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('submitdate', 'Zeitstempel', 'Timestamp', 'End Date', 'Completion time', 'RecordedDate'),
      fc.constantFrom(null, 'Start Date', 'startdate'),
      fc.boolean(),
      fc.constantFrom(iso, german, String),
      fc.constantFrom(',', ';', '\t'),
      async (name, begun, before, notation, separator) => {
        const own = { [name]: (row: number) => notation(momentOf(row)) }
        const other = begun ? { [begun]: (row: number) => notation(momentOf(row) - 700) } : {}
        const found = await read(before ? { ...other, ...own } : { ...own, ...other }, separator)
        expect(saidTime(found)).toEqual([name])
        expect(found.result).toMatchObject({ users: 16, items: films.length, rejected: 0 })
        for (const [user, items] of Object.entries(found.rows))
          expect(new Set(items.map(([, , time]) => time))).toEqual(new Set([momentOf(Number(user.slice(6)))]))
      },
    ),
    { numRuns: 10 },
  )
})

test.each([
  ['a date of birth', 'Birth date', (row: number) => `19${60 + row}-03-1${row % 10}`],
  ['the day of a registration', 'Registration date', (row: number) => iso(momentOf(row))],
  ['a time that some rows lack', 'submitdate', (row: number) => (row % 5 === 0 ? '' : iso(momentOf(row)))],
  ['a place', 'Start', (row: number) => ['Graz', 'Wels'][row % 2] ?? ''],
])('%s is left out as before', async (_about, name, cell) => {
  const found = await read({ [name]: cell }, ',')
  expect(saidTime(found)).toEqual([])
  expect(found.preview.mapping.time).toBeNull()
  expect(found.result).toMatchObject({ users: 16, rejected: 0 })
})

test('a time that a person leaves out is none', async () => {
  const columns = { Timestamp: (row: number) => iso(momentOf(row)) }
  expect((await read(columns, ';', { dropColumns: ['Timestamp'] })).preview.mapping.time).toBeNull()
})

test('dates in the cells of a matrix are the times of its interactions, by choice', async () => {
  const dates: readonly ((seconds: number) => string)[] = [
    (seconds) => iso(seconds).slice(0, 10),
    iso,
    german,
    (seconds) => new Date(1000 * seconds).toUTCString(),
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...dates),
      fc.constantFrom(';', '\t'),
      fc.integer({ min: 3, max: films.length }),
      fc.array(fc.option(fc.integer({ min: 0, max: 900 }), { freq: 2 }), {
        minLength: 12 * films.length,
        maxLength: 12 * films.length,
      }),
      async (notation, separator, width, cells) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const shown = films.slice(0, width)
        // Each film was seen by somebody.
        const dayOf = (row: number, at: number): number | null => (row === at ? at : (cells[row * width + at] ?? null))
        const timeOf = (day: number): number => start + 86_400 * day
        const rows = Array.from({ length: 12 }, (_, row) => [
          `person${row}`,
          ...shown.map((_film, at) => dayOf(row, at)).map((day) => (day === null ? '' : notation(timeOf(day)))),
        ])
        const lines = [['user', ...shown], ...rows].map((row) => row.join(separator)).join('\n')
        const file = write(`matrix${written++}.csv`, lines)
        const asList = await previewImport({ ratings: [file], items: null, reading: {} }, store.library)
        expect(warningsOf(asList.choices).filter((one) => one.includes('use --layout matrix'))).toHaveLength(1)
        const reading = { layout: 'matrix' } as const
        const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
        const found = imported(await load(file, mappingOf(preview), { reading }))
        const exact = notation !== dates[0]
        const expected = rows.flatMap(([user = ''], row) => {
          const own = shown.flatMap((film, at) => {
            const day = dayOf(row, at)
            return day === null ? [] : [`${film} ${exact ? timeOf(day) : Math.floor(timeOf(day) / 86_400) * 86_400}`]
          })
          return own.length === 0 ? [] : [[user, own.sort()]]
        })
        expect(
          Object.entries(found).map(([user, items]) => [user, items.map(([item, time]) => `${item} ${time}`).sort()]),
        ).toEqual(expected.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
      },
    ),
    { numRuns: 8 },
  )
})

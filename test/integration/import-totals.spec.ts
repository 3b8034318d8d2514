import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { store, write } from './import-library'

type Cell = (row: number) => string | number

/** A report about 23 things, each in several rows. */
const reportOf = async (rows: number, columns: Readonly<Record<string, Cell>>): Promise<ImportPreview> => {
  const lines = Array.from({ length: rows }, (_, row) => [
    `Title ${row % 23}`,
    `978${1_000_000_000 + (row % 23) * 7}`,
    `Publisher ${(row % 23) % 15}`,
    row % 2 ? 'Physical' : 'Digital',
    ...Object.values(columns).map((cell) => cell(row)),
  ])
  const names = ['Title', 'ISBN', 'Publisher', 'UsageClass', ...Object.keys(columns)]
  const file = write('report.csv', `${[names, ...lines].map((line) => line.join(',')).join('\n')}\n`)
  return await previewImport({ ratings: [file], items: null }, store.library)
}
const number =
  (step: number, most: number): Cell =>
  (row) =>
    (row * row * step + row * 3) % most

const monthsOf = (language: string, style: 'short' | 'long'): string[] =>
  Array.from({ length: 6 }, (_, month) =>
    new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' }).format(Date.UTC(2023, month, 15)),
  )
const periods = fc.constantFrom<readonly string[]>(
  monthsOf('en', 'short').map((month) => `${month}-2023`),
  monthsOf('en', 'long'),
  monthsOf('de', 'long').map((month) => `${month} 2023`),
  monthsOf('fr', 'long').map((month) => `${month} 2023`),
  ['2023-01', '2023-02', '2023-03', '2023-04'],
)
const refusal = 'The file has no column of users: it seems to hold totals, not interactions.'

describe('totals of items', () => {
  test('in a column for each month or year have no users', async () => {
    await fc.assert(
      fc.asyncProperty(
        periods,
        fc.integer({ min: 60, max: 260 }),
        fc.constantFrom('Reporting_Period_Total', 'Total', 'Count'),
        async (names, rows, total) => {
          const counts = Object.fromEntries(names.map((name, at) => [name, number(at + 5, 40)]))
          const { mapping, warnings } = await reportOf(rows, { [total]: number(3, 170), ...counts })
          expect([mapping.user, mapping.item]).toEqual([null, 'ISBN'])
          expect(warnings).toContainEqual(expect.stringContaining(refusal))
          // Months in columns are refused as such, too.
          for (const warning of warnings) expect(warning).toMatch(/totals/)
          expect(warnings.join('\n')).toContain('use --user COLUMN')
        },
      ),
      { numRuns: 12 },
    )
  })

  test('in a column beside their month and year have no users, either', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('Checkouts', 'Loans', 'plays', 'Total requests', 'Anzahl', 'Verkäufe'),
        fc.constantFrom(['CheckoutYear', 'CheckoutMonth'], ['Jahr', 'Monat'], ['year', 'quarter']),
        fc.integer({ min: 130, max: 260 }),
        async (count, [year = '', month = ''], rows) => {
          const { mapping, warnings } = await reportOf(rows, {
            [year]: (row) => 2020 + (row % 3),
            [month]: (row) => 1 + (row % 4),
            [count]: number(5, 40),
          })
          expect(mapping.user).toBeNull()
          expect(warnings.join('\n')).toContain(refusal)
        },
      ),
      { numRuns: 12 },
    )
  })

  test('have users where something else is the id of several', async () => {
    const months = Object.fromEntries(['Jan-2023', 'Feb-2023'].map((name, at) => [name, number(at + 5, 40)]))
    const { mapping } = await reportOf(240, { xq_id: (row) => `q${(row * 7) % 31}`, ...months })
    expect(mapping.user).toBe('xq_id')
  })
})

test.each(['Checkouts', 'Mar-2023', 'Total', 'April'])('whole numbers of “%s” are nobody’s ids', async (name) => {
  const previewOf = async (columns: Readonly<Record<string, Cell>>): Promise<ImportPreview> => {
    const lines = Array.from({ length: 200 }, (_, row) => Object.values(columns).map((cell) => cell(row)))
    const file = write('t.csv', `${[Object.keys(columns), ...lines].map((line) => line.join(',')).join('\n')}\n`)
    return await previewImport({ ratings: [file], items: null }, store.library)
  }
  const counts = number(5, 60)
  const item: Cell = (row) => `i${(row * 5) % 17}`
  expect((await previewOf({ [name]: counts, item })).mapping).toMatchObject({ user: null, item: 'item' })
  const xq = (row: number): string => `q${(row * 7) % 31}`
  expect((await previewOf({ [name]: counts, xq, item })).mapping).toMatchObject({ user: 'xq', item: 'item' })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, store, write } from './import-library'

const day = (at: number): Date => new Date(Date.UTC(2019, 0, 1) + at * 86_400_000)
const digits = (at: number): string => day(at).toISOString().slice(0, 10).replaceAll('-', '')

/** Ways to write the day of an interaction as a number that nothing but its name would say to be one. */
const notations: Readonly<Record<string, (at: number) => string>> = {
  YYMMDD: (at) => digits(at).slice(2),
  YYYYMM: (at) => digits(at).slice(0, 6),
  'days and times of day as spreadsheets count them': (at) => (43_466 + at + ((at * 7919) % 8640) / 8641).toFixed(4),
  'days as spreadsheets count them': (at) => String(43_466 + at),
}

const days = fc.uniqueArray(fc.integer({ min: 0, max: 1500 }), { minLength: 40, maxLength: 80 })
const header = fc.constantFrom(
  ['user', 'item', 'rating', 't'],
  ['item', 'n', 'rating', 'user'],
  ['xq', 'user', 'rating', 'item'],
)

/** Rows in the order of a header; `time` is under the name that says nothing. */
const table = (names: readonly string[], rows: readonly Record<string, string | number>[]): string =>
  [names, ...rows.map((row) => names.map((name) => row[name] ?? row.time))].map((cells) => cells.join(',')).join('\n')

const rowsOf = (times: readonly string[]) =>
  times.map((time, n) => ({ user: `u${(n * 5) % 13}`, item: `i${(n * 7) % 17}`, rating: 1 + ((n * 3) % 5), time }))

test.each(Object.keys(notations))(
  'numbers that may be times under a name that says nothing are said: %s',
  async (words) => {
    await fc.assert(
      fc.asyncProperty(days, header, async (at, names) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const file = write('times.csv', table(names, rowsOf(at.map((one) => notations[words]?.(one) ?? ''))))
        const { mapping, warnings } = await previewImport({ ratings: [file], items: null }, store.library)
        expect(mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating', time: null })
        const name = names.find((one) => !['user', 'item', 'rating'].includes(one)) ?? ''
        const warning = warnings.find((one) => one.includes(`column "${name}": left out is a guess`))
        expect(warning).toContain(words)
        expect(warning).toContain(`--time "${name}"`)
        // The option of the warning brings the rows into the order of their times.
        const result = await load(file, { user: 'user', item: 'item', rating: 'rating', time: name })
        for (const rows of Object.values(imported(result))) {
          const times = rows.map((row) => Number(row.at(-1)))
          expect(times).toEqual(times.toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 5 },
    )
  },
)

test.each<[string, string, (at: number, n: number) => string]>([
  ['a day that each user has', 't', (_, n) => digits(((n * 5) % 13) * 40).slice(2)],
  ['a day that each item has', 't', (_, n) => digits(((n * 7) % 17) * 40).slice(2)],
  ['numbers of orders', 'order_no', (at) => digits(at).slice(2)],
  ['prices', 'price', (at) => (30_000 + at * 7.25).toFixed(3)],
  ['amounts of two decimals', 'q', (at) => (30_000 + at * 7.25).toFixed(2)],
  ['six digits that are no days', 't', (at) => String(990_000 + at)],
  ['months that do not exist', 't', (at) => String(202_000 + (at % 100))],
])('%s are not taken for times', async (_, name, written) => {
  await fc.assert(
    fc.asyncProperty(days, async (at) => {
      const file = write('none.csv', table(['user', 'item', 'rating', name], rowsOf(at.map(written))))
      const { warnings } = await previewImport({ ratings: [file], items: null }, store.library)
      expect(warnings.filter((one) => one.includes('--time'))).toEqual([])
    }),
    { numRuns: 3 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { warningsOf } from '../../src/shared/reading'
import { imported, load, named, store, write } from './import-library'

interface Row {
  readonly user: string
  readonly item: string
  readonly day: number
}

const rowsOf = (days: readonly (readonly number[])[]): Row[] =>
  days.flatMap((all, user) => all.map((day, at) => ({ user: `u${user}`, item: `i${at}`, day })))

const fileOf = (rows: readonly Row[], time: (row: Row, at: number) => string) =>
  write('t.csv', `user,item,time\n${rows.map((row, at) => `${row.user},${row.item},${time(row, at)}`).join('\n')}\n`)
const day = ({ day: number }: Row): string => `2024-03-${String(number).padStart(2, '0')}`
const columns = { ...named, rating: null }
const said = (result: Awaited<ReturnType<typeof load>>): string[] =>
  warningsOf(result.choices).filter((warning) => warning.includes('begins with its newest rows'))

const days = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 }), {
  minLength: 2,
  maxLength: 5,
})

test('a file of days from the newest to the oldest warns where users have several rows at their latest day, and keeps the order of the file', async () => {
  await fc.assert(
    fc.asyncProperty(days, async (drawn) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const rows = rowsOf(drawn).sort((a, b) => b.day - a.day)
      const result = await load(fileOf(rows, day), columns)
      const ties = drawn.filter((all) => all.filter((one) => one === Math.max(...all)).length > 1)
      const isDescending = new Set(drawn.flat()).size > 1
      expect(said(result)).toHaveLength(ties.length > 0 && isDescending ? 1 : 0)
      if (ties.length > 0 && isDescending)
        expect(said(result)[0]).toContain(ties.length === 1 ? '1 user has' : `${ties.length} users have`)
      for (const [user, history] of Object.entries(imported(result)))
        expect(history.at(-1)?.[0]).toBe(
          rows
            .filter(
              (row) =>
                row.user === user &&
                row.day === Math.max(...rows.filter((one) => one.user === user).map((one) => one.day)),
            )
            .at(-1)?.item,
        )
    }),
    { numRuns: 25 },
  )
})

test.each([
  ['from the oldest to the newest', (a: Row, b: Row) => a.day - b.day],
  ['in no order', (a: Row, b: Row) => ((a.day * 7) % 5) - ((b.day * 7) % 5)],
])('a file of days %s says nothing', async (_, order) => {
  const rows = rowsOf([
    [1, 2, 3, 3],
    [2, 4, 4, 5],
    [1, 5, 5],
  ]).sort(order)
  expect(said(await load(fileOf(rows, day), columns))).toEqual([])
})

test('with times of day, no rows are at the same time', async () => {
  const rows = rowsOf([
    [1, 2, 3, 3],
    [2, 4, 4, 5],
  ]).sort((a, b) => b.day - a.day)
  expect(
    said(
      await load(
        fileOf(rows, (row, at) => `${day(row)} 12:00:${59 - at}`),
        columns,
      ),
    ),
  ).toEqual([])
})

test('an order of day and month that only one of two files proves is likely, and names the other', async () => {
  for (const [proving, other] of [
    ['13/03/2024', '05/04/2024'],
    ['03/13/2024', '04/05/2024'],
    ['13.03.2024', '05.04.2024'],
  ] as const) {
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const text = (of: string): string => `user,item,time\nu1,a,${of}\nu1,b,${of}\nu2,a,${of}\n`
    const files = [write('one.csv', text(proving)), write('two.csv', text(other).replaceAll(/u(\d)/g, 'v$1'))]
    const dates = (result: Awaited<ReturnType<typeof load>>) => result.choices.filter(({ about }) => about === 'dates')
    const result = await load(files, columns)
    expect(dates(result)[0]).toMatchObject({ certainty: 'likely' })
    expect(dates(result)[0]?.evidence).toContain('in two.csv, which is read in the same order')
    store.datasets.delete(result.dataset)
    const both = [files[0], write('two.csv', text(proving).replaceAll(/u(\d)/g, 'v$1'))]
    expect(
      dates(
        await load(
          both.flatMap((file) => file ?? []),
          columns,
        ),
      )[0],
    ).toMatchObject({ certainty: 'certain' })
  }
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

/** Minutes since 1970 of some moments from 2001 to 2037, one for each interaction. */
const moments = fc.uniqueArray(fc.integer({ min: 16_400_000, max: 35_200_000 }), { minLength: 8, maxLength: 20 })
const two = (number: number): string => String(number).padStart(2, '0')
const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** The columns of a time in a table, and the stored time. */
const kinds: Readonly<
  Record<string, readonly [header: string, cells: (date: Date) => (string | number)[], step: number]>
> = {
  'day and time of day': [
    'date,time',
    (date) => [date.toISOString().slice(0, 10), date.toISOString().slice(11, 16)],
    60_000,
  ],
  'in German': [
    'Datum,Uhrzeit',
    (date) => [
      `${two(date.getUTCDate())}.${two(date.getUTCMonth() + 1)}.${date.getUTCFullYear()}`,
      date.toISOString().slice(11, 19),
    ],
    60_000,
  ],
  'year, month and day': [
    'year,month,day',
    (date) => [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
    86_400_000,
  ],
  'year, month, day and hour, as decimal numbers': [
    'rok,měsíc,den,hodina',
    (date) =>
      [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()].map((one) => `${one}.0`),
    3_600_000,
  ],
  'day, month by name and year': [
    'order_day,order_month,order_year',
    (date) => [date.getUTCDate(), monthNames[date.getUTCMonth()] ?? '', date.getUTCFullYear()],
    86_400_000,
  ],
}

describe.each(Object.entries(kinds))('%s', (_about, [header, cells, step]) => {
  test('are one time', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (minutes) => {
        // Some day above 12, so that the order of day and month is proven.
        const dates = [new Date(Date.UTC(2024, 0, 31, 5)), ...minutes.map((minute) => new Date(minute * 60_000))]
        const rows = dates.map((date, row) => ['u', `i${row}`, row % 2 ? 3 : 4, ...cells(date)].join(','))
        const file = write('r.csv', `user,item,rating,${header}\n${rows.join('\n')}\n`)
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        const parts = header.split(',')
        expect(preview.mapping.time?.split(' + ').sort()).toEqual([...parts].sort())
        const said = preview.choices.find(({ column }) => column === preview.mapping.time)
        expect(said).toMatchObject({ about: 'column', value: 'time', certainty: 'likely' })
        for (const part of parts) expect(said?.evidence).toContain(`“${part}”`)
        const result = await load(file, mappingOf(preview))
        const found = new Map((imported(result).u ?? []).map(([item, , time]) => [item, time]))
        for (const [row, date] of dates.entries())
          expect(found.get(`i${row}`)).toBe((Math.floor(date.getTime() / step) * step) / 1000)
        store.datasets.delete(result.dataset)
      }),
      { numRuns: 5 },
    )
  })
})

describe('parts of times', () => {
  const table = (header: string, ...rows: string[]): string => `${header}\n${rows.join('\n')}\n`
  const previewOf = (name: string, text: string) =>
    previewImport({ ratings: [write(name, text)], items: null }, store.library)

  test('in two columns of a table of spaces', async () => {
    const text = table(
      'user item date time',
      'a x 2024-01-13 10:30:00',
      'a y 2024-01-13 09:30:00',
      'b x 2024-01-14 00:00:01',
    )
    const preview = await previewOf('r.txt', text)
    const result = await load(write('r.txt', text), mappingOf(preview))
    expect(imported(result)).toEqual({
      a: [
        ['y', Date.UTC(2024, 0, 13, 9, 30) / 1000],
        ['x', Date.UTC(2024, 0, 13, 10, 30) / 1000],
      ],
      b: [['x', Date.UTC(2024, 0, 14, 0, 0, 1) / 1000]],
    })
  })

  test('year and month alone, a quarter or a week are a guess', async () => {
    const months = await previewOf('m.csv', table('user,item,year,month', 'a,x,2024,1', 'b,y,2023,12'))
    expect(months.warnings).toEqual([expect.stringContaining('column "year + month": time is a guess')])
    const quarters = table('user,item,year,quarter', 'a,x,2024,Q2', 'b,y,2023,4')
    const preview = await previewOf('q.csv', quarters)
    expect(preview.warnings).toEqual([expect.stringContaining('column "year + quarter": time is a guess')])
    const result = await load(write('q.csv', quarters), mappingOf(preview))
    expect(imported(result)).toEqual({
      a: [['x', Date.UTC(2024, 3, 1) / 1000]],
      b: [['y', Date.UTC(2023, 9, 1) / 1000]],
    })
    const weeks = await previewOf('w.csv', table('user,item,year,week', 'a,x,2024,1', 'b,y,2023,52'))
    expect(weeks.warnings).toEqual([expect.stringContaining('column "year + week": time is a guess')])
  })

  test('a day without a time of day stays a day; what is no time is rejected', async () => {
    const text = table(
      'user,item,date,time',
      'a,x,2024-01-13,10:30',
      'b,x,2024-01-13,',
      'c,x,2024-02-31,10:30',
      'd,x,,10:30',
      ...Array.from({ length: 8 }, (_, row) => `e,i${row},2024-01-14,0${row}:00`),
    )
    const preview = await previewOf('r.csv', text)
    const result = await load(write('r.csv', text), mappingOf(preview))
    expect(imported(result)).toMatchObject({
      a: [['x', Date.UTC(2024, 0, 13, 10, 30) / 1000]],
      b: [['x', Date.UTC(2024, 0, 13) / 1000]],
    })
    expect(rejects(result)).toMatchObject([
      { line: 4, reason: 'time is not a time' },
      { line: 5, reason: 'no time' },
    ])
  })

  test.each([
    ['when an item came out', 'user,item,release_year,release_month', 'a,x,2024,1', null],
    ['beside a whole time', 'user,item,timestamp,year,month', 'a,x,1700000000,2023,11', 'timestamp'],
    ['how long something took', 'user,item,date,watch time', 'a,x,2024-01-13,1:30', 'date'],
    ['a day of the week', 'user,item,year,day of week', 'a,x,2024,1', 'year'],
    ['years of different things', 'user,item,order_year,ship_month', 'a,x,2024,1', null],
  ])('are not joined: %s', async (_about, header, row, time) => {
    const preview = await previewOf('r.csv', table(header, row, row.replace('a,x', 'b,y'), row.replace('a,x', 'a,y')))
    expect(preview.mapping.time).toBe(time)
  })

  test('a person may take one of the parts', async () => {
    const file = write('r.csv', table('user,item,date,time', 'a,x,2024-01-13,10:30', 'b,y,2024-01-14,11:30'))
    const preview = await previewImport({ ratings: [file], items: null, columns: { time: 'date' } }, store.library)
    expect(preview.mapping.time).toBe('date')
    expect(preview.warnings).toEqual([expect.stringContaining('use --time "date + time"')])
  })
})

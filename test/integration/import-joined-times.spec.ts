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
  'day and a time of day called hour': [
    'day,hour',
    (date) => [date.toISOString().slice(0, 10), date.toISOString().slice(11, 19)],
    60_000,
  ],
  'day and a time of day called hour, in Spanish': [
    'fecha,hora',
    (date) => [date.toISOString().slice(0, 10), date.toISOString().slice(11, 16)],
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

/** Names of the fields of a time, from the year to the second. */
const fieldNames: Readonly<Record<string, string>> = {
  English: 'year,month,day,hour,minute,second',
  'with a prefix': 'date_year,date_month,date_day,date_hour,date_minute,date_second',
  'with another': 'orderYear,orderMonth,orderDay,orderHour,orderMinute,orderSecond',
  short: 'yr,mon,day,hr,min,sec',
  letters: 'YYYY,MM,DD,hh,mi,ss',
  French: 'annee,mois,jour,heure,minute,seconde',
  German: 'Jahr,Monat,Tag,Stunde,Minute,Sekunde',
  Czech: 'rok,měsíc,den,hodina,minuta,sekunda',
  Spanish: 'año,mes,día,hora,minuto,segundo',
  Russian: 'год,месяц,день,час,минута,секунда',
}

test('the fields of a time down to minutes or seconds are one time, under any usual names and in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(fieldNames)),
      fc.integer({ min: 4, max: 6 }),
      fc.boolean(),
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      fc.constantFrom<(part: number) => string>(String, two, (part) => `${part}.0`),
      fc.uniqueArray(fc.integer({ min: 990_000_000, max: 2_100_000_000 }), { minLength: 8, maxLength: 20 }),
      async (names, fields, wholeDay, order, written, seconds) => {
        const finest = [0, 0, 0, 3600, 60, 1][fields - 1] ?? 1
        const all = names.split(',').slice(0, fields)
        const cellsOf = (second: number): string[] => {
          const date = new Date(second * 1000)
          const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
          const ofDay = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
          return [...parts, ...ofDay].slice(0, fields).map(written)
        }
        const orderOf = <T>(cells: readonly T[]): T[] =>
          order.flatMap((at) => (at < cells.length ? cells.slice(at, at + 1) : []))
        // The day may be one column: then there are fields of the time of day alone.
        const withDay = wholeDay && names === fieldNames.English
        const headed = withDay ? ['date', ...all.slice(3)] : orderOf(all)
        const rows = seconds.map((second, row) => {
          const cells = cellsOf(second)
          const day = new Date(second * 1000).toISOString().slice(0, 10)
          return ['u', `i${row}`, row % 2 ? 3 : 4, ...(withDay ? [day, ...cells.slice(3)] : orderOf(cells))].join(',')
        })
        const file = write('f.csv', `user,item,rating,${headed.join(',')}\n${rows.join('\n')}\n`)
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        expect(preview.mapping.time?.split(' + ').sort()).toEqual([...headed].sort())
        const said = preview.choices.find(({ column }) => column === preview.mapping.time)
        expect(said?.certainty).toBe('likely')
        const result = await load(file, mappingOf(preview))
        const found = new Map((imported(result).u ?? []).map(([item, , time]) => [item, time]))
        for (const [row, second] of seconds.entries())
          expect(found.get(`i${row}`)).toBe(Math.floor(second / finest) * finest)
        store.datasets.delete(result.dataset)
      },
    ),
    { numRuns: 15, endOnFailure: true },
  )
})

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

  test('a missing minute or second is none; seconds may have a fraction', async () => {
    const text = table(
      'user,item,year,month,day,hour,minute,second',
      'a,x,2024,1,13,10,30,5.25',
      'b,x,2024,1,13,10,,',
      'c,x,2024,1,13,,,',
      'd,x,2024,1,13,9,5,7',
    )
    const preview = await previewOf('r.csv', text)
    const result = await load(write('r.csv', text), mappingOf(preview))
    expect(imported(result)).toMatchObject({
      a: [['x', Date.UTC(2024, 0, 13, 10, 30, 5, 250) / 1000]],
      b: [['x', Date.UTC(2024, 0, 13, 10) / 1000]],
      c: [['x', Date.UTC(2024, 0, 13) / 1000]],
      d: [['x', Date.UTC(2024, 0, 13, 9, 5, 7) / 1000]],
    })
  })

  test('“mm” are months, and minutes after the hour', async () => {
    const text = table('user,item,yyyy,mm,dd,hh,mm,ss', 'a,x,2024,1,13,10,30,5', 'b,y,2024,2,14,11,50,6')
    const preview = await previewOf('r.csv', text)
    const result = await load(write('r.csv', text), mappingOf(preview))
    expect(imported(result)).toMatchObject({ a: [['x', Date.UTC(2024, 0, 13, 10, 30, 5) / 1000]] })
  })

  test.each([
    ['minutes without hours', 'user,item,year,month,day,minute', 'a,x,2024,1,13,30', '“minute”'],
    ['hours that are none', 'user,item,year,month,day,hour,minute', 'a,x,2024,1,13,99,30', '“hour” and “minute”'],
    ['seconds without minutes', 'user,item,year,month,day,hour,second', 'a,x,2024,1,13,10,30', '“second”'],
    ['an hour without a day', 'user,item,year,month,hour', 'a,x,2024,1,10', '“hour”'],
    ['a minute beside a date', 'user,item,date,minute', 'a,x,2024-01-13,30', '“minute”'],
  ])('what is finer and cannot be joined is said: %s', async (_about, header, row, column) => {
    const preview = await previewOf('r.csv', table(header, row, row.replace('a,x', 'b,y'), row.replace('a,x', 'a,y')))
    expect(preview.warnings).toContainEqual(expect.stringContaining(column))
    expect(preview.warnings.join()).toContain('order of the file')
  })

  test.each([
    ['minutes of something else', 'user,item,order_year,order_month,order_day,ship_minute', 'a,x,2024,1,13,30'],
    ['how many minutes', 'user,item,year,month,day,minutes_watched', 'a,x,2024,1,13,30'],
  ])('what only looks like a part is neither joined nor said: %s', async (_about, header, row) => {
    const preview = await previewOf('r.csv', table(header, row, row.replace('a,x', 'b,y'), row.replace('a,x', 'a,y')))
    expect(preview.mapping.time?.split(' + ')).toHaveLength(3)
    expect(preview.warnings.join()).not.toContain('order of the file')
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

describe('times of day without signs', () => {
  const rowsOf = (seconds: readonly number[], day: (date: Date) => string, clock: (date: Date) => string): string =>
    seconds
      .map((second, row) => {
        const date = new Date(second * 1000)
        return ['u', `i${row}`, row % 2 ? 3 : 4, day(date), clock(date)].join(',')
      })
      .join('\n')
  const iso = (date: Date): string => date.toISOString().slice(0, 10)
  const minutesOf = (date: Date): number => 100 * date.getUTCHours() + date.getUTCMinutes()
  const several = fc
    .uniqueArray(fc.integer({ min: 1_000_000_000, max: 1_700_000_000 }), { minLength: 8, maxLength: 20 })
    .map((seconds) => [...seconds, 1_400_000_000, 1_400_003_600, 1_400_040_000])

  test('935 and 1410 beside a day are hours and minutes, which is a guess unless all have four digits', async () => {
    await fc.assert(
      fc.asyncProperty(
        several,
        fc.constantFrom(iso, (date: Date) => iso(date).replaceAll('-', '')),
        fc.constantFrom('date,time', 'day,trans_time', 'Datum,HHMM'),
        fc.boolean(),
        fc.boolean(),
        async (seconds, day, names, padded, withSeconds) => {
          const step = withSeconds ? 1 : 60
          const digits = (date: Date): number =>
            withSeconds ? 100 * minutesOf(date) + date.getUTCSeconds() : minutesOf(date)
          const clock = (date: Date): string => String(digits(date)).padStart(padded ? (withSeconds ? 6 : 4) : 1, '0')
          const file = write('d.csv', `user,item,rating,${names}\n${rowsOf(seconds, day, clock)}\n`)
          const preview = await previewImport({ ratings: [file], items: null }, store.library)
          expect(preview.mapping.time).toBe(names.replace(',', ' + '))
          const said = preview.choices.find(({ column }) => column === preview.mapping.time)
          const sure = padded && seconds.some((second) => clock(new Date(second * 1000)).startsWith('0'))
          expect(said?.certainty).toBe(sure ? 'likely' : 'guess')
          const result = await load(file, mappingOf(preview))
          const found = new Map((imported(result).u ?? []).map(([item, , time]) => [item, time]))
          expect(seconds.map((_, row) => found.get(`i${row}`))).toEqual(
            seconds.map((second) => second - (second % step)),
          )
          store.datasets.delete(result.dataset)
        },
      ),
      { numRuns: 12 },
    )
  })

  test('beside a number of days since a start, they order the interactions', async () => {
    await fc.assert(
      fc.asyncProperty(several, async (seconds) => {
        const start = 1_000_000_000 - (1_000_000_000 % 86_400)
        const day = (date: Date): string => String(Math.floor((date.getTime() / 1000 - start) / 86_400))
        const file = write(
          'c.csv',
          `household_key,item,rating,DAY,TRANS_TIME\n${rowsOf(seconds, day, (date) => String(minutesOf(date)))}\n`,
        )
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        expect(preview.mapping.time).toBe('DAY + TRANS_TIME')
        expect(preview.warnings.join('\n')).toMatch(/“DAY” counts days.*may also count something/)
        const result = await load(file, mappingOf(preview))
        const inOrder = seconds
          .map((second, row) => [Math.floor(second / 60), row] as const)
          .sort((a, b) => a[0] - b[0] || a[1] - b[1])
        expect((imported(result).u ?? []).map(([item]) => item)).toEqual(inOrder.map(([, row]) => `i${row}`))
        store.datasets.delete(result.dataset)
      }),
      { numRuns: 4 },
    )
  })

  test.each([
    ['numbers that are no times of day', ['935', '1471', '1020', '2210']],
    ['few numbers', ['935', '1410', '935', '1410']],
  ])('%s are not joined', async (_about, clocks) => {
    const rows = clocks.map((clock, row) => `u${row % 2},i${row % 3},2024-01-1${row},${clock}`)
    const file = write('n.csv', `user,item,date,time\n${rows.join('\n')}\n`)
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.mapping.time).not.toContain('+')
  })
})

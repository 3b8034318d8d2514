import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StudioError } from '../../src/shared/errors'
import type { ImportResult } from '../../src/shared/datasets'
import { keptReading } from '../../src/shared/kept-reading'
import { type ReadingOverrides, warningsOf } from '../../src/shared/reading'
import { xlsx } from './workbook.fixture'
import { imported, load, named, rejects, store, write } from './import-library'

const columns = { ...named, rating: null, time: 'when' }

/** Imports one interaction of one user for each text, and gives back the seconds of each; null: rejected. */
async function timesOf(
  texts: readonly string[],
  { reading = undefined as ReadingOverrides | undefined, delimiter = '\t' } = {},
): Promise<{ times: (number | null)[]; result: ImportResult; warnings: string[] }> {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const rows = texts.map((text, n) => ['u', `i${n}`, text].join(delimiter))
  const file = write('t.txt', ['user', 'item', 'when'].join(delimiter) + `\n${rows.join('\n')}\n`)
  const result = await load(file, columns, { reading })
  const of = new Map(imported(result).u?.map(([item, time]) => [item, Number(time)]))
  return { times: texts.map((_, n) => of.get(`i${n}`) ?? null), result, warnings: warningsOf(result.choices) }
}
const utc = (...of: [number, number, ...number[]]): number => Date.UTC(of[0], of[1] - 1, ...of.slice(2)) / 1000

const refusal = async (texts: readonly string[]): Promise<string> => {
  const error = await timesOf(texts).then(
    () => null,
    (reason: unknown) => reason as StudioError,
  )
  expect(error).toMatchObject({ code: 'BAD_INPUT' })
  return `${error?.message ?? ''} ${error?.next ?? ''}`
}

test('names of months are Croatian where one of them is only that, and a guess where all may be', async () => {
  const listopad = /names of months as in Polish and Czech is a guess.*listopad of October/
  const written = (language: string, month: number, style: 'long' | 'short'): string =>
    new Intl.DateTimeFormat(language, { day: 'numeric', month: style, year: 'numeric', timeZone: 'UTC' }).format(
      new Date(Date.UTC(2023, month, 12)),
    )
  const month = fc.integer({ min: 0, max: 11 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(month, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('long' as const, 'short' as const),
      async (months, style) => {
        // “Siječanj” is January, and no other language has the word.
        const all = [0, ...months]
        const { times, warnings } = await timesOf(all.map((one) => written('hr', one, style)))
        expect(times).toEqual(all.map((one) => utc(2023, one + 1, 12)))
        expect(warnings.filter((one) => listopad.test(one))).toEqual([])
      },
    ),
    { numRuns: 12 },
  )
  for (const language of ['pl', 'cs']) {
    const alone = await timesOf([written(language, 10, 'long')])
    expect(alone.times).toEqual([utc(2023, 11, 12)])
    // Polish and Croatian write it alike within a date; Czech does not.
    expect(alone.warnings.filter((one) => listopad.test(one))).toHaveLength(language === 'pl' ? 1 : 0)
    const beside = await timesOf([9, 10].map((one) => written(language, one, 'long')))
    expect(beside.times).toEqual([utc(2023, 10, 12), utc(2023, 11, 12)])
    expect(beside.warnings.filter((one) => listopad.test(one))).toEqual([])
  }
})

describe('one text, one time', () => {
  test.each([
    ['2024-03-01', utc(2024, 3, 1)],
    ['2024.03.01', utc(2024, 3, 1)],
    ['2024/03/01 7:05', utc(2024, 3, 1, 7, 5)],
    ['20240301 12:30', utc(2024, 3, 1, 12, 30)],
    ['2024-W09-5', utc(2024, 3, 1)],
    ['2024年3月1日', utc(2024, 3, 1)],
    ['2024년 3월 1일', utc(2024, 3, 1)],
    ['2024年3月1日 午後3:15', utc(2024, 3, 1, 15, 15)],
    ['2024/03/01 午前9:05:07', utc(2024, 3, 1, 9, 5, 7)],
    ['2024/3/1 下午 12:30', utc(2024, 3, 1, 12, 30)],
    ['2024. 3. 1. 오전 12:10', utc(2024, 3, 1, 0, 10)],
    ['2024년 3월 1일 오후 3:15', utc(2024, 3, 1, 15, 15)],
    ['1 Μαρτίου 2024, 3:15 μ.μ.', utc(2024, 3, 1, 15, 15)],
    ['1 Μαρ 2024, 12:15 π.μ.', utc(2024, 3, 1, 0, 15)],
    ['1 Mart 2024 15:09', utc(2024, 3, 1, 15, 9)],
    ['1 марта 2024 г., 15:09', utc(2024, 3, 1, 15, 9)],
    ['1 березня 2024 р. о 15:09', utc(2024, 3, 1, 15, 9)],
    ['1 Maret 2024 pukul 15:09', utc(2024, 3, 1, 15, 9)],
    ['1. marec 2024', utc(2024, 3, 1)],
    ['15/01/23', utc(2023, 1, 15)],
    ['15.1.2023 3:05 pm', utc(2023, 1, 15, 15, 5)],
    ['1/15/2023 12:00:01 AM', utc(2023, 1, 15, 0, 0, 1)],
    ['1/15/2023 12:30 p.m.', utc(2023, 1, 15, 12, 30)],
    ['2024-03-01T12:00:00+02:00', utc(2024, 3, 1, 10)],
    ['2024-03-01 12:00:00 +0200', utc(2024, 3, 1, 10)],
    ['2024-03-01 12:00:00 CET', utc(2024, 3, 1, 11)],
    // A standard offset all year, whatever a region does in summer.
    ['2024-07-01 12:00:00 CET', utc(2024, 7, 1, 11)],
    ['2024-07-01 12:00 America/New_York', utc(2024, 7, 1, 16)],
    ['2024-01-01 12:00 America/New_York', utc(2024, 1, 1, 17)],
    ['2024-07-01T12:00:00+02:00[Europe/Prague]', utc(2024, 7, 1, 10)],
    ['Fri, 01 Mar 2024 12:00:00 GMT', utc(2024, 3, 1, 12)],
    ['Fri Mar 01 12:00:00 +0000 2024', utc(2024, 3, 1, 12)],
    ['Fri Mar 01 2024 12:00:00 GMT+0100 (Central European Standard Time)', utc(2024, 3, 1, 11)],
    ['01/Mar/2024:12:00:00 +0200', utc(2024, 3, 1, 10)],
    ['March 1st, 2024', utc(2024, 3, 1)],
    ['vendredi 1 mars 2024', utc(2024, 3, 1)],
    ['mar. 5 mars 2024', utc(2024, 3, 5)],
    ['1. März 2024', utc(2024, 3, 1)],
    ['1 de marzo de 2024', utc(2024, 3, 1)],
    ['1. března 2024', utc(2024, 3, 1)],
    ['1 października 2024', utc(2024, 10, 1)],
    ['45291', utc(2023, 12, 31)],
    ['45291.75', utc(2023, 12, 31, 18)],
    ['45291.541666666664', utc(2023, 12, 31, 13)],
    ['20230115', utc(2023, 1, 15)],
    ['20230115123000', utc(2023, 1, 15, 12, 30)],
    ['2015', utc(2015, 1, 1)],
    ['201506', utc(2015, 6, 1)],
    ['1700000000', 1_700_000_000],
    ['1700000000.25', 1_700_000_000.25],
    ['1700000000123', 1_700_000_000.123],
    ['1700000000123456', 1_700_000_000.123456],
    ['1700000000123456789', 1_700_000_000.123456],
    ['2024-03-01T12:00:00.123456789Z', utc(2024, 3, 1, 12) + 0.123456],
    ['637828040400000000', utc(2022, 3, 13, 21, 34)],
    ['637828040400000017', utc(2022, 3, 13, 21, 34) + 0.000001],
    ['132919944000000000', utc(2022, 3, 17, 12, 40)],
    ['13291994400123456', utc(2022, 3, 17, 12, 40) + 0.123456],
    ['44622,4513888889', utc(2022, 3, 2, 10, 50)],
    ['2022Q2', utc(2022, 4, 1)],
    ['2022-Q4', utc(2022, 10, 1)],
    ['Q1 2022', utc(2022, 1, 1)],
    ['2022-W05', utc(2022, 1, 31)],
    ['2022-05', utc(2022, 5, 1)],
    ['Jan-23', utc(2023, 1, 1)],
    ['März 22', utc(2022, 3, 1)],
    ['Mar-22', utc(2022, 3, 1)],
    ['20221202T150900Z', utc(2022, 12, 2, 15, 9)],
    ['20221202T1509+0100', utc(2022, 12, 2, 14, 9)],
    ['20221202T150900.5', utc(2022, 12, 2, 15, 9) + 0.5],
    ['2022-12-02T150900', utc(2022, 12, 2, 15, 9)],
    ['2024-03-01 12:00:00,5', utc(2024, 3, 1, 12) + 0.5],
  ])('%s', async (text, seconds) => {
    const { times, result } = await timesOf([text])
    expect(times).toEqual([seconds])
    expect(result.rejected).toBe(0)
  })

  test.each([
    '31/02/2024',
    '13/13/2024',
    '2024-03-01 25:00',
    'soon',
    'Mar-05',
    '05-Mar',
    '2024-W54',
    '2024Q5',
    '20240301T2560',
  ])('%s is none', async (text) => {
    const { times } = await timesOf(['2024-03-01', text])
    expect(times).toEqual([utc(2024, 3, 1), null])
  })
})

/** A day as the calendar of Iran writes it. */
function persian(seconds: number, order: 'year' | 'day'): string {
  const parts = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', {
    timeZone: 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(seconds * 1000))
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  const [year, month, day] = [of('year'), of('month'), of('day')]
  return order === 'year' ? `${year}/${month}/${day}` : `${day}/${month}/${year}`
}

test('days of the Solar Hijri calendar are those of the common era, from 1970 to 2045, which is said', async () => {
  const days = Array.from({ length: 400 }, (_, at) => utc(1970, 1, 2) + at * 69 * 86_400)
  for (const order of ['year', 'day'] as const) {
    const { times, warnings, result } = await timesOf(days.map((day) => persian(day, order)))
    expect(times).toEqual(days)
    expect(warnings.join('\n')).not.toContain('no time')
    expect(result.choices.map(({ value }) => value)).toContain(
      'days of the Solar Hijri calendar, as in Iran and Afghanistan',
    )
  }
  // 1404 is no leap year of that calendar, 1403 is one.
  const { times } = await timesOf(['1403/12/30', '1404/12/30', '1402/02/31'])
  expect(times).toEqual([utc(2025, 3, 20), null, utc(2023, 5, 21)])
})

describe('the order of day and month', () => {
  const days = Array.from({ length: 3000 }, (_, n) => `0${1 + (n % 9)}/0${1 + (n % 7)}/2024`)
  const with23 = (at: number, text: string): string[] => days.map((day, n) => (n === at ? text : day))

  test('is proven by the first day above 12, anywhere', async () => {
    const { times, warnings, result } = await timesOf(with23(2400, '23/02/2024'))
    expect(times[1]).toBe(utc(2024, 2, 2))
    expect(times[0]).toBe(utc(2024, 1, 1))
    expect(times[8]).toBe(utc(2024, 2, 9))
    expect(times[2400]).toBe(utc(2024, 2, 23))
    expect(warnings).toEqual([])
    // The header is line 1.
    expect(result.choices).toContainEqual(
      expect.objectContaining({ about: 'dates', value: 'day first', evidence: 'Line 2,402 has “23/02/2024”.' }),
    )
    expect((await timesOf(with23(2400, '02/23/2024'))).times[8]).toBe(utc(2024, 9, 2))
  })

  test('is proven by weekdays', async () => {
    // 5 April 2024 was a Friday; 4 May was a Saturday.
    expect((await timesOf(['Fri, 05/04/2024'])).times).toEqual([utc(2024, 4, 5)])
    expect((await timesOf(['Sat, 05/04/2024'])).times).toEqual([utc(2024, 5, 4)])
  })

  test('is a guess with a warning if nothing proves it', async () => {
    for (const [text, seconds] of [
      ['03/04/2024', utc(2024, 3, 4)],
      ['03.04.2024', utc(2024, 4, 3)],
    ] as const) {
      const { times, warnings } = await timesOf([text])
      expect(times).toEqual([seconds])
      expect(warnings.join()).toMatch(/(day|month) first is a guess.*--dates/)
    }
    expect((await timesOf(['03/03/2024'])).warnings).toEqual([])
    expect((await timesOf(['03/04/2024'], { reading: { dateOrder: 'dayFirst' } })).warnings).toEqual([])
  })

  test('is refused with both lines if dates prove both', async () => {
    expect(await refusal(['23/02/2024', '02/23/2024'])).toMatch(
      /“when”.*line 2 has “23\/02\/2024”, line 3 has “02\/23\/2024”.*--dates/,
    )
    const { times } = await timesOf(['23/02/2024', '02/23/2024'], { reading: { dateOrder: 'dayFirst' } })
    expect(times).toEqual([utc(2024, 2, 23), null])
  })

  test('is that of nearly all dates, said with the one that is otherwise', async () => {
    const { times, warnings } = await timesOf([...with23(5, '23/02/2024'), '02/23/2024'])
    expect(times[5]).toBe(utc(2024, 2, 23))
    expect(times.at(-1)).toBeNull()
    expect(warnings.join()).toContain('line 3,002 has “02/23/2024”')
  })

  test('is one for all files', async () => {
    const first = write('a.csv', 'user,item,when\nu,a,03/04/2024\n')
    const second = write('b.csv', 'user,item,when\nu,b,23/04/2024\n')
    const result = await load([first, second], columns)
    expect(imported(result).u).toEqual([
      ['a', utc(2024, 4, 3)],
      ['b', utc(2024, 4, 23)],
    ])
    expect(result.choices).toContainEqual(
      expect.objectContaining({
        evidence:
          'Line 2 of b.csv has “23/04/2024”. No day above 12 proves it in a.csv, which is read in the same order.',
      }),
    )
  })

  test('is each file’s own where each proves another, which is likely and names the lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 })), {
          minLength: 2,
          maxLength: 20,
        }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 })), {
          minLength: 2,
          maxLength: 60,
        }),
        async (first, second) => {
          const two = (number: number): string => String(number).padStart(2, '0')
          const rows = (user: string, days: readonly (readonly [number, number])[], dayFirst: boolean): string =>
            `user,item,when\n${[...days, [31, 1] as const]
              .map(
                ([day, month], row) =>
                  `${user},i${row},${(dayFirst ? [day, month] : [month, day]).map(two).join('/')}/2024`,
              )
              .join('\n')}\n`
          const [a, b] = [write('a.csv', rows('u', first, true)), write('b.csv', rows('v', second, false))]
          const result = await load([a, b], columns)
          expect(result.rejected).toBe(0)
          const stored = imported(result)
          for (const [user, days] of [
            ['u', first],
            ['v', second],
          ] as const)
            expect(new Map(stored[user]?.map(([item, time]) => [item, time]))).toEqual(
              new Map([...days, [31, 1] as const].map(([day, month], row) => [`i${row}`, utc(2024, month, day)])),
            )
          const said = result.choices.filter(({ about }) => about === 'dates')
          expect(said.map(({ file, value, certainty }) => [file, value, certainty])).toEqual([
            ['a.csv', 'day first', 'likely'],
            ['b.csv', 'month first', 'likely'],
          ])
          expect(said[0]?.evidence).toMatch(
            /^Line \d+ of a\.csv has “\d\d\/\d\d\/2024”\. Another file proves another order/,
          )
          expect(keptReading({}, result.choices).dateOrder).toBeUndefined()
          store.datasets.delete(result.dataset)
        },
      ),
      { numRuns: 6 },
    )
  })

  test('is refused where files prove different ones and another proves none, naming their lines and the option', async () => {
    const files = [
      write('a.csv', 'user,item,when\nu,a,13/01/2024\nu,b,01/02/2024\n'),
      write('b.csv', 'user,item,when\nu,c,01/13/2024\nu,d,02/01/2024\n'),
      write('c.csv', 'user,item,when\nu,e,03/04/2024\n'),
    ]
    await expect(load(files, columns)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message:
        'The dates of the column “when” have different orders of day and month: line 2 of a.csv has “13/01/2024” (day first), line 2 of b.csv has “01/13/2024” (month first), but the order in c.csv is not clear.',
      next: 'Import c.csv by itself, or choose one order for all with --dates (Dates in the app).',
    })
    const result = await load(files, columns, { reading: { dateOrder: 'dayFirst' } })
    expect(result.rejected).toBe(1)
    expect(warningsOf(result.choices).join()).toContain('It was chosen, but line 2 of b.csv has “01/13/2024”.')
  })

  test('years that come first', async () => {
    expect((await timesOf(['23/01/15', '99/12/31'])).times).toEqual([utc(2023, 1, 15), utc(1999, 12, 31)])
    expect(await refusal(['2024-15-03', '2024-05-03'])).toMatch(/year, day and month.*line 2.*--time none.*Time/)
  })
})

describe('numbers as times', () => {
  test('seconds and milliseconds in one column are read by their range, and this is reported', async () => {
    const { times, warnings } = await timesOf(['1700000000', '1700000001000'])
    expect(times).toEqual([1_700_000_000, 1_700_000_001])
    expect(warnings.join()).toMatch(/seconds since 1970 and milliseconds since 1970 is a guess/)
  })

  test.each(['0', '-1', '2147483647', '9999-12-31', '0000-00-00', '253402300799'])(
    '%s is no time, and called so',
    async (none) => {
      const { times, warnings, result } = await timesOf(['1700000000', '1700000001', none])
      expect(times).toEqual([1_700_000_000, 1_700_000_001, null])
      expect(warnings.join()).toContain(`Line 4 has “${none}”`)
      expect(rejects(result).map(({ line }) => line)).toEqual([4])
    },
  )

  test('1970-01-01 means no time if no other time is near it', async () => {
    const { times, warnings } = await timesOf(['2024-01-01 00:00:00', '1970-01-01 00:00:00'])
    expect(times).toEqual([utc(2024, 1, 1), null])
    expect(warnings.join()).toContain('Line 3 has “1970-01-01 00:00:00”')
  })

  test('numbers that are dates in no unit order interactions, and this is reported', async () => {
    const { times, warnings } = await timesOf(['3', '1', '2'])
    expect(times).toEqual([3, 1, 2])
    expect(warnings.join()).toMatch(/a sequence, not dates is a guess.*--times/)
  })

  test('what may be several things is asked', async () => {
    expect(await refusal(['1700000000', '5', '6', '7', '8'])).toMatch(
      /“when” are of several kinds.*--times.*--time none/,
    )
    const { times, warnings } = await timesOf(['20150301', '20150302'], { reading: { times: 'seconds' } })
    expect(times).toEqual([20_150_301, 20_150_302])
    expect(warnings).toEqual([])
  })

  test('Excel’s numbers beside dates cause a warning', async () => {
    const { warnings } = await timesOf(['45291', '45292', '23/01/2024'])
    expect(warnings.join()).toMatch(/Excel may have swapped day and month/)
  })

  test('ticks that may be nanoseconds of 1990 are a guess, counts of Windows and WebKit are not', async () => {
    const { warnings } = await timesOf(['637828040400000000', '637828040500000000'])
    expect(warnings.join()).toMatch(
      /\.NET counts them is a guess\..*nanoseconds since 1970 they would lie in 1990.*--times/,
    )
    expect((await timesOf(['637828040400000000'], { reading: { times: 'ticks' } })).warnings).toEqual([])
    expect((await timesOf(['637828040400000000'], { reading: { times: 'nanoseconds' } })).times).toEqual([
      637_828_040.4,
    ])
    for (const text of ['132919944000000000', '13291994400123456']) expect((await timesOf([text])).warnings).toEqual([])
  })

  test('nanoseconds of 1990 among later ones are nanoseconds', async () => {
    const { times, warnings } = await timesOf(['640000000000000000', '1700000000000000000'])
    expect(times).toEqual([640_000_000, 1_700_000_000])
    expect(warnings).toEqual([])
  })

  test('a month and two digits are its year, which is a guess where all may be days', async () => {
    expect((await timesOf(['Jan-23', 'Feb-22'])).warnings.join()).toMatch(/a guess\..*may be a day without its year/)
    expect((await timesOf(['Jan-23', 'Feb-98'])).warnings).toEqual([])
  })

  test('ticks are in order even where they are the same microsecond', async () => {
    const { result } = await timesOf(['637828040400000007', '637828040400000003', '637828040400000005'])
    expect(imported(result).u?.map(([item]) => item)).toEqual(['i1', 'i2', 'i0'])
  })

  test('nanoseconds are in order even where they are the same microsecond', async () => {
    const { result } = await timesOf(['1700000000000000700', '1700000000000000300', '1700000000000000500'])
    expect(imported(result).u?.map(([item]) => item)).toEqual(['i1', 'i2', 'i0'])
    const texts = ['700', '300', '500'].map((nanos) => `2024-03-01T12:00:00.123456${nanos}Z`)
    expect(imported((await timesOf(texts)).result).u?.map(([item]) => item)).toEqual(['i1', 'i2', 'i0'])
  })

  test('13:00:00 of a workbook is not 12:59:59.999', async () => {
    const serial = 45291.541666666664
    const rows = [['user', 'item', 'when'], ...[0, 1, 2].map((n) => ['u', `i${n}`, serial + n])]
    const result = await load(write('dates.xlsx', Buffer.from(xlsx(rows, { dates: [2] }))), columns)
    expect(imported(result).u?.map(([, time]) => time)).toEqual(
      [0, 1, 2].map((n) => utc(2023, 12, 31, 13) + n * 86_400),
    )
  })
})

/** The seconds of each number in a column of times that are said to be a sequence. */
async function sequenceOf(numbers: readonly (number | string)[]): Promise<(number | null)[]> {
  const { times, warnings, result } = await timesOf(numbers.map(String))
  expect(warnings.join()).toMatch(/column "when": a sequence, not dates is a guess\..*--times/)
  expect(warnings).toHaveLength(1)
  expect(result.rejected).toBe(0)
  return times
}

describe('numbers that count from another moment than an epoch', () => {
  test('those below zero are kept, whatever the range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 60_000 }),
        fc.integer({ min: 5, max: 80_000 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 40, maxLength: 40 }),
        async (before, after, shares) => {
          const numbers = shares.map((share) => Math.round((share / 1000) * (before + after)) - before)
          const relative = [-before, 1 - before, after, -1, 0, ...numbers]
          expect(await sequenceOf(relative)).toEqual(relative)
        },
      ),
      { numRuns: 10, seed: 8 },
    )
  })

  test('all of them may be below zero', async () => {
    expect(await sequenceOf([-30, -25, -12])).toEqual([-30, -25, -12])
  })

  test('rows without a number are older than those below zero, where they are kept', async () => {
    const reading = { missingTimes: 'oldest', times: 'sequence' } as const
    const { times } = await timesOf(['-30', '', '5'], { reading })
    expect(times).toEqual([-30, -31, 5])
  })

  test('a few that have the digits of a day are no days among many that have not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 12 }),
        fc.constantFrom(22_000_000, 26_000_000, 60_000_000),
        fc.shuffledSubarray([19_360_105, 19_991_231, 20_240_301, 20_000_101], { minLength: 1, maxLength: 3 }),
        async (step, most, days) => {
          const count = 40 * days.length
          const numbers = Array.from({ length: count }, (_, n) => Math.floor((most / count) * ((n * step * 7) % count)))
          const all = [...numbers, ...days]
          expect(await sequenceOf(all)).toEqual(all)
        },
      ),
      { numRuns: 8, seed: 8 },
    )
  })

  test('it is said which number looks like a day, and the range includes all', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n * 650_000 - 1000)
    const { warnings } = await timesOf([...numbers, 19_360_105].map(String))
    expect(warnings.join()).toContain(
      '41 numbers from -1000 to 25349000. Together they are not dates between 1973 and 2100 in any unit, although 1 number looks like one by chance: line 42 has “19360105”.',
    )
  })

  test('milliseconds since a start that run into the range of seconds since 1970 are none of these', async () => {
    const numbers = Array.from({ length: 200 }, (_, n) => n * 2_000_000)
    expect(await sequenceOf(numbers)).toEqual(numbers)
  })

  test.each([
    ['days with a code below zero', [...Array<string>(20).fill('20240301'), '-999', '-999']],
    ['seconds with codes below zero', [...Array<string>(20).fill('1700000000'), '-999', '-5']],
    ['days since 1900 with a code', [...Array<string>(20).fill('45291'), '-999', '-999']],
  ])('%s are still dates', async (_, texts) => {
    const { times, result } = await timesOf(texts)
    expect(times.slice(0, 20).every((time) => (time ?? 0) > 1.6e9)).toBe(true)
    expect(rejects(result).map(({ reason }) => reason)).toEqual(['time is before 1970', 'time is before 1970'])
  })

  test('half days and half other numbers are asked for', async () => {
    expect(await refusal(['20240301', '20240302', '5', '6000'])).toMatch(
      /“when” are of several kinds.*--times.*--time none/,
    )
  })
})

/** Texts of moments in one random way of writing them. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'cs', 'nl', 'pl', 'pt'] as const
const two = (n: number): string => String(n).padStart(2, '0')
const parts = (seconds: number, offset: number) => {
  const date = new Date((seconds + offset * 60) * 1000)
  return {
    y: date.getUTCFullYear(),
    m: date.getUTCMonth() + 1,
    d: date.getUTCDate(),
    h: date.getUTCHours(),
    min: date.getUTCMinutes(),
    s: date.getUTCSeconds(),
    date,
  }
}
type Parts = ReturnType<typeof parts>
const nameOf = (part: 'month' | 'weekday', { date }: Parts, language: string, style: 'long' | 'short'): string =>
  new Intl.DateTimeFormat(language, { day: 'numeric', [part]: style, timeZone: 'UTC' })
    .formatToParts(date)
    .find(({ type }) => type === part)?.value ?? ''

const dateWriting = fc.oneof(
  fc.record({
    kind: fc.constant('numeric' as const),
    order: fc.constantFrom('dmy', 'mdy'),
    sign: fc.constantFrom('.', '/', '-', ' '),
    short: fc.boolean(),
    pad: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('ymd' as const), sign: fc.constantFrom('-', '/', '.', '') }),
  fc.record({
    kind: fc.constant('named' as const),
    language: fc.constantFrom(...languages),
    style: fc.constantFrom('long' as const, 'short' as const),
    monthFirst: fc.boolean(),
    weekday: fc.boolean(),
  }),
)
const clockWriting = fc.constantFrom('', 'h:m', 'h:m:s', 'h:m:s AM', 'h:m am', 'h:m:s p.m.')
const zoneWriting = fc.constantFrom<readonly [string, number]>(
  ['', 0],
  [' Z', 0],
  ['+02:00', 120],
  [' -0330', -210],
  [' GMT', 0],
  [' CET', 60],
  [' PDT', -420],
)
const writing = fc.record({
  date: dateWriting,
  clock: clockWriting,
  zone: zoneWriting,
  delimiter: fc.constantFrom('\t', ';', '|'),
})
type Writing = typeof writing extends fc.Arbitrary<infer W> ? W : never

const clockText = (clock: string, { h, min, s }: Parts): string => {
  if (clock === '') return ''
  const seconds = clock.includes(':s') ? `:${two(s)}` : ''
  if (!/[ap]\.?m/i.test(clock)) return ` ${two(h)}:${two(min)}${seconds}`
  const half = h < 12 ? 'a' : 'p'
  const sign = clock.endsWith('AM') ? `${half}m`.toUpperCase() : clock.endsWith('am') ? `${half}m` : `${half}.m.`
  return ` ${h % 12 || 12}:${two(min)}${seconds} ${sign}`
}

function dateText(date: Writing['date'], of: Parts): string {
  const { y, m, d } = of
  if (date.kind === 'ymd') return [y, two(m), two(d)].join(date.sign)
  if (date.kind === 'named') {
    const month = nameOf('month', of, date.language, date.style)
    const weekday = date.weekday ? `${nameOf('weekday', of, date.language, date.style)} ` : ''
    return weekday + (date.monthFirst ? `${month} ${d}, ${y}` : `${d} ${month} ${y}`)
  }
  const pad = date.pad || date.short ? two : String
  const year = date.short ? two(y % 100) : String(y)
  return (date.order === 'dmy' ? [pad(d), pad(m), year] : [pad(m), pad(d), year]).join(date.sign)
}

test('dates in any language, order and zone are read correctly, or a warning says that they may not be', async () => {
  const moment = fc.integer({ min: utc(2001, 1, 1), max: utc(2025, 12, 31) })
  let [right, guessed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.array(moment, { minLength: 1, maxLength: 12 }),
      writing,
      fc.constantFrom(null, '', 'soon', '99', '31/31/2020'),
      async (moments, { date, clock, zone: [zone, offset], delimiter }, noise) => {
        const step = clock === '' ? 86_400 : clock.includes(':s') ? 1 : 60
        const truth = moments.map((seconds) =>
          clock === '' ? seconds - (seconds % 86_400) : seconds - (seconds % step),
        )
        const shift = clock === '' ? 0 : offset
        const texts = truth.map((seconds) => {
          const of = parts(seconds, shift)
          return dateText(date, of) + clockText(clock, of) + (clock === '' ? '' : zone)
        })
        // Eight digits alone are a number; with a time of day they are not.
        const all = noise === null ? texts : [...texts, noise]
        const read = await timesOf(all, { delimiter }).catch((error: unknown) => error as StudioError)
        if ('message' in read) {
          expect(read.message).toMatch(/when|No row/)
          return
        }
        const isRight = truth.every((seconds, n) => read.times[n] === seconds)
        const said = read.warnings.some((warning) => /(day|month|year) first is a guess/.test(warning))
        if (isRight) right++
        else guessed++
        expect({ texts, times: read.times, right: isRight || said }).toEqual({ texts, times: read.times, right: true })
        // Where a day above 12 proves the order, nothing is left to guess.
        const proven = date.kind !== 'numeric' || (!date.short && truth.some((seconds) => parts(seconds, shift).d > 12))
        const unsure = read.warnings.filter(
          (warning) => !/no time for|rows without a time|an import without/.test(warning),
        )
        if (proven) expect({ texts, isRight, warnings: unsure }).toMatchObject({ isRight: true, warnings: [] })
      },
    ),
    { numRuns: 60 },
  )
  expect(right).toBeGreaterThan(4 * guessed)
}, 300_000)

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StudioError } from '../../src/shared/errors'
import type { ImportResult } from '../../src/shared/datasets'
import { type ReadingOverrides, warningsOf } from '../../src/shared/reading'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, named, rejects, store, write } from './import-library'
import { xlsx } from './workbook.fixture'

const columns = { ...named, rating: null, time: 'when' }

/** Imports one interaction of one user for each text, and gives back the seconds of each; null: rejected. */
async function timesOf(
  texts: readonly string[],
  reading?: ReadingOverrides,
): Promise<{ times: (number | null)[]; result: ImportResult; warnings: string[] }> {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const rows = texts.map((text, n) => `u\ti${n}\t${text}`)
  const result = await load(write('t.txt', `user\titem\twhen\n${rows.join('\n')}\n`), columns, { reading })
  const of = new Map(imported(result).u?.map(([item, time]) => [item, Number(time)]))
  return { times: texts.map((_, n) => of.get(`i${n}`) ?? null), result, warnings: warningsOf(result.choices) }
}
const refusal = (texts: readonly string[]): Promise<string> =>
  timesOf(texts).then(
    () => 'not refused',
    (error: unknown) => `${(error as StudioError).message} ${(error as StudioError).next}`,
  )

const utc = (...of: [number, number, ...number[]]): number => Date.UTC(of[0], of[1] - 1, ...of.slice(2)) / 1000
const two = (number: number): string => String(number).padStart(2, '0')
/** Moments of which at least one has a day beyond 12, which shows the order of day and month. */
const moments = fc
  .array(fc.integer({ min: utc(2001, 1, 1), max: utc(2025, 12, 31) }), { minLength: 1, maxLength: 15 })
  .map((all) => [...all, utc(2014, 12, 26, 19, 4, 7)])
const fieldsOf = (seconds: number) => {
  const date = new Date(seconds * 1000)
  const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  const start = utc(y, 1, 1)
  return {
    y: String(y),
    m: two(m),
    d: two(d),
    h: two(date.getUTCHours()),
    min: two(date.getUTCMinutes()),
    s: two(date.getUTCSeconds()),
    ofYear: String(Math.floor((seconds - start) / 86_400) + 1).padStart(3, '0'),
  }
}
type Fields = ReturnType<typeof fieldsOf>

/** Days with the year first or last. */
const dayWriting = fc.oneof(
  fc.constantFrom('-', '/', '.').map((sign) => ({ sign, of: ({ y, m, d }: Fields) => [y, m, d].join(sign) })),
  fc.constantFrom('-', '/', '.').map((sign) => ({ sign, of: ({ y, m, d }: Fields) => [d, m, y].join(sign) })),
  fc.constant({ sign: '', of: ({ y, m, d }: Fields) => y + m + d }),
)
interface ClockWriting {
  /** The finest field, in seconds. */
  readonly step: number
  /** Signs between the day and the time of day. */
  readonly joints: readonly string[]
  readonly of: (fields: Fields) => string
}
const clockWritings: readonly ClockWriting[] = [
  { step: 3600, joints: [' ', '_', 'T'], of: ({ h }) => h },
  { step: 3600, joints: [' '], of: ({ h }) => `${Number(h)}h` },
  { step: 1, joints: [' ', '-', '_', 'T', '/'], of: ({ h, min, s }) => `${h}:${min}:${s}` },
  { step: 1, joints: [' ', '-', '_', 'T'], of: ({ h, min, s }) => `${h}-${min}-${s}` },
  { step: 1, joints: [' ', '-', '_', 'T'], of: ({ h, min, s }) => `${h}.${min}.${s}` },
  { step: 1, joints: [' ', '-', '_', 'T'], of: ({ h, min, s }) => h + min + s },
  { step: 60, joints: ['_'], of: ({ h, min }) => `${h}-${min}` },
  { step: 60, joints: ['_', 'T', ' '], of: ({ h, min }) => h + min },
  { step: 60, joints: ['_', 'T', ' '], of: ({ h, min }) => `${h}:${min}` },
]

test('a day and a time of day are read with any signs between and within them', async () => {
  await fc.assert(
    fc.asyncProperty(
      moments,
      dayWriting,
      fc.constantFrom(...clockWritings),
      fc.nat(),
      async (all, day, { step, joints, of }, which) => {
        const joint = joints[which % joints.length] ?? ' '
        const truth = all.map((seconds) => seconds - (seconds % step))
        const texts = truth.map(fieldsOf).map((fields) => day.of(fields) + joint + of(fields))
        const { times, result, warnings } = await timesOf(texts)
        expect({ texts, times }).toEqual({ texts, times: truth })
        expect(warnings).toEqual([])
        const hours = result.choices.filter(({ value }) => value === 'hours without minutes')
        expect(hours).toHaveLength(step === 3600 ? 1 : 0)
      },
    ),
    { numRuns: 30 },
  )
}, 120_000)

test('hours and minutes after a day with hyphens are not taken for an offset from UTC that stands there', async () => {
  expect((await timesOf(['2024-03-01-05:00', '2024-03-02-06:00', '2024-03-03'])).times).toEqual([
    null,
    null,
    utc(2024, 3, 3),
  ])
  expect((await timesOf(['2024-03-01 10-05', '2024-03-03'])).times).toEqual([null, utc(2024, 3, 3)])
  expect((await timesOf(['2022/05/23-19:16'])).times).toEqual([utc(2022, 5, 23, 19, 16)])
})

test('numbers of the orders of a day are no times of day, and their column is not one of times', async () => {
  const orders = Array.from({ length: 40 }, (_, n) => `u${n % 6},i${n % 7},20240301-${String(n * 7).padStart(6, '0')}`)
  const file = write('orders.csv', `user,item,reference\n${orders.join('\n')}\n`)
  const { mapping } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(mapping).toEqual({ user: 'user', item: 'item', rating: null, time: null })
  expect(await refusal(['20240301-000101', '20240301-000199'])).toMatch(/no times of day: line 3 has “20240301-000199”/)
})

test('numbers after days that are beyond 24 are no hours, which is refused with a line', async () => {
  expect(await refusal(['2014-12-06 19', '2014-12-06 31', '2014-12-06 3'])).toMatch(
    /“when” has numbers after its days that are no times of day: line 3 has “2014-12-06 31”\. .*--time none/,
  )
})

test('times of day with signs of Chinese, Japanese and Korean', async () => {
  const writings: readonly ((fields: Fields) => string)[] = [
    ({ y, m, d, h, min }) => `${y}年${Number(m)}月${Number(d)}日 ${Number(h)}時${Number(min)}分`,
    ({ y, m, d, h, min }) => `${y}年${m}月${d}日${h}时${min}分`,
    ({ y, m, d, h, min }) => `${y}년 ${Number(m)}월 ${Number(d)}일 ${Number(h)}시 ${min}분`,
    ({ y, m, d, h, min }) => `${y}/${m}/${d} ${Number(h) < 12 ? '午前' : '午後'}${Number(h) % 12}時${min}分`,
    ({ y, m, d, h, min }) => `${y}-${m}-${d} ${h}點${min}分`,
  ]
  const withSeconds: readonly ((fields: Fields) => string)[] = writings.map(
    (of) => (fields) => `${of(fields)}${fields.s}秒`,
  )
  await fc.assert(
    fc.asyncProperty(moments, fc.nat({ max: writings.length - 1 }), fc.boolean(), async (all, which, seconds) => {
      const truth = all.map((moment) => (seconds ? moment : moment - (moment % 60)))
      const texts = truth.map(fieldsOf).map((seconds ? withSeconds : writings)[which] ?? String)
      const { times } = await timesOf(texts)
      expect({ texts, times }).toEqual({ texts, times: truth })
    }),
    { numRuns: 20 },
  )
})

test.each([
  ['2021年5月3日 18時', utc(2021, 5, 3, 18)],
  ['5 de julho de 2021 18:43 hs.', utc(2021, 7, 5, 18, 43)],
  ['5.7.2021 18:43 hod.', utc(2021, 7, 5, 18, 43)],
  ['2023-W06', utc(2023, 2, 6)],
  ['2023-W06-3', utc(2023, 2, 8)],
  ['2023-W06-3T12:30', utc(2023, 2, 8, 12, 30)],
  ['May 2023', utc(2023, 5, 1)],
  ['2023/05', utc(2023, 5, 1)],
  ['05/2023', utc(2023, 5, 1)],
  ['20130606055531388', utc(2013, 6, 6, 5, 55, 31) + 0.388],
  ['20130606055559999', utc(2013, 6, 6, 5, 55, 59) + 0.999],
  ['20130606T055531Z', utc(2013, 6, 6, 5, 55, 31)],
  ['20130606T055531.388', utc(2013, 6, 6, 5, 55, 31) + 0.388],
  ['2014-12-06 19+02:00', utc(2014, 12, 6, 17)],
])('%s', async (text, seconds) => {
  const { times, result } = await timesOf([text])
  expect(times[0]).toBeCloseTo(seconds, 6)
  expect(result.rejected).toBe(0)
})

describe('days of the year', () => {
  test('are read with and without a time of day, and said', async () => {
    await fc.assert(
      fc.asyncProperty(moments, fc.constantFrom('-', '/', ' '), fc.boolean(), async (all, sign, clock) => {
        const step = clock ? 60 : 86_400
        const truth = all.map((seconds) => seconds - (seconds % step))
        const texts = truth
          .map(fieldsOf)
          .map(({ y, ofYear, h, min }) => `${y}${sign}${ofYear}${clock ? ` ${h}:${min}` : ''}`)
        const { times, result, warnings } = await timesOf(texts)
        expect({ texts, times }).toEqual({ texts, times: truth })
        expect(warnings).toEqual([])
        expect(result.choices.map(({ value }) => value)).toContain('days of the year as 2023-036')
      }),
      { numRuns: 15 },
    )
  })

  test('are none where one number is beyond the year', async () => {
    await expect(timesOf(['2023-036', '2023-367', '2023-101'])).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect((await timesOf(['2023-366', '2024-366', '2024-03-01'])).times).toEqual([null, null, utc(2024, 3, 1)])
    expect((await timesOf(['2024-366', '2024-03-01'])).times).toEqual([utc(2024, 12, 31), utc(2024, 3, 1)])
  })
})

describe('months with a point', () => {
  test('are months where all values are, and numbers elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(moments, fc.boolean(), async (all, padded) => {
        const fields = all.map(fieldsOf)
        const texts = fields.map(({ y, m }) => `${padded ? m : Number(m)}.${y}`)
        const { times, warnings } = await timesOf(texts)
        expect({ texts, times }).toEqual({ texts, times: fields.map(({ y, m }) => utc(Number(y), Number(m))) })
        const sure = texts.some((text) => text.startsWith('0'))
        expect(warnings.join()).toMatch(sure ? /^$/ : /months as 05\.2023 is a guess\..*--times sequence/)
      }),
      { numRuns: 15 },
    )
    expect((await timesOf(['10.2034', '11.1999', '12.5'])).times).toEqual([10.2034, 11.1999, 12.5])
    expect((await timesOf(['10.2034', '11.1999'], { times: 'sequence' })).times).toEqual([10.2034, 11.1999])
  })
})

describe('numbers with a year of two digits', () => {
  const many = moments.filter((all) => new Set(all.map((seconds) => Math.floor(seconds / 86_400))).size >= 5)

  test('are days or hours if all numbers of the column are, which is a guess that names what else they may be', async () => {
    await fc.assert(
      fc.asyncProperty(many, fc.boolean(), async (all, hours) => {
        const step = hours ? 3600 : 86_400
        const truth = all.map((seconds) => seconds - (seconds % step))
        const texts = truth.map(fieldsOf).map(({ y, m, d, h }) => y.slice(2) + m + d + (hours ? h : ''))
        const { times, warnings } = await timesOf(texts)
        expect({ texts, times }).toEqual({ texts, times: truth })
        expect(warnings.join()).toMatch(
          hours ? /hours as 24033112 is a guess\..*--times/ : /days as 240331 is a guess\..*--times/,
        )
      }),
      { numRuns: 20 },
    )
  })

  test('are not, if a number has no such digits, or they are few', async () => {
    const days = ['130606', '130607', '130711', '131231', '140101']
    for (const texts of [[...days, '131301'], days.slice(0, 4), [...days, '13060']])
      expect((await timesOf(texts)).times).toEqual(texts.map(Number))
    expect((await timesOf(['130606', '060105'], { times: 'yymmdd' })).times).toEqual([utc(2013, 6, 6), utc(2006, 1, 5)])
  })

  test('months as 202403 and days as 20240331 stay what they are', async () => {
    const months = ['200901', '201002', '201103', '201204', '201011', '201012']
    expect((await timesOf(months)).times[0]).toBe(utc(2009, 1))
    const days = ['20010112', '20010213', '20020101', '20031112', '20040101', '20051010']
    expect((await timesOf(days)).times[0]).toBe(utc(2001, 1, 12))
  })
})

test('a number that no calendar reaches in a workbook’s column of dates is rejected by its row', async () => {
  const rows = [['user', 'item', 'when'], ...[45_291.5, 1e12, 45_292, 1e20].map((when, n) => ['u', `i${n}`, when])]
  const file = write('dates.xlsx', Buffer.from(xlsx(rows, { dates: [2] })))
  const { warnings } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(warnings.join()).toMatch(/no time for 2 values is a guess\. Line 3 has “########”/)
  expect(rejects(await load(file, columns)).map(({ line, reason }) => [line, reason])).toEqual([
    [3, 'time is not a time'],
    [5, 'time is not a time'],
  ])
})

test('Vietnamese halves of the day are AM and PM, and a German Saturday is none', async () => {
  await fc.assert(
    fc.asyncProperty(
      moments,
      fc.constantFrom<readonly [string, string]>(['SA', 'CH'], ['S.A.', 'C.H.'], ['sáng', 'chiều']),
      fc.constantFrom(' ', ''),
      fc.boolean(),
      async (seconds, [am, pm], space, withSeconds) => {
        const whole = seconds.map((at) => (withSeconds ? at : at - (at % 60)))
        const texts = whole.map((at) => {
          const { y, m, d, h, min, s } = fieldsOf(at)
          const clock = `${two(Number(h) % 12 || 12)}:${min}${withSeconds ? `:${s}` : ''}`
          return `${d}/${m}/${y} ${clock}${space}${Number(h) < 12 ? am : pm}`
        })
        expect((await timesOf(texts)).times).toEqual(whole)
      },
    ),
    { numRuns: 8 },
  )
  expect((await timesOf(['13.01.2024 12:30 Sa', '14.01.2024 12:30 So'])).times).toEqual([
    utc(2024, 1, 13, 12, 30),
    utc(2024, 1, 14, 12, 30),
  ])
})

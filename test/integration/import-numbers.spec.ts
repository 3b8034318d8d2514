import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportResult } from '../../src/shared/datasets'
import type { StudioError } from '../../src/shared/errors'
import { type ReadingOverrides, warningsOf } from '../../src/shared/reading'
import { imported, load, named, pairs, store, write } from './import-library'

const columns = { ...pairs, time: null, rating: 'plays' }

interface How {
  readonly reading?: ReadingOverrides
  readonly delimiter?: string
}

/** Imports one interaction of one user for each text, and gives back the value of each; null: rejected. */
async function valuesOf(
  texts: readonly string[],
  { reading, delimiter = '\t' }: How = {},
): Promise<{ values: (number | null)[]; result: ImportResult; warnings: string[] }> {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const quoted = (text: string): string => (text.includes(delimiter) ? `"${text}"` : text)
  const rows = texts.map((text, n) => ['u', `i${n}`, quoted(text)].join(delimiter))
  const file = write('n.txt', [['user', 'item', 'plays'].join(delimiter), ...rows, ''].join('\n'))
  const result = await load(file, columns, { reading: { ...reading, delimiter } })
  const of = new Map(imported(result).u?.map(([item, value]) => [item, Number(value)]))
  return { values: texts.map((_, n) => of.get(`i${n}`) ?? null), result, warnings: warningsOf(result.choices) }
}

const refusal = async (texts: readonly string[]): Promise<string> => {
  const error = await valuesOf(texts).then(
    () => null,
    (reason: unknown) => reason as StudioError,
  )
  expect(error).toMatchObject({ code: 'BAD_INPUT' })
  return `${error?.message ?? ''} ${error?.next ?? ''}`
}

const [noBreak, thin, narrow] = ['\u00a0', '\u2009', '\u202f']

describe('numbers as people write them', () => {
  test.each<[string, readonly string[], readonly (number | null)[]]>([
    ['plain', ['1', '2.5', '.5', '1e3', '-4'], [1, 2.5, 0.5, 1000, -4]],
    ['decimal commas', ['4,5', '3', '12,25'], [4.5, 3, 12.25]],
    ['commas that group thousands beside decimals', ['1,200', '4.5', '12,345.75'], [1200, 4.5, 12_345.75]],
    ['points that group thousands beside decimals', ['1.200', '4,5', '12.345,75'], [1200, 4.5, 12_345.75]],
    ['several groups', ['1,200,300', '1,200'], [1_200_300, 1200]],
    ['Indian groups', ['12,34,567', '1,200'], [1_234_567, 1200]],
    ['spaces', ['1 200,5', '12 000', '7'], [1200.5, 12_000, 7]],
    ['no-break and thin spaces', [`1${noBreak}200`, `1${thin}300`, `1${narrow}400,5`], [1200, 1300, 1400.5]],
    ['apostrophes', ["1'200", '1’300.5', '4'], [1200, 1300.5, 4]],
    ['three decimals after a zero', ['0.125', '1.250'], [0.125, 1.25]],
    ['three decimals after a zero and a comma', ['0,125', '1,250'], [0.125, 1.25]],
    ['a minus sign', ['−4', '4,5'], [-4, 4.5]],
    ['other minus signs', ['−4', '–3', '7'], [-4, -3, 7]],
    ['a minus before a space or a currency', ['- 4', '-$3.50', '- $ 2', '7'], [-4, -3.5, -2, 7]],
    ['a minus after the number', ['3-', '1.234,50-', '4,5', '2 -'], [-3, -1234.5, 4.5, -2]],
    ['a minus after the number of a currency', ['3,00- €', '€ 2,00-', '4,50 €'], [-3, -2, 4.5]],
    ['a sign after every number', ['3-', '12+', '4+'], [-3, 12, 4]],
    ['parentheses of accounting', ['(3)', '(1,234.50)', '( $2.00 )', '$(4)', '5'], [-3, -1234.5, -2, -4, 5]],
    ['stars in words', ['4 stars', '1 star', '3.5 stars'], [4, 1, 3.5]],
    ['stars', ['★★★★☆', '★', '★★★½'], [4, 1, 3.5]],
    ['parts of one scale', ['4/5', '3.5/5', '1 / 5'], [4, 3.5, 1]],
    ['out of', ['4 out of 5', '2 out of 5'], [4, 2]],
    ['per cent', ['85%', '7,5 %'], [85, 7.5]],
    ['money', ['€ 1.200,50', '€ 3,00'], [1200.5, 3]],
  ])('%s', async (_, texts, values) => {
    const read = await valuesOf(texts)
    expect(read.values).toEqual(values)
    expect(read.warnings).toEqual([])
    expect(read.result.rejected).toBe(0)
  })

  test('a comma before three digits only is a guess that warns, beside tabs, semicolons and in quotes', async () => {
    for (const delimiter of ['\t', ';', ',']) {
      const { values, warnings } = await valuesOf(['1,200', '950', '12,000'], { delimiter })
      expect(values).toEqual([1200, 950, 12_000])
      expect(warnings.join()).toMatch(
        /column "plays": decimal point, thousands grouped by commas is a guess\. 2 numbers.*line 2 has “1,200”.*--decimal/,
      )
    }
  })

  test('a point before three digits only, too', async () => {
    const grouped = await valuesOf(['1.200', '950', '12.000'])
    expect([grouped.values, grouped.warnings.length]).toEqual([[1200, 950, 12_000], 1])
    const decimals = await valuesOf(['1.250', '3.500'])
    expect([decimals.values, decimals.warnings.length]).toEqual([[1.25, 3.5], 1])
  })

  describe('a mark before three digits only, beside other columns,', () => {
    const read = async (plays: string, others: readonly string[], sign = ';') => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const names = ['user', 'item', 'plays', ...others.map((_, at) => `other ${at}`)]
      const rows = [1, 2, 3].map((row) => ['u', `i${row}`, plays, ...others].map((text) => `"${text}"`).join(sign))
      const file = write('n.csv', [names.join(sign), ...rows, ''].join('\n'))
      const found = await previewImport({ ratings: [file], items: null, columns: { rating: 'plays' } }, store.library)
      const result = await load(file, columns)
      const choice = result.choices.find(({ about }) => about === 'numbers')
      expect(found.choices.filter(({ about }) => about === 'numbers')).toEqual([choice])
      return { value: imported(result).u?.[0]?.[1], choice, statistics: found.ratings.columns[2]?.statistics }
    }

    test.each<[string, string, readonly string[], number]>([
      ['a comma beside decimal commas', '1,000', ['12,34'], 1],
      ['a comma beside decimal points', '1,000', ['12.34'], 1000],
      ['a point beside decimal points', '1.000', ['Lamp', '12.34', '7'], 1],
      ['a point beside decimal commas', '1.000', ['03.01.2023', '12,34', '1.204,50'], 1000],
      ['a comma beside thousands in points', '2,500', ['1.204.500'], 2.5],
    ])('means the same as there: %s', async (_about, text, others, wanted) => {
      const { value, choice, statistics } = await read(text, others)
      expect(value).toBe(wanted)
      expect(statistics).toMatchObject({ min: String(wanted), max: String(wanted) })
      expect(choice?.certainty).toBe('likely')
      const proof = others.findIndex((other) => /^[\d.]+[.,]\d\d$|^1\.204\.500$/.test(other))
      expect(choice?.evidence).toBe(
        `Line 2 has “${text}”, which may have thousands or three decimals, but “other ${proof}” has a decimal ${/,\d\d$|500$/.test(others[proof] ?? '') ? 'comma' : 'point'}: line 2 has “${others[proof]}”.`,
      )
    })

    test.each<[string, readonly string[]]>([
      ['which contradict each other', ['12,34', '12.34']],
      ['which prove nothing', ['5', '2,000', 'Lamp', '03.01.2023']],
    ])('stays a guess beside columns %s', async (_about, others) => {
      const { value, choice } = await read('1,000', others)
      expect([value, choice?.certainty]).toEqual([1000, 'guess'])
    })
  })

  test('a person’s choice is not a guess', async () => {
    const texts = ['1,200', '1,250']
    expect(await valuesOf(texts, { reading: { decimalComma: true } })).toMatchObject({
      values: [1.2, 1.25].map(Math.fround),
      warnings: [],
    })
    expect(await valuesOf(texts, { reading: { thousands: 'comma' } })).toMatchObject({
      values: [1200, 1250],
      warnings: [],
    })
    await expect(valuesOf(texts, { reading: { decimalComma: true, thousands: 'comma' } })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
  })

  test('the proof may come late', async () => {
    const many = Array.from({ length: 30_000 }, (_, n) => String(1 + (n % 900)))
    expect((await valuesOf([...many, '1,200', '4,5'])).values.slice(-2)).toEqual([Math.fround(1.2), 4.5])
    expect((await valuesOf([...many, '1.200', '4.5'])).values.slice(-2)).toEqual([Math.fround(1.2), 4.5])
    const doubtful = await valuesOf([...many, '1.200'])
    expect([doubtful.values.at(-1), doubtful.warnings.length]).toEqual([1200, 1])
  })

  test('what contradicts itself is refused with two lines', async () => {
    expect(await refusal(['1,200', '1.300', '4'])).toMatch(/“plays”.*line \d has “1.[23]00”.*--decimal/)
    expect(await refusal(['4.5', '4,5', '1,200'])).toMatch(/line 2 has “4\.5”, line 3 has “4,5”.*line 4 has “1,200”/)
    expect(await refusal(['4/5', '8/10'])).toMatch(
      /several scales: line 2 has “4\/5”, line 3 has “8\/10”.*--rating none.*Rating/,
    )
  })

  test('points and commas before decimals are both read, and this is reported', async () => {
    const { values, warnings } = await valuesOf(['4.5', '3,5'])
    expect(values).toEqual([4.5, 3.5])
    expect(warnings.join()).toMatch(/line 3 has “3,5”/)
  })

  test('several currencies, and percentages beside plain numbers, are reported', async () => {
    expect((await valuesOf(['€ 4', '$ 5'])).warnings.join()).toMatch(/line \d has “[€$] \d”/)
    expect((await valuesOf(['85%', '0.9'])).warnings.join()).toContain('line 3 has “0.9”')
    expect((await valuesOf(['4/5', '3'])).warnings.join()).toContain('line 3 has “3”')
  })

  test('what is no number is rejected, not made one', async () => {
    const { values } = await valuesOf([
      '4,5',
      '1,2,3',
      '-4-',
      '(-4)',
      '3 CR',
      '3 S',
      '1-2',
      '(4',
      '4)',
      '--4',
      '12.34.56',
      '1 2',
      'four',
      '4 apples',
      '1,20,0',
      '3',
    ])
    expect(values).toEqual([4.5, ...Array.from({ length: 7 }, () => null), null, null, null, null, null, null, null, 3])
  })
})

describe('signs that may be none', () => {
  const statisticsOf = async (name: string, texts: readonly string[]) => {
    const rows = texts.map((value, n) => `u${n % 3};i${n % 5};${value}`).join('\n')
    const file = write('s.csv', `user;item;${name}\n${rows}\n`)
    const { ratings, mapping } = await previewImport({ ratings: [file], items: null }, store.library)
    return { statistics: ratings.columns[2]?.statistics, mapping }
  }

  test.each<[string, readonly string[], number]>([
    ['all numbers in parentheses', ['(3)', '(12)', '(1,234)'], 0],
    ['a hyphen after all numbers', ['3-', '12-'], 0],
    ['a plus, a minus and none', ['3-', '2+', '1'], 1],
    ['at least', ['3+', '2', '1'], 2],
    ['stars in parentheses', ['(3 stars)', '4 stars'], 1],
  ])('%s are no numbers below zero', async (_, texts, numbers) => {
    expect((await statisticsOf('plays', texts)).statistics).toMatchObject({ kind: 'text', numbers })
  })

  test('a minus after single digits is one of school grades in a column of grades, not in one of counts', async () => {
    const values = ['2-', '3', '1', '2', '4', '1-', '3', '2', '2', '1', '3', '2']
    expect((await statisticsOf('Note', values)).statistics).toMatchObject({ kind: 'text', numbers: 10 })
    const counts = await statisticsOf('Menge', values)
    expect(counts.statistics).toMatchObject({ kind: 'integer', min: '-2', max: '4' })
    expect(counts.mapping.count).toBe('Menge')
  })
})

test('numbers below zero are read however they are written, and it is said how', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 100_001, max: 9_999_999 }), { minLength: 4, maxLength: 12 }),
      fc.constantFrom<[string, (number: string) => string, string | null]>(
        ['-1', (number) => `-${number}`, null],
        ['−1', (number) => `−${number}`, null],
        ['- 1', (number) => `- ${number}`, null],
        ['1-', (number) => `${number}-`, 'a minus after them'],
        ['1 −', (number) => `${number} −`, 'a minus after them'],
        ['(1)', (number) => `(${number})`, 'in parentheses'],
        ['( 1 )', (number) => ` ( ${number} ) `, 'in parentheses'],
      ),
      fc.boolean(),
      fc.constantFrom('', '€', 'EUR'),
      async (cents, [, negative, said], commas, currency) => {
        const numbers = cents.map((cent, n) => (n % 2 === 0 ? cent : -cent) / 100)
        const texts = numbers.map((number) => {
          const [whole = '', fraction = ''] = Math.abs(number).toFixed(2).split('.')
          const [group, decimal] = commas ? ['.', ','] : [',', '.']
          const text = `${whole.replaceAll(/\B(?=(\d{3})+$)/g, group)}${decimal}${fraction}`
          return currency + (number < 0 ? negative(text) : text)
        })
        const read = await valuesOf(texts)
        expect(read.values).toEqual(numbers.map(Math.fround))
        expect(read.warnings).toEqual([])
        const choices = read.result.choices.filter(({ value }) => value.includes('below zero'))
        expect(choices.map(({ value }) => value)).toEqual(
          said === null ? [] : [`numbers ${said === 'in parentheses' ? said : `with ${said}`} are below zero`],
        )
      },
    ),
    { numRuns: 25, endOnFailure: true },
  )
})

/** Numbers in one random way of writing them. */
const writing = fc.record({
  decimal: fc.constantFrom('.', ','),
  group: fc.constantFrom('', ' ', noBreak, narrow, "'", '’', 'other'),
  places: fc.constantFrom(0, 1, 2, 3),
  shortest: fc.boolean(),
  affix: fc.constantFrom('', '€ ', '$'),
  delimiter: fc.constantFrom('\t', ';', '|', ','),
})
type Writing = typeof writing extends fc.Arbitrary<infer W> ? W : never

function numberText(value: number, { decimal, group, places, shortest, affix }: Writing): string {
  const text = shortest ? String(value) : value.toFixed(places)
  const [whole = '', fraction] = text.split('.')
  const sign = group === 'other' ? (decimal === '.' ? ',' : '.') : group
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, sign)
  return affix + grouped + (fraction === undefined ? '' : `${decimal}${fraction}`)
}

test('numbers in any notation are read correctly, or a warning says that they may not be', async () => {
  let [right, guessed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 2_000_000 })), { minLength: 1, maxLength: 10 }),
      writing,
      fc.constantFrom(null, 'four', '1,2,3'),
      async (numbers, how, noise) => {
        const truth = numbers.map((number) => Math.round(number * 10 ** how.places) / 10 ** how.places / 8)
        const rounded = truth.map((value) => Number(value.toFixed(how.places)))
        const texts = rounded.map((value) => numberText(value, how))
        const read = await valuesOf(noise === null ? texts : [...texts, noise], how).catch(
          (error: unknown) => error as StudioError,
        )
        if ('message' in read) {
          expect(read.message).toMatch(/“plays”|No row/)
          return
        }
        const isRight = rounded.every((value, n) => read.values[n] === Math.fround(value))
        if (isRight) right++
        else guessed++
        const said = read.warnings.some((warning) => /decimal (point|comma).* is a guess/.test(warning))
        expect({ texts, values: read.values, fine: isRight || said }).toEqual({
          texts,
          values: read.values,
          fine: true,
        })
      },
    ),
    { numRuns: 60 },
  )
  expect(right).toBeGreaterThan(3 * guessed)
}, 300_000)

describe('fractions', () => {
  const halves = [
    ['3½', 3.5],
    ['½', 0.5],
    ['4', 4],
    ['2 ½', 2.5],
    ['1¼', 1.25],
    ['4¾', 4.75],
    ['5', 5],
  ] as const
  const mixed = [
    ['3 1/2', 3.5],
    ['1/2', 0.5],
    ['4', 4],
    ['2 3/4', 2.75],
    ['10', 10],
  ] as const
  const stars = [
    ['★★★½', 3.5],
    ['½', 0.5],
    ['★★★★', 4],
    ['★½', 1.5],
  ] as const
  test.each([
    ['characters', halves, ''],
    ['digits', mixed, ''],
    ['stars', stars, ''],
    ['characters before a word', halves, ' stars'],
    ['digits before a word', mixed, ' stars'],
    ['characters with a scale', halves, '/5'],
  ])('in %s are read exactly', async (_, values, suffix) => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...values], { minLength: values.length }), async (shuffled) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const rows = shuffled.flatMap(([text, value], at) =>
          ['a', 'b', 'c'].map((user) => ({ user, item: `i${at}`, text: `${text}${suffix}`, value })),
        )
        const file = write(
          'f.csv',
          `user\titem\trating\n${rows.map((row) => [row.user, row.item, row.text].join('\t')).join('\n')}\n`,
        )
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        expect(preview.mapping).toMatchObject({ rating: 'rating' })
        const result = await load(file, { ...named, time: null })
        expect(result.rejected).toBe(0)
        expect(imported(result).a).toEqual(
          rows.filter(({ user }) => user === 'a').map(({ item, value }) => [item, value]),
        )
      }),
      { numRuns: 3 },
    )
  })
  test('a slash between digits is a scale where no fraction follows a whole number', async () => {
    const file = write(
      's.csv',
      `user\titem\trating\n${['1/5', '2/5', '5/5', '4/5'].map((text, at) => `u${at}\ti${at}\t${text}`).join('\n')}\n`,
    )
    expect(imported(await load(file, { ...named, time: null })).u1).toEqual([['i1', 2]])
  })
})

import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forecastImport } from '../../src/main/importing/forecast'
import { imported, load, rejects, store, write } from './import-library'

const columns = { user: 'user', item: 'item', rating: 'rating', time: null }
const rows = Array.from({ length: 300 }, (_, n) => [`u${n % 30}`, `i${n}`, String((n % 5) + 1)] as const)
const table = (lines: readonly string[]): string => ['user,item,rating', ...lines].join('\n') + '\n'

test('a stray quote takes in no other row, wherever it stands and however the others are quoted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: rows.length - 1 }),
      fc.integer({ min: 0, max: 1 }),
      fc.boolean(),
      async (at, cell, quoteAll) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const line = (row: readonly string[], n: number): string =>
          row.map((value, c) => (n === at && c === cell ? `"${value}` : quoteAll ? `"${value}"` : value)).join(',')
        const result = await load(write('stray.csv', table(rows.map(line))), columns)
        const wanted = rows.map(([user, item], n) =>
          n === at ? (cell === 0 ? [`"${user}`, item] : [user, `"${item}`]) : [user, item],
        )
        const found = Object.entries(imported(result)).flatMap(([user, items]) => items.map(([item]) => [user, item]))
        expect(found.map(String).sort()).toEqual(wanted.map(String).sort())
        expect(result.rejected).toBe(0)
        expect(result.choices.filter(({ about }) => about === 'quotes')).toMatchObject([
          { value: 'the quotes of 1 line are ordinary characters', certainty: 'guess' },
        ])
        expect(result.choices.find(({ about }) => about === 'quotes')?.evidence).toContain(`Line ${at + 2} has a quote`)
      },
    ),
    { numRuns: 15 },
  )
})

test('where quotes are said to be quotes, every line that an open one takes in is counted and shown', async () => {
  const lines = rows.map((row, n) => (n === 50 ? `${row[0]},"${row[1]},${row[2]}` : row.join(',')))
  const file = write('open.csv', table(lines))
  const reading = { quote: '"' as const }
  await expect(load(file, columns, { reading, maxRejects: { rows: 100 } })).rejects.toMatchObject({
    message: '250 of 300 rows cannot be used, which is more than the allowed 100. Nothing was imported.',
  })
  const forecast = await forecastImport(
    { ratings: [file], mapping: columns, duplicates: 'last', reading },
    store.library,
  )
  expect(forecast.rejected).toEqual([
    { what: 'the line is not a row of this table', rows: 250, examples: [lines.slice(50, 58).join('\n')] },
  ])
  const result = await load(file, columns, { reading })
  expect(result).toMatchObject({ interactions: 50, rejected: 250 })
  expect(rejects(result).slice(0, 2)).toEqual([
    { file: 'open.csv', line: 52, reason: 'a quote is not closed', text: lines[50] },
    { file: 'open.csv', line: 53, reason: 'a quote is not closed', text: lines[51] },
  ])
})

test('values of several lines stay whole', async () => {
  const lines = rows.map((row, n) => [...row, n % 4 === 0 ? '"one\ntwo, three"' : 'x'].join(','))
  const result = await load(write('lines.csv', ['user,item,rating,review', ...lines].join('\n') + '\n'), columns)
  expect(result).toMatchObject({ interactions: 300, rejected: 0 })
})

/** A text with a comment of several lines in some rows, and the line of each row in the file, as editors and grep count them. */
function withBreaks(end: string, within: string, quoted: readonly boolean[]) {
  const rows = quoted.map((isQuoted, n) => {
    const comment = n % 3 === 1 ? `first${n}${within}second${within}third` : `all${n}`
    return [`u${n % 4},i${n}`, isQuoted ? `"${comment}"` : comment, `2024-01-${String(10 + (n % 20))}`].join(',')
  })
  const text = ['user,item,comment,date', ...rows, 'u1,,none,2024-01-01', ''].join(end)
  return { text, line: text.slice(0, text.indexOf('u1,,none')).split('\n').length }
}

test('a line break within a value is no row, with or without quotes, unless it may end one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<[string, string, boolean]>(
        // How rows end, the line break of a value, and whether it needs quotes.
        ['\n', '\r', false],
        ['\r\n', '\r', false],
        ['\r\n', '\n', false],
        ['\n', '\n', true],
        ['\n', '\r\n', true],
        ['\r\n', '\r\n', true],
        ['\r', '\r', true],
      ),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 24 }),
      fc.boolean(),
      async ([end, within, needs], some, zipped) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const { text, line } = withBreaks(end, within, needs ? some.map(() => true) : some)
        const file = zipped ? write('q.csv.gz', gzipSync(text)) : write('q.csv', text)
        const result = await load(file, { user: 'user', item: 'item', rating: null, time: 'date' })
        expect(Object.values(imported(result)).flat()).toHaveLength(some.length)
        expect(rejects(result)).toMatchObject([{ reason: 'no item id' }])
        // Carriage returns alone are lines in some editors only.
        if (end !== '\r' && within !== '\r') expect(rejects(result)).toMatchObject([{ line }])
        const said = result.choices.filter(({ value }) => value.includes('spaces within values'))
        const hasUnquoted = !needs && some.some((quoted, n) => !quoted && n % 3 === 1)
        expect(said).toHaveLength(hasUnquoted ? 1 : 0)
      },
    ),
    { numRuns: 20, endOnFailure: true },
  )
})

test('parts of a file with other line endings stay rows, and few rejected rows may be allowed', async () => {
  const rows = Array.from({ length: 20 }, (_, n) => `u${n % 4},i${n},c${n},2024-01-${10 + n}`)
  const text =
    ['user,item,comment,date', ...rows.slice(0, 6)].join('\n') +
    '\n' +
    rows.slice(6, 12).join('\r') +
    '\r' +
    rows.slice(12).join('\r\n') +
    '\r\nonly one cell\r\n'
  const result = await load(
    write('p.csv', text),
    { user: 'user', item: 'item', rating: null, time: 'date' },
    { maxRejects: { rows: 1 } },
  )
  expect(Object.values(imported(result)).flat()).toHaveLength(20)
  expect(result.rejected).toBe(1)
  expect(result.choices.filter(({ value }) => value.includes('spaces within values'))).toEqual([])
})

test.each(['"The \\"Best\\" of 3"', '"\\"Best\\""', '"The \\"Best\\", of 3"'])(
  'quotes that a backslash escapes (%s) are part of their values, of which nothing is said',
  async (title) => {
    const lines = rows.map(([user, item, rating]) => `${user},${item},${title},${rating}`)
    const file = write('escaped.csv', ['user,item,title,rating', ...lines].join('\n'))
    const result = await load(file, { ...columns, title: 'title' })
    expect(result).toMatchObject({ interactions: rows.length, rejected: 0 })
    expect(result.choices.filter(({ about }) => about === 'quotes')).toEqual([])
    expect(store.datasets.items(result.dataset)[0]?.title).toBe(title.slice(1, -1).replaceAll('\\', ''))
  },
)

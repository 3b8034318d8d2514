import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'

const agents = ['Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)', 'curl/8.1,+beta', '"Mozilla 5; de"', '-']
const hits = Array.from({ length: 60 }, (_, at) => ({
  date: `2024-03-${String((at % 28) + 1).padStart(2, '0')}`,
  time: `00:01:${String(at % 60).padStart(2, '0')}`,
  'cs-method': 'GET',
  'cs-uri-stem': `/pages/p${at % 9}.aspx`,
  'cs-username': `CONTOSO\\u${at % 6}`,
  'cs(User-Agent)': agents[at % agents.length] ?? '-',
  'sc-status': '200',
}))
type Field = keyof (typeof hits)[number]
const all: readonly Field[] = ['date', 'time', 'cs-method', 'cs-uri-stem', 'cs-username', 'cs(User-Agent)', 'sc-status']

const mapping = { user: 'cs-username', item: 'cs-uri-stem', rating: null, time: null }
const expected = new Set(hits.map((hit) => `${hit['cs-username']} ${hit['cs-uri-stem']}`))

const pairsOf = (result: Parameters<typeof imported>[0]): Set<string> =>
  new Set(Object.entries(imported(result)).flatMap(([user, items]) => items.map(([item]) => `${user} ${item ?? ''}`)))

test('logs have the fields that their lines name, in any order, with spaces or tabs, and with other fields further below', async () => {
  let written = 0
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...all], { minLength: all.length }),
      fc
        .shuffledSubarray([...all], { minLength: 4 })
        .filter((some) => some.includes('cs-username') && some.includes('cs-uri-stem')),
      fc.constantFrom(' ', '\t'),
      async (fields, later, separator) => {
        const lines = (names: readonly Field[], some: typeof hits): string[] => [
          '#Software: Some Server 10.0',
          `#Fields: ${names.join(' ')}`,
          ...some.map((hit) =>
            names.map((name) => (separator === '\t' ? hit[name].replace(/^"(.*)"$/, '$1') : hit[name])).join(separator),
          ),
        ]
        const text = [...lines(fields, hits.slice(0, 40)), ...lines(later, hits.slice(40))].join('\r\n')
        const file = write(`u_ex${written++}.log`, `${text}\r\n`)
        const result = await load(file, mapping)
        expect(rejects(result)).toEqual([])
        expect(pairsOf(result)).toEqual(expected)
        store.datasets.delete(result.dataset)
      },
    ),
    { numRuns: 12, seed: 5 },
  )
})

test('a log is read with its date and time as one, and lines of another width are rejected with their number', async () => {
  const lines = hits.map((hit) => all.map((name) => hit[name]).join(' '))
  const file = write('x.log', ['#Version: 1.0', `#Fields: ${all.join(' ')}`, 'GET broken', ...lines].join('\n'))
  const { ratings } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(ratings.format).toBe('W3C extended log')
  expect(ratings.columns.map(({ name }) => name)).toEqual([...all, 'date + time'])
  const result = await load(file, mapping)
  expect(rejects(result)).toMatchObject([{ line: 3, reason: 'too few columns' }])
})

test('other tables with comments are no such logs', async () => {
  const file = write('c.csv', '#Fields are user, item and rating\nuser,item,rating\na,b,3\nc,d,4\n')
  const { ratings } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(ratings.format).toBe('delimited text')
})

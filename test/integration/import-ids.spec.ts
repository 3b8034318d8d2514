import { expect, test } from 'vitest'
import { warningsOf } from '../../src/shared/reading'
import { imported, load, pairs, store, write } from './import-library'

const columns = { ...pairs, time: null }
const table = (...rows: string[]) => write('ids.csv', `user,item\n${rows.join('\n')}\n`)

test('ids that a program took for decimal numbers are counted, and joined where somebody says so', async () => {
  const file = table('1005,a', '1005.0,b', '7.0,c', '8,d', '1.50,e')
  const result = await load(file, columns)
  expect(Object.keys(imported(result)).sort()).toEqual(['1.50', '1005', '1005.0', '7.0', '8'])
  expect(warningsOf(result.choices).join()).toMatch(
    /column "user": ids as written, unjoined is a guess\. 1 of 5 ids ends? with \.0 beside the same ids? without it.*“1005\.0” in 1 row\..*4 ids remain.*--join-ids/,
  )
  store.datasets.delete(result.dataset)
  const joined = await load(file, columns, { reading: { joinIds: true } })
  expect(imported(joined)).toMatchObject({ '1005': [['a'], ['b']], '7': [['c']], '1.50': [['e']] })
  expect(warningsOf(joined.choices)).toEqual([])
})

test.each([
  ['1.23457E+17', ['1.23457E+17', '123457000000000001'], /rounded/],
  ['leading zeros', ['0012', '12'], /leading zeros/],
  ['dates', ['Mar-05', '5-Apr', 'AB12', 'AB13', 'AB14', 'AB15'], /look like dates.*“5-Apr”, “Mar-05”/],
  ['errors', ['#N/A', 'x', 'y'], /errors or empty values.*“#N\/A”/],
  ['empty values of programs', ['nan', 'x', 'y'], /errors or empty values.*“nan”/],
])('%s among items are said with count and examples', async (_, items, warning) => {
  const result = await load(table(...items.map((item) => `u,${item}`)), columns)
  expect(warningsOf(result.choices).join()).toMatch(warning)
  expect(warningsOf(result.choices).join()).toContain('column "item"')
})

test.each([
  ['dates by nature', ['2024-03-01', '2024-03-02', '2024-03-03']],
  ['numbers with zeros', ['0012', '0013', '0112']],
  ['decimal numbers throughout', ['1.0', '2.0', '3.0']],
  ['words', ['a', 'B-12', 'x.0', 'e5']],
])('%s are none of them', async (_, items) => {
  const result = await load(table(...items.map((item) => `u,${item}`)), columns)
  expect(warningsOf(result.choices)).toEqual([])
})

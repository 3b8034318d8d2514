import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import type { ReadingOverrides } from '../../src/shared/reading'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { xlsx } from './workbook.fixture'

const users = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay']
/** Items and ratings of each user, at least three users and rows enough below them. */
const groups = fc.array(
  fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 })), {
    minLength: 2,
    maxLength: 9,
    selector: ([item]) => item,
  }),
  { minLength: 3, maxLength: users.length },
)
type Groups = readonly (readonly (readonly [number, number])[])[]

const rowsOf = (made: Groups): (string | number)[][] =>
  made.flatMap((rows, at) =>
    rows.map(([item, rating], row) => [row === 0 ? (users[at] ?? '') : '', `i${item}`, rating]),
  )
const truthOf = (made: Groups): Record<string, [string, number][]> =>
  Object.fromEntries(
    made.map((rows, at) => [users[at] ?? '', rows.map(([item, rating]): [string, number] => [`i${item}`, rating])]),
  )
const look = (file: NamedFile, reading: ReadingOverrides = {}) =>
  previewImport({ ratings: [file], items: null, reading }, store.library)

const forms: Readonly<Record<string, (rows: (string | number)[][]) => [string, string | Buffer]>> = {
  'a text file': (rows) => ['g.csv', ['user,item,rating', ...rows.map((row) => row.join(','))].join('\n')],
  'a workbook': (rows) => ['g.xlsx', Buffer.from(xlsx([['Kunde', 'Artikel', 'Sterne'], ...rows]))],
  'a pivot table with another name for its groups': (rows) => [
    'g.csv',
    ['Row Labels;Product;Stars', ...rows.map((row) => row.join(';'))].join('\n'),
  ],
  'a file without a header': (rows) => ['g.tsv', rows.map((row) => row.join('\t')).join('\n')],
}

describe.each(Object.entries(forms))('users in the first row of their group, in %s,', (_about, written) => {
  test('are those of all of its rows, as a guess', async () => {
    await fc.assert(
      fc.asyncProperty(groups, async (made) => {
        const rows = rowsOf(made)
        const file = write(...written(rows))
        const preview = await look(file)
        expect(preview.choices).toContainEqual(
          expect.objectContaining({ about: 'layout', certainty: 'guess', affectsData: true, control: 'Layout' }),
        )
        expect(preview.warnings.join()).toContain(
          `blank in ${rows.length - made.length} of ${rows.length} rows below values that each occur once`,
        )
        const result = await load(file, mappingOf(preview))
        expect(imported(result)).toEqual(truthOf(made))
        expect(result.rejected).toBe(0)
        store.datasets.delete(result.dataset)
      }),
      { numRuns: 8 },
    )
  })
})

describe('groups', () => {
  const lines = ['user,item,rating', 'ann,a,1', ',b,2', ',c,3', 'bob,a,4', ',c,5', 'cid,b,1', ',c,2', '']
  const text = lines.join('\n')

  test('are rows without a user if a person says that each row is an interaction', async () => {
    const reading: ReadingOverrides = { layout: 'list' }
    const preview = await look(write('g.csv', text), reading)
    expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
    const result = await load(write('g.csv', text), mappingOf(preview), { reading })
    expect(rejects(result).map(({ line, reason }) => [line, reason])).toEqual(
      [3, 4, 6, 8].map((line) => [line, 'no user id']),
    )
    expect(result.choices.find(({ about }) => about === 'values')?.option).toContain('--layout groups')
  })

  test('are chosen by a person if nothing shows them', async () => {
    const known = 'user,item,rating\nann,a,1\n,b,2\nbob,c,3\nann,c,4\n'
    const unaided = await look(write('g.csv', known))
    expect(unaided.choices.filter(({ about }) => about === 'layout')).toEqual([])
    const reading: ReadingOverrides = { layout: 'groups' }
    const preview = await look(write('g.csv', known), reading)
    expect(preview.warnings).toEqual([])
    expect(imported(await load(write('g.csv', known), mappingOf(preview), { reading }))).toEqual({
      ann: [
        ['a', 1],
        ['b', 2],
        ['c', 4],
      ],
      bob: [['c', 3]],
    })
  })

  test('are not recognised if users are known in some rows and repeat', async () => {
    const log = ['user,item,day']
    for (let row = 0; row < 30; row++) log.push(`${row % 3 === 0 ? `u${row % 9}` : ''},i${row % 7},2024-01-${10 + row}`)
    const preview = await look(write('g.csv', log.join('\n')))
    expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
  })

  test('name their rows by the lines of the file', async () => {
    const preview = await look(write('g.csv', `${text},,\n,d,many\n`))
    const result = await load(write('g.csv', `${text},,\n,d,many\n`), mappingOf(preview))
    expect(rejects(result).map(({ line, reason }) => [line, reason])).toEqual([
      [9, 'no user id'],
      [10, 'rating is not a number'],
    ])
  })

  test('bring with them what else stands in the first row of each', async () => {
    const file = write(
      'g.csv',
      'order date,user,item\n2024-01-13,ann,a\n,,b\n2024-01-14,bob,a\n,,c\n2024-01-15,cid,d\n,,a\n',
    )
    const preview = await look(file)
    expect(preview.warnings).toEqual([
      expect.stringContaining('“user”, together with “order date”, is blank in 3 of 6 rows'),
    ])
    const day = (n: number): number => Date.UTC(2024, 0, n) / 1000
    expect(imported(await load(file, mappingOf(preview)))).toEqual({
      ann: [
        ['a', day(13)],
        ['b', day(13)],
      ],
      bob: [
        ['a', day(14)],
        ['c', day(14)],
      ],
      cid: [
        ['d', day(15)],
        ['a', day(15)],
      ],
    })
  })
})

describe('an export of orders with a row for each item', () => {
  /** The number of items of each order, and whether it is paid. */
  const orders = fc.array(fc.record({ items: fc.integer({ min: 2, max: 4 }), paid: fc.boolean() }), {
    minLength: 3,
    maxLength: 9,
  })
  const day = (n: number): number => Date.UTC(2024, 2, n) / 1000
  interface Made {
    readonly items: number
    readonly paid: boolean
  }
  const rowsOfOrders = (made: readonly Made[], blankUser: boolean): string[][] =>
    made.flatMap(({ items, paid }, at) =>
      Array.from({ length: items }, (_, item) => {
        const first = item === 0
        const date = first ? `2024-03-${String(at + 1).padStart(2, '0')}` : ''
        const user = `${users[at % 5] ?? ''}@shop.example`
        return [`#10${at}`, blankUser && !first ? '' : user, paid ? date : '', date, `SKU-${at}${item}`]
      }),
    )
  const header = ['Order', 'Email', 'Paid at', 'Created at', 'SKU']

  test.each([
    ['the time', false],
    ['the user and the time', true],
  ])('with %s only in the first row of each order has them in all rows, as a guess', async (_about, blankUser) => {
    await fc.assert(
      fc.asyncProperty(orders, async (made) => {
        const rows = rowsOfOrders(made, blankUser)
        const file = write('o.csv', [header, ...rows].map((row) => row.join(',')).join('\n'))
        const preview = await look(file)
        expect(preview.choices).toContainEqual(
          expect.objectContaining({
            about: 'layout',
            certainty: 'guess',
            affectsData: true,
            option: '--layout list',
            evidence: expect.stringContaining(
              `only in the first of the rows with the same “Order”; the rows after it, ${rows.length - made.length} of ${rows.length}`,
            ),
          }),
        )
        const result = await load(file, mappingOf(preview))
        expect(result.rejected).toBe(0)
        const truth: Record<string, [string, number][]> = {}
        for (const [at, { items }] of made.entries())
          for (let item = 0; item < items; item++)
            (truth[`${users[at % 5] ?? ''}@shop.example`] ??= []).push([`SKU-${at}${item}`, day(at + 1)])
        expect(imported(result)).toEqual(truth)
        store.datasets.delete(result.dataset)
      }),
      { numRuns: 8 },
    )
  })

  test('keeps its rows as they are if orders recur or also have times below their first row', async () => {
    const rows = rowsOfOrders(
      Array.from({ length: 6 }, () => ({ items: 3, paid: true })),
      false,
    )
    const recurring = [...rows, ['#100', 'ann@shop.example', '', '', 'SKU-99']]
    const dated = rows.map((row, at) => (at === 4 ? row.with(3, '2024-04-01').with(2, '2024-04-01') : row))
    for (const table of [recurring, dated]) {
      const preview = await look(write('o.csv', [header, ...table].map((row) => row.join(',')).join('\n')))
      expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
    }
  })
})

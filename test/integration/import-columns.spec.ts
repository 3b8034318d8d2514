import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { type ReadingOverrides, warningsOf } from '../../src/shared/reading'
import { imported, load, named, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const previewOf = (file: NamedFile, reading: ReadingOverrides = {}) =>
  previewImport({ ratings: [file], items: null, reading }, store.library)

const shop = `user_id,product_id,event_type,price
1,a,view,
1,a,purchase,9
1,b,cart,2
2,a,view,x
2,b,,1
2,a,wishlist,1
`
const shopColumns = { user: 'user_id', item: 'product_id', rating: null, time: null }
const counted = [
  { type: 'purchase', weight: 5 },
  { type: 'cart', weight: 3 },
]

describe('event types', () => {
  test('a column of them is recognised, with what it holds', async () => {
    const { mapping, ratings } = await previewOf(write('events.csv', shop))
    expect(mapping).toEqual({ ...shopColumns, event: { column: 'event_type', counted: null } })
    expect(ratings.columns[2]?.statistics).toEqual({
      kind: 'text',
      distinct: 4,
      empty: 1,
      numbers: 0,
      times: 0,
      min: 'cart',
      max: 'wishlist',
      values: [
        { value: 'view', rows: 2 },
        { value: 'cart', rows: 1 },
        { value: 'purchase', rows: 1 },
        { value: 'wishlist', rows: 1 },
      ],
    })
  })

  test('those that count are interactions with their weight, others are left out, and a missing one is rejected', async () => {
    const file = write('events.csv', shop)
    const result = await load(file, { ...shopColumns, event: { column: 'event_type', counted } })
    expect(imported(result)).toEqual({
      '1': [
        ['a', 5],
        ['b', 3],
      ],
    })
    expect(result).toMatchObject({ interactions: 2, rejected: 1, leftOut: 3, duplicates: 0 })
    expect(rejects(result)).toMatchObject([{ line: 6, reason: 'no event type', text: '2,b,,1' }])
  })

  test('without weights they are implicit, and without a choice all of them count', async () => {
    const file = write('events.csv', shop)
    const one = await load(file, {
      ...shopColumns,
      event: { column: 'event_type', counted: [{ type: 'view', weight: 1 }] },
    })
    expect(imported(one)).toEqual({ '1': [['a']], '2': [['a']] })
    expect(store.datasets.get(one.dataset).hasRatings).toBe(false)
    const other = write('all.csv', shop)
    store.datasets.rename(one.dataset, 'one')
    const all = await load(other, { ...shopColumns, event: { column: 'event_type', counted: null } })
    expect(all).toMatchObject({ interactions: 4, rejected: 0, leftOut: 0, duplicates: 2 })
  })

  test('weights add up where repeated interactions are counted', async () => {
    const file = write('events.csv', 'user,item,event\n1,a,view\n1,a,view\n1,a,purchase\n1,b,view\n')
    const event = {
      column: 'event',
      counted: [
        { type: 'view', weight: 0.5 },
        { type: 'purchase', weight: 4 },
      ],
    }
    const result = await load(
      file,
      { user: 'user', item: 'item', rating: null, time: null, event },
      { duplicates: 'count' },
    )
    expect(imported(result)).toEqual({
      '1': [
        ['a', 5],
        ['b', 0.5],
      ],
    })
  })

  test('an import whose types do not occur says so', async () => {
    const mapping = { ...shopColumns, event: { column: 'event_type', counted: [{ type: 'Purchased', weight: 1 }] } }
    await expect(load(write('events.csv', shop), mapping)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message:
        'No row of events.csv counts: 5 of 6 rows are left out because of the event type, the user or a value that means “not rated”.',
    })
    expect(store.datasets.list()).toEqual([])
  })

  test('a rating is not weighed', async () => {
    const file = write('r.csv', 'user,item,rating,event\n1,a,4,view\n')
    const mapping = { user: 'user', item: 'item', rating: 'rating', time: null, event: { column: 'event', counted } }
    await expect(load(file, mapping)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('counts', () => {
  const plays = 'userID\tartistID\tplays\nu1\tx\t13883\nu1\ty\t1\nu2\tx\t0\nu2\ty\t-3\nu2\tx\tmany\nu2\ty\t\n'
  const columns = { user: 'userID', item: 'artistID', rating: null, time: null, count: 'plays' }

  test('are recognised by name, stored as values, and refused where they are none', async () => {
    const file = write('plays.tsv', plays)
    expect((await previewOf(write('good.tsv', plays.split('\n').slice(0, 3).join('\n')))).mapping).toEqual(columns)
    const result = await load(file, columns)
    expect(imported(result)).toEqual({
      u1: [
        ['x', 13883],
        ['y', 1],
      ],
    })
    expect(store.datasets.get(result.dataset).hasRatings).toBe(true)
    expect(rejects(result).map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'count is 0'],
      [5, 'count is below zero'],
      [6, 'count is not a number'],
      [7, 'no count'],
    ])
  })

  test('are told from ratings by their size, and add up where repeated rows are counted', async () => {
    const file = write('lastfm.tsv', 'userID\tartistID\tweight\n1\ta\t13883\n1\ta\t2\n2\tb\t1\n')
    const mapping = mappingOf(await previewOf(file))
    expect(mapping).toEqual({ ...columns, count: 'weight' })
    const result = await load(file, mapping, { duplicates: 'count' })
    expect(imported(result)).toEqual({ '1': [['a', 13885]], '2': [['b', 1]] })
  })
})

describe('the layout of a file, detected and chosen', () => {
  const rows = Array.from({ length: 30 }, (_, i) => `K${i};Straße ${i % 7};${i % 5},5;0${1 + (i % 9)}.02.2024`)
  const weird = `Auszug aus dem Geschäft\r\nErstellt am 1.3.2024\r\n\r\nuser;item;rating;time\r\n${rows.join('\r\n')}\r\n`

  test('a preamble, semicolons, decimal commas and Windows-1252 are recognised and shown', async () => {
    const file = write('export.csv', Buffer.from(weird, 'latin1'))
    const { ratings, mapping } = await previewOf(file)
    expect(mapping).toEqual(named)
    expect(ratings).toMatchObject({
      decimalComma: true,
      text: {
        encoding: 'windows-1252',
        delimiter: ';',
        header: true,
        skip: 3,
        preamble: ['Auszug aus dem Geschäft', 'Erstellt am 1.3.2024', ''],
      },
      examined: { rows: 30, whole: true },
    })
    expect(ratings.columns.map(({ statistics }) => statistics?.kind)).toEqual(['text', 'text', 'number', 'time'])
    const result = await load(file)
    expect(result).toMatchObject({ interactions: 30, rejected: 0 })
    expect(imported(result)['K1']).toEqual([['Straße 1', 1.5, Date.UTC(2024, 1, 2) / 1000]])
  })

  test('chosen values win: encoding, header, separator, preamble, decimal comma, order of dates', async () => {
    const file = write('export.csv', Buffer.from(weird, 'latin1'))
    expect((await previewOf(file, { encoding: 'windows-1251' })).ratings.text?.preamble[0]).toBe(
      'Auszug aus dem Geschдft',
    )
    const bare = (await previewOf(file, { skip: 4, header: false })).ratings
    expect(bare).toMatchObject({ header: false, named: false, examined: { rows: 30 } })
    expect(bare.rows[0]).toEqual(['K0', 'Straße 0', '0,5', '01.02.2024'])
    expect((await previewOf(file, { delimiter: '|' })).ratings.columns).toHaveLength(1)

    const reading = { decimalComma: false, dateOrder: 'monthFirst' } as const
    const result = await load(file, named, { reading })
    // A comma before one digit never groups thousands, even if a person says so: the number is read, with a message.
    expect(warningsOf(result.choices).join('\n')).toContain('It was chosen, but line 5 has “0,5”')
    expect(imported(result)['K2']).toEqual([['Straße 2', 2.5, Date.UTC(2024, 2, 2) / 1000]])
  })

  test('points group thousands where the comma is said to be decimal, also between commas', async () => {
    const file = write('r.csv', 'user,item,rating\n1,a,"1.234,5"\n1,b,"4,5"\n1,c,4.5\n')
    const columns = { ...named, time: null }
    const result = await load(file, columns, { reading: { decimalComma: true } })
    expect(imported(result)).toEqual({
      '1': [
        ['a', 1234.5],
        ['b', 4.5],
        ['c', 4.5],
      ],
    })
  })
})

describe('a column that its name does not tell, or that holds nothing', () => {
  test('holds ids that are written as decimal numbers, but no ratings written so', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `${1000 + (i % 12)}.0,p${i % 7},${1 + (i % 5)}.0,x${i}`)
    const { mapping } = await previewOf(write('ids.csv', `ref_a,produkt,znamka,memo\n${lines.join('\n')}\n`))
    expect(mapping).toMatchObject({ user: 'ref_a', item: 'produkt', rating: 'znamka' })
    const stars = lines.map((line) => line.split(',').slice(1).join(','))
    const without = await previewOf(write('stars.csv', `produkt,ref_b,memo\n${stars.join('\n')}\n`))
    expect(without.mapping.user).not.toBe('ref_b')
  })

  test.each([
    ['user_id', 'user', 'item_id,rating', (i: number) => `,i${i % 7},${1 + (i % 5)}`],
    ['timestamp', 'time', 'user_id,item_id', (i: number) => `,u${i % 9},i${i % 7}`],
  ])('is said to be blank where its name says %s', async (name, role, others, row) => {
    const lines = Array.from({ length: 40 }, (_, i) => row(i))
    const { mapping, warnings } = await previewOf(write('blank.csv', `${name},${others}\n${lines.join('\n')}\n`))
    expect(mapping).toMatchObject({ [role]: null })
    expect(warnings.join('\n')).toMatch(
      new RegExp(`column "${name}": left out is a guess\\. Its name says ${role}, and all of its values are blank`),
    )
  })
})

test('times of day in a column of their own are joined with their days, and said to be unused where somebody wants the days alone', async () => {
  const rows = ['u1,a,5,2022-03-01,10:15:00', 'u1,b,4,2022-03-01,9:15:00 PM', 'u2,a,3,2022-03-02,11:00:00']
  const file = write('two.csv', ['user,item,rating,date,time', ...rows, ''].join('\n'))
  const { choices, mapping } = await previewOf(file)
  expect(mapping.time).toBe('date + time')
  expect(warningsOf(choices)).toEqual([])
  const days = await previewImport({ ratings: [file], items: null, columns: { time: 'date' } }, store.library)
  expect(warningsOf(days.choices)).toEqual([
    expect.stringMatching(/^column "date": days without their times of day is a guess\. .*“time” \(“10:15:00”\)/),
  ])
})

import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { store, write } from './import-library'
import { type Cell, day, itemId, soldTable, userName } from './sold-table.fixture'

const previewOf = async (columns: Readonly<Record<string, Cell>>, header = true): Promise<ImportPreview> =>
  await previewImport({ ratings: [write('table.csv', soldTable(columns, header))], items: null }, store.library)
const said = ({ warnings }: ImportPreview): string => warnings.join('\n')

const oneOf =
  (...values: readonly (string | number)[]): Cell =>
  (user, item, row) =>
    values[(user * 3 + item * 5 + row) % values.length] ?? ''
const people = { user_id: userName, item_id: itemId, date: day }

describe('events', () => {
  test.each([
    ['Событие', ['просмотр', 'в корзину', 'покупка']],
    ['行为类型', ['浏览', '收藏', '购买']],
    ['アクション', ['閲覧', 'カート', '購入']],
    ['gebeurtenis', ['bekeken', 'gekocht']],
    ['Metric', ['view', 'add_to_cart', 'purchase']],
    ['xq', ['Checkout', 'Renew', 'Discharge']],
  ])('are recognised under “%s”: %j', async (name, types) => {
    const { mapping } = await previewOf({ ...people, [name]: oneOf(...types) })
    expect(mapping).toMatchObject({ user: 'user_id', item: 'item_id', event: { column: name } })
  })

  test('are no types of items', async () => {
    const { mapping } = await previewOf({ ...people, Type: oneOf('movie', 'episode'), rating: oneOf(1, 2, 3, 4, 5) })
    expect(mapping).toMatchObject({ rating: 'rating' })
    expect(mapping.event).toBeUndefined()
  })

  test('a flag of liking counts the liked rows, as a guess, and several flags are left out', async () => {
    const one = await previewOf({ ...people, is_like: oneOf(1, 0, 0) })
    expect(one.mapping).toMatchObject({ rating: null, event: { column: 'is_like', counted: [{ type: '1' }] } })
    expect(said(one)).toContain('column "is_like": event is a guess')
    const several = await previewOf({ ...people, click: oneOf(1, 0), like: oneOf(0, 1, 0), share: oneOf(0, 0, 1) })
    expect(several.mapping.rating).toBeNull()
    expect(several.mapping.event).toBeUndefined()
    for (const name of ['click', 'like', 'share'])
      expect(said(several)).toContain(`column "${name}": left out is a guess`)
  })
})

describe('quantities', () => {
  test.each([
    'ORDEREDSALESQUANTITY',
    'Bestellmenge',
    'Quantity (Items)',
    'Stückzahl',
    'Qté',
    'Pezzi',
    'Units',
    'KWMENG',
  ])('are counts: %s', async (name) => {
    const { mapping } = await previewOf({ ...people, [name]: oneOf(1, 1, 2, 3, 12) })
    expect(mapping).toMatchObject({ rating: null, count: name })
  })

  test('of zero everywhere are no ratings', async () => {
    expect((await previewOf({ ...people, value: () => '0.0000' })).mapping.rating).toBeNull()
  })
})

describe('users and items', () => {
  test.each<[string, Cell]>([
    ['visit_num', (user, item, row) => 1 + ((user + item * row) % 30)],
    ['Title Type', oneOf('movie', 'series', 'short')],
    ['Number of Pages', (_user, item) => 200 + 7 * item],
    ['Attended', oneOf('yes', 'no')],
  ])('are not recognised by a part of “%s”', async (name, cell) => {
    const { mapping } = await previewOf({ [name]: cell, xq: userName, yq: itemId, date: day })
    expect([mapping.user, mapping.item]).not.toContain(name)
  })

  test('a number of customers is no user', async () => {
    const { mapping } = await previewOf({
      Customers: (user, item) => 100 + user * 20 + item,
      xq: userName,
      product: itemId,
    })
    expect(mapping.user).not.toBe('Customers')
  })

  test('an id that many rows lack yields to one that all have, which is said', async () => {
    const known: Cell = (user, item, row) => (row % 4 === 0 ? '' : userName(user))
    const columns = { user_id: known, anonymous_id: (user: number) => `4f-${user * 7}`, item_id: itemId, sent_at: day }
    const preview = await previewOf(columns)
    expect(preview.mapping.user).toBe('anonymous_id')
    expect(said(preview)).toContain('column "anonymous_id": user is a guess')
    expect(said(preview)).toContain('“user_id” is called a user, too, but it is blank in 60 of 240 rows')
    // The number of an order stands in every row, but nobody has two orders with the same one.
    const orders = {
      Invoice: (user: number, _item: number, row: number) => 48_900 + user + 20 * (row % 5),
      'Customer ID': known,
    }
    expect((await previewOf({ ...orders, StockCode: itemId, InvoiceDate: day })).mapping.user).toBe('Customer ID')
  })
})

describe('times', () => {
  test('the one with the time of day is taken beside one with days', async () => {
    const milliseconds: Cell = (_user, _item, row) => 1_650_000_000_000 + row * 7_919_131
    const preview = await previewOf({ user_id: userName, video_id: itemId, date: day, time_ms: milliseconds })
    expect(preview.mapping.time).toBe('time_ms')
  })

  test('when something was ordered precedes when it should be shipped', async () => {
    const columns = { CUSTOMER: userName, ITEMNUMBER: itemId, REQUESTEDSHIPPINGDATE: day, ORDERCREATIONDATE: day }
    expect((await previewOf(columns)).mapping.time).toBe('ORDERCREATIONDATE')
  })

  test('fourteen digits in a table without names are a time', async () => {
    const digits: Cell = (_user, _item, row) => `20210${1 + (row % 9)}1${row % 9}17183${row % 10}`
    const { mapping } = await previewOf(
      { a: (user) => 25_722_825 + user * 11, b: (_user, item) => 30_519_714 + item * 13, c: digits },
      false,
    )
    expect(mapping.time).toBe('column2')
  })

  test('numbers beyond the year 9999 order the interactions, and nothing fails', async () => {
    const preview = await previewOf({
      user_id: userName,
      item_id: itemId,
      timestamp: (_user, _item, row) => `20130606055531${100 + row}`,
    })
    expect(preview.mapping.time).toBe('timestamp')
  })
})

describe('what says more or less than it seems', () => {
  test('people with the same name are told apart by their addresses only if that is chosen, which is said', async () => {
    const name: Cell = (user) => `Ann ${'ABCDEFGHIJKLM'.charAt(user % 13)}`
    const email: Cell = (user) => `p${user}@mail.example`
    const preview = await previewOf({ Zákazník: name, 'E-mail': email, Představení: itemId, Zakoupeno: day })
    expect(said(preview)).toContain('“E-mail” is called a user, too, and has 15 values where it has 13')
    expect(said(preview)).toContain('--user "E-mail"')
  })

  test('users under a part of a name are a guess if there are few of them', async () => {
    const device: Cell = (_user, item) => ['a52q', 'oriole', 'panther'][item % 3] ?? ''
    const preview = await previewOf({ 'Device Model': device, 'Product ID': itemId, 'Order Date': day })
    expect(preview.choices.filter(({ value, certainty }) => value === 'user' && certainty !== 'guess')).toEqual([])
  })

  test('times of day are no times beside dates', async () => {
    const clock: Cell = (_user, item) => `${String(7 + (item % 12)).padStart(2, '0')}:30`
    const columns = { 'Data prenotazione': day, 'Cod. socio': userName, Corso: itemId, 'Data lezione': day, Ora: clock }
    expect((await previewOf(columns)).mapping.time).toMatch(/^Data/)
  })

  test.each([
    ['1er mars 2022', '2 mars 2022'],
    ['1º marzo 2022', '2 marzo 2022'],
    ['1° marzo 2022', '2 marzo 2022'],
    ['1st March 2022', '2nd March 2022'],
  ])('ordinals of days are read: %s', async (first, second) => {
    const date: Cell = (_user, _item, row) => (row % 2 === 0 ? first : second)
    const preview = await previewOf({ user: userName, item: itemId, date })
    expect(preview.mapping.time).toBe('date')
    expect(preview.warnings).toEqual([])
  })
})

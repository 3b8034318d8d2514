import { describe, expect, test } from 'vitest'
import { flattened, objectOf, rowsOf } from './json-values'
import { itemListOf } from './json-lists'

/** The columns of the first row of an object's text. */
const columnsOf = (text: string): Record<string, unknown> => {
  const found = objectOf(text)
  if (!found) throw new Error(`${text} is no object`)
  return Object.fromEntries(flattened(found.object))
}

describe('values that are written with their types', () => {
  test.each([
    ['{"$oid": "65a0c0ffee"}', '65a0c0ffee'],
    ['{"$numberInt": "-7"}', '-7'],
    ['{"$numberLong": "12345678901234567890"}', '12345678901234567890'],
    ['{"$numberDouble": "4.5"}', '4.5'],
    ['{"$numberDecimal": "4.50"}', '4.50'],
    ['{"$date": "2024-01-02T03:04:05Z"}', '2024-01-02T03:04:05Z'],
    ['{"$date": {"$numberLong": "1704164645000"}}', '2024-01-02T03:04:05.000Z'],
    ['{"$date": 1704164645000}', '2024-01-02T03:04:05.000Z'],
    ['{"$date": {"$numberLong": "-1000"}}', '1969-12-31T23:59:59.000Z'],
    ['{"$timestamp": {"t": 1704164645, "i": 1}}', '2024-01-02T03:04:05.000Z'],
    ['{"$ref": "users", "$id": {"$oid": "65a0"}}', '65a0'],
    ['{"$symbol": "a"}', 'a'],
    ['{"$uuid": "0b0e"}', '0b0e'],
    ['{"$undefined": true}', null],
  ])('MongoDB’s %s', (written, value) => {
    expect(columnsOf(`{"user": ${written}}`)).toEqual({ user: value })
    expect(columnsOf(`{"seen": {"by": ${written}}}`)).toEqual({ 'seen.by': value })
  })

  test.each([
    ['{"S": "u1"}', 'u1'],
    ['{"N": "5"}', '5'],
    ['{"BOOL": false}', false],
    ['{"NULL": true}', null],
    ['{"SS": ["a", "b"]}', 'a|b'],
    ['{"L": [{"S": "a"}, {"S": "b"}]}', 'a|b'],
    ['{"stringValue": "u1"}', 'u1'],
    ['{"integerValue": "5"}', '5'],
    ['{"nullValue": null}', null],
    ['{"arrayValue": {"values": [{"stringValue": "a"}, {"stringValue": "b"}]}}', 'a|b'],
    ['{"string": "u1"}', 'u1'],
    ['{"long": 1704164645}', '1704164645'],
  ])('those of DynamoDB, Firestore and Avro: %s', (written, value) => {
    expect(columnsOf(`{"user": ${written}}`)).toEqual({ user: value })
    expect(columnsOf(`{"seen": {"M": {"by": ${written}}}}`)).toEqual({ 'seen.by': value })
  })

  test('a key stays if it is not a type, or if its value has another type', () => {
    expect(
      columnsOf('{"user": {"id": "a"}, "size": {"S": false}, "a": {"S": "x", "M": "y"}, "b": {"$price": 3}}'),
    ).toEqual({
      'user.id': 'a',
      'size.S': false,
      'a.S': 'x',
      'a.M': 'y',
      'b.$price': '3',
    })
  })

  test('the row is found in DynamoDB’s and Firestore’s wrappers', () => {
    expect(columnsOf('{"Item": {"user": {"S": "a"}, "item": {"N": "1"}}}')).toEqual({ user: 'a', item: '1' })
    expect(
      columnsOf('{"name": "p/d", "fields": {"user": {"stringValue": "a"}}, "createTime": "2024-01-01T00:00:00Z"}'),
    ).toEqual({ user: 'a' })
    expect(columnsOf('{"Item": {"id": "a"}, "fields": 3}')).toEqual({ 'Item.id': 'a', fields: '3' })
  })

  test.each([
    ['ObjectId("65a0")', '65a0'],
    ['ISODate("2024-01-02T03:04:05Z")', '2024-01-02T03:04:05Z'],
    ['NumberLong("5")', '5'],
    ['NumberInt(5)', '5'],
    ["Decimal('4.50')", '4.50'],
    ['np.float64(4.5)', '4.5'],
    ["Timestamp('2024-01-02 03:04:05')", '2024-01-02 03:04:05'],
    ['new Date(1704164645000)', '2024-01-02T03:04:05.000Z'],
    ['datetime.datetime(2024, 1, 2, 3, 4)', '2024-01-02T03:04:00.000000'],
    ['datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)', '2024-01-02T03:04:05.000006Z'],
    ['datetime.date(2024, 1, 2)', '2024-01-02'],
  ])('what MongoDB’s shell and Python print: %s', (written, value) => {
    expect(columnsOf(`{ user: ${written}, n: 1 }`)).toEqual({ user: value, n: '1' })
  })

  test('an unknown call does not become an object', () => {
    expect(objectOf('{ user: f("a") }')).toBeNull()
    expect(objectOf("{ 'at': datetime.datetime(2024, 1, 2, 3, 4, tzinfo=Zone('Europe/Prague')) }")).toBeNull()
  })
})

describe('lists of items', () => {
  const rows = (object: Record<string, unknown>): Record<string, unknown>[] => {
    const list = itemListOf([object])
    return rowsOf(object, list?.path ?? []).map((cells) => Object.fromEntries(cells))
  }

  test('in an object', () => {
    const object = { user: { id: 'u', history: [{ item: { id: 'a' } }, { item: { id: 'b' } }] } }
    expect(itemListOf([object])).toMatchObject({ identified: true, longest: 2, path: ['user.history'] })
    expect(rows(object)).toEqual([
      { 'user.id': 'u', 'user.history.item.id': 'a' },
      { 'user.id': 'u', 'user.history.item.id': 'b' },
    ])
  })

  test('in lists in lists', () => {
    const lines = (...skus: string[]): object => ({ lines: skus.map((sku) => ({ product: { sku } })) })
    const object = {
      id: 'u',
      orders: [
        { on: '1', packs: [lines('a', 'b')] },
        { on: '2', packs: [lines('c'), {}] },
      ],
    }
    expect(itemListOf([object])?.path).toEqual(['orders', 'orders.packs', 'orders.packs.lines'])
    expect(rows(object)).toEqual([
      { id: 'u', 'orders.on': '1', 'orders.packs.lines.product.sku': 'a' },
      { id: 'u', 'orders.on': '1', 'orders.packs.lines.product.sku': 'b' },
      { id: 'u', 'orders.on': '2', 'orders.packs.lines.product.sku': 'c' },
      { id: 'u', 'orders.on': '2' },
    ])
  })

  test('another list with items is reported', () => {
    const object = { user: 'u', bought: [{ item: 'a' }], wished: [{ item: 'b' }] }
    expect(itemListOf([object])).toMatchObject({ name: 'bought', others: ['wished'] })
  })

  test('lists of genres, friends and names do not count, and neither do lists beside an item', () => {
    expect(itemListOf([{ user: 'u', genres: [{ item: 'a' }] }])).toBeNull()
    expect(itemListOf([{ user: { id: 'u', friends: [{ user: 'v' }, { user: 'w' }], item: { id: 'a' } } }])).toBeNull()
    expect(itemListOf([{ user: 'u', item: 'a', seen: [{ item: 'b' }] }])).toBeNull()
  })
})

import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { folder, imported, load, store } from './import-library'
import { mappingOf } from './recognised-mapping'

/** Names of tables and columns of a shop or a library in one language. */
interface Names {
  readonly users: readonly [table: string, key: string]
  readonly items: readonly [table: string, key: string, title: string]
  readonly orders: readonly [table: string, key: string, user: string, time: string]
  readonly lines: readonly [table: string, order: string, item: string, count: string]
}

const english: Names = {
  users: ['customers', 'customer_id'],
  items: ['products', 'product_id', 'name'],
  orders: ['orders', 'order_id', 'customer_id', 'ordered_at'],
  lines: ['order_items', 'order_id', 'product_id', 'quantity'],
}
const languages: readonly Names[] = [
  english,
  {
    users: ['Kunde', 'KundenNr'],
    items: ['Artikel', 'ArtikelNr', 'Bezeichnung'],
    orders: ['Bestellung', 'BestellNr', 'KundenNr', 'Datum'],
    lines: ['Position', 'BestellNr', 'ArtikelNr', 'Menge'],
  },
  {
    users: ['clientes', 'id'],
    items: ['productos', 'id', 'nombre'],
    orders: ['pedidos', 'id', 'cliente_id', 'fecha'],
    lines: ['lineas', 'pedido_id', 'producto_id', 'cantidad'],
  },
]

const quoted = (name: string): string => `"${name}"`
const people = 30
const things = 25

/** What each user did, in the order of the lines: item, count and time. */
type Lines = readonly { readonly user: number; readonly item: number; readonly count: number; readonly order: number }[]

const lines: Lines = Array.from({ length: 240 }, (_, line) => ({
  order: 500 + Math.floor(line / 2),
  user: 1000 + (Math.floor(line / 2) % people),
  item: 7000 + ((line * 7 + Math.floor(line / 60)) % things),
  count: 1 + (line % 4),
}))

let written = 0
function databaseOf(statements: readonly string[]): { path: string; name: string } {
  const name = `shop-${written++}.db`
  const database = new Database(join(folder, name))
  // Tables are filled in any order.
  database.pragma('foreign_keys = 0')
  database.exec(statements.join(';\n'))
  database.close()
  return { path: join(folder, name), name }
}

const rowsOf = (table: string, rows: readonly (readonly (string | number)[])[]): string =>
  `INSERT INTO ${quoted(table)} VALUES ${rows
    .map((row) => `(${row.map((cell) => (typeof cell === 'number' ? String(cell) : `'${cell}'`)).join(', ')})`)
    .join(', ')}`

const day = (order: number): string => `2024-0${1 + (order % 9)}-1${order % 10}`

/** Tables of people, things, orders and order lines. @param declared whether keys and references are declared */
function shop(names: Names, order: readonly number[], declared: boolean): string[] {
  const key = declared ? ' INTEGER PRIMARY KEY' : ''
  const [people_, things_, orders, lines_] = [names.users, names.items, names.orders, names.lines]
  const refers = (table: string, column: string): string =>
    declared ? ` REFERENCES ${quoted(table)} (${quoted(column)})` : ''
  const orderRows = [...new Map(lines.map((line) => [line.order, line])).values()]
  const tables = [
    [
      `CREATE TABLE ${quoted(people_[0])} (${quoted(people_[1])}${key}, name, email, city)`,
      rowsOf(
        people_[0],
        Array.from({ length: people }, (_, at) => [1000 + at, `Ada ${at}`, `a${at}@example.org`, `Town ${at % 3}`]),
      ),
    ],
    [
      `CREATE TABLE ${quoted(things_[0])} (${quoted(things_[1])}${key}, ${quoted(things_[2])}, price, category_id)`,
      rowsOf(
        things_[0],
        Array.from({ length: things }, (_, at) => [7000 + at, `Blue teapot ${at}`, 9.5, 1 + (at % 4)]),
      ),
    ],
    [
      `CREATE TABLE ${quoted(orders[0])} (${quoted(orders[1])}${key}, ${quoted(orders[2])}${refers(people_[0], people_[1])}, ${quoted(orders[3])}, status)`,
      rowsOf(
        orders[0],
        orderRows.map((line) => [line.order, line.user, day(line.order), 'paid']),
      ),
    ],
    [
      `CREATE TABLE ${quoted(lines_[0])} (line_id${key}, ${quoted(lines_[1])}${refers(orders[0], orders[1])}, ${quoted(lines_[2])}${refers(things_[0], things_[1])}, ${quoted(lines_[3])}, unit_price)`,
      rowsOf(
        lines_[0],
        lines.map((line, at) => [at + 1, line.order, line.item, line.count, 9.5]),
      ),
    ],
  ]
  return order.flatMap((at) => tables[at] ?? [])
}

/** The items of each user with their last count and time, by item. */
function expected(): object {
  const users = new Map<string, Map<string, readonly [string, number, number]>>()
  for (const { user, item, count, order } of lines) {
    const items = users.get(String(user)) ?? new Map<string, readonly [string, number, number]>()
    items.set(String(item), [String(item), count, Date.parse(`${day(order)}Z`) / 1000])
    users.set(String(user), items)
  }
  return byItem(Object.fromEntries([...users].map(([user, items]) => [user, [...items.values()]])))
}

/** Interactions in the order of their items. */
const byItem = (users: object): object =>
  Object.fromEntries(
    Object.entries(users as Record<string, (readonly [string, ...unknown[]])[]>).map(([user, items]) => [
      user,
      items.toSorted(([one], [two]) => (one < two ? -1 : 1)),
    ]),
  )

describe('related tables of a database', () => {
  test('order lines get the user and the time of their order and the titles of their items, in any order of tables and in several languages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...languages),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.boolean(),
        async (names, order, declared) => {
          for (const { id } of store.datasets.list()) store.datasets.delete(id)
          const file = databaseOf(shop(names, order, declared))
          const preview = await previewImport({ ratings: [file], items: null }, store.library)
          expect(preview.ratings.parts[0]).toBe(names.lines[0])
          expect(preview.mapping).toMatchObject({
            user: names.orders[2],
            item: names.lines[2],
            count: names.lines[3],
            time: names.orders[3],
          })
          const result = await load(file, mappingOf(preview))
          expect(byItem(imported(result))).toEqual(expected())
          const joined = preview.choices.filter(({ value }) => value.startsWith('with columns of table'))
          expect(joined.map(({ value }) => value)).toEqual([
            `with columns of table “${names.orders[0]}”`,
            `with columns of table “${names.items[0]}”`,
          ])
          const [first] = store.datasets.items(result.dataset)
          expect(first?.title).toMatch(/^Blue teapot \d+$/)
        },
      ),
      { numRuns: 8, seed: 14 },
    )
  })

  test('a table that refers to two others holds the interactions, and never the table of people', async () => {
    const file = databaseOf([
      'CREATE TABLE leser (leser_nr INTEGER PRIMARY KEY, name, gruppe)',
      rowsOf(
        'leser',
        Array.from({ length: people }, (_, at) => [1000 + at, `Ada ${at}`, at % 2 ? 'Kind' : 'Erwachsen']),
      ),
      'CREATE TABLE bestand (sig INTEGER PRIMARY KEY, titel, verlag)',
      rowsOf(
        'bestand',
        Array.from({ length: things }, (_, at) => [7000 + at, `Das blaue Haus ${at}`, 'Insel']),
      ),
      'CREATE TABLE ausleihen (id INTEGER PRIMARY KEY, leser_nr REFERENCES leser, sig REFERENCES bestand, am)',
      rowsOf(
        'ausleihen',
        lines.map(({ user, item, order }, at) => [at + 1, user, item, day(order)]),
      ),
    ])
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.ratings.parts[0]).toBe('ausleihen')
    expect(preview.mapping).toMatchObject({ user: 'leser_nr', item: 'sig', time: 'am', title: 'bestand.titel' })
    expect(preview.choices[0]?.evidence).toContain('“leser_nr” has keys of “leser”, “sig” has keys of “bestand”.')
  })

  test('a key that occurs twice is not joined, since it would double rows', async () => {
    const file = databaseOf([...shop(english, [0, 1, 2, 3], false), `INSERT INTO orders SELECT * FROM orders LIMIT 1`])
    const preview = await previewImport({ ratings: [file], items: null, part: 'order_items' }, store.library)
    expect(preview.choices.map(({ value }) => value)).not.toContain('with columns of table “orders”')
  })

  test('a database in which nothing shows the table of interactions warns which one was taken', async () => {
    const file = databaseOf([
      'CREATE TABLE alpha (p, q)',
      rowsOf(
        'alpha',
        lines.map(({ user, item }) => [user, item]),
      ),
      'CREATE TABLE beta (r, s)',
      rowsOf(
        'beta',
        lines.map(({ user, item }) => [user, item]),
      ),
    ])
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    const choice = preview.choices.find(({ about }) => about === 'part')
    expect(choice).toMatchObject({ certainty: 'guess', value: 'table “alpha”', option: '--table "beta"' })
  })
})

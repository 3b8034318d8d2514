import { expect } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { imported, load, store } from './import-library'
import { mappingOf } from './recognised-mapping'

/** Names of tables and columns of a shop or a library in one language. */
export interface Names {
  readonly users: readonly [table: string, key: string]
  readonly items: readonly [table: string, key: string, title: string]
  readonly orders: readonly [table: string, key: string, user: string, time: string]
  readonly lines: readonly [table: string, order: string, item: string, count: string]
}

export const english: Names = {
  users: ['customers', 'customer_id'],
  items: ['products', 'product_id', 'name'],
  orders: ['orders', 'order_id', 'customer_id', 'ordered_at'],
  lines: ['order_items', 'order_id', 'product_id', 'quantity'],
}
export const languages: readonly Names[] = [
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

export const people = 30
export const things = 25

/** What each user did, in the order of the lines: item, count and time. */
type Lines = readonly { readonly user: number; readonly item: number; readonly count: number; readonly order: number }[]

export const lines: Lines = Array.from({ length: 240 }, (_, line) => ({
  order: 500 + Math.floor(line / 2),
  user: 1000 + (Math.floor(line / 2) % people),
  item: 7000 + ((line * 7 + Math.floor(line / 60)) % things),
  count: 1 + (line % 4),
}))

export const day = (order: number): string => `2024-0${1 + (order % 9)}-1${order % 10}`

/** A table of people, things, orders or order lines. */
export interface ShopTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Tables of people, things, orders and order lines. */
export function shopTables({ users, items, orders, lines: ofLines }: Names): ShopTable[] {
  const orderRows = [...new Map(lines.map((line) => [line.order, line])).values()]
  return [
    {
      name: users[0],
      columns: [users[1], 'name', 'email', 'city'],
      rows: Array.from({ length: people }, (_, at) => [1000 + at, `Ada ${at}`, `a${at}@example.org`, `Town ${at % 3}`]),
    },
    {
      name: items[0],
      columns: [items[1], items[2], 'price', 'category_id'],
      rows: Array.from({ length: things }, (_, at) => [7000 + at, `Blue teapot ${at}`, 9.5, 1 + (at % 4)]),
    },
    {
      name: orders[0],
      columns: [orders[1], orders[2], orders[3], 'status'],
      rows: orderRows.map((line) => [line.order, line.user, day(line.order), 'paid']),
    },
    {
      name: ofLines[0],
      columns: ['line_id', ofLines[1], ofLines[2], ofLines[3], 'unit_price'],
      rows: lines.map((line, at) => [at + 1, line.order, line.item, line.count, 9.5]),
    },
  ]
}

/** The items of each user with their last count and time, by item. */
export function expected(): object {
  const users = new Map<string, Map<string, readonly [string, number, number]>>()
  for (const { user, item, count, order } of lines) {
    const items = users.get(String(user)) ?? new Map<string, readonly [string, number, number]>()
    items.set(String(item), [String(item), count, Date.parse(`${day(order)}Z`) / 1000])
    users.set(String(user), items)
  }
  return byItem(Object.fromEntries([...users].map(([user, items]) => [user, [...items.values()]])))
}

/** Interactions in the order of their items. */
export const byItem = (users: object): object =>
  Object.fromEntries(
    Object.entries(users as Record<string, (readonly [string, ...unknown[]])[]>).map(([user, items]) => [
      user,
      items.toSorted(([one], [two]) => (one < two ? -1 : 1)),
    ]),
  )

/** Imports a shop's file and expects that its lines have the user and the time of their orders and the titles of their items, and that the reading says so. */
export async function expectJoined(file: NamedFile, names: Names, what: 'table' | 'sheet'): Promise<void> {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.ratings.tables[0]).toBe(names.lines[0])
  expect(preview.mapping).toMatchObject({
    user: names.orders[2],
    item: names.lines[2],
    count: names.lines[3],
    time: names.orders[3],
  })
  const result = await load(file, mappingOf(preview))
  expect(byItem(imported(result))).toEqual(expected())
  const joined = preview.choices.filter(({ value }) => value.startsWith(`with columns of ${what}`))
  expect(joined.map(({ value }) => value)).toEqual([
    `with columns of ${what} “${names.orders[0]}”`,
    `with columns of ${what} “${names.items[0]}”`,
  ])
  expect(store.datasets.items(result.dataset)[0]?.title).toMatch(/^Blue teapot \d+$/)
}

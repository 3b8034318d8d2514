import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { folder, store } from './import-library'
import { day, english, expectJoined, languages, lines, type Names, people, shopTables, things } from './shop.fixture'

const quoted = (name: string): string => `"${name}"`

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

/** The tables of a shop in a database. @param declared whether keys and references are declared */
function shop(names: Names, order: readonly number[], declared: boolean): string[] {
  const tables = shopTables(names)
  const refers: Readonly<Record<string, readonly [table: string, key: string]>> = {
    [names.orders[2]]: names.users,
    [names.lines[1]]: [names.orders[0], names.orders[1]],
    [names.lines[2]]: [names.items[0], names.items[1]],
  }
  const declaration = (column: string, at: number): string => {
    const [table, key] = refers[column] ?? []
    const isKey = at === 0 ? ' INTEGER PRIMARY KEY' : ''
    const reference = at > 0 && table && key ? ` REFERENCES ${quoted(table)} (${quoted(key)})` : ''
    return `${quoted(column)}${declared ? isKey + reference : ''}`
  }
  return order.flatMap((at) => {
    const table = tables[at]
    if (!table) return []
    const { name, columns, rows } = table
    return [`CREATE TABLE ${quoted(name)} (${columns.map(declaration).join(', ')})`, rowsOf(name, rows)]
  })
}

describe('related tables of a database', () => {
  test('order lines get the user and the time of their order and the titles of their items, in any order of tables and in several languages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...languages),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.boolean(),
        async (names, order, declared) => {
          const file = databaseOf(shop(names, order, declared))
          await expectJoined(file, names, 'table')
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
    expect(preview.ratings.tables[0]).toBe('ausleihen')
    expect(preview.mapping).toMatchObject({ user: 'leser_nr', item: 'sig', time: 'am', title: 'bestand.titel' })
    expect(preview.choices[0]?.evidence).toContain('“leser_nr” has keys of “leser”, “sig” has keys of “bestand”.')
  })

  test('a key that occurs twice is not joined, since it would double rows', async () => {
    const file = databaseOf([...shop(english, [0, 1, 2, 3], false), `INSERT INTO orders SELECT * FROM orders LIMIT 1`])
    const preview = await previewImport({ ratings: [file], items: null, table: 'order_items' }, store.library)
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
    const choice = preview.choices.find(({ about }) => about === 'table')
    expect(choice).toMatchObject({ certainty: 'guess', value: 'table “alpha”', option: '--table "beta"' })
  })
})

import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NamedFile } from '../../src/main/importing/source-file'
import { duplicatePolicy } from '../../src/shared/datasets'
import { folder, load, named, rejects, store, write } from './import-library'
import { cellsOf, inAnyOrder, interactionsOf, keptOf, randomRows } from './random-table.fixture'
import { xlsx } from './workbook.fixture'

const columns = ['user', 'item', 'rating', 'time']
type Cells = readonly string[]
/** Numbers as numbers if the format has them, and errors in a row as text. */
const typed = (cells: Cells): (string | number)[] =>
  cells.map((cell, column) => (column > 1 && /^-?[\d.]+$/.test(cell) ? Number(cell) : cell))
const objectOf = (cells: Cells): string =>
  JSON.stringify(Object.fromEntries(typed(cells).map((cell, i) => [columns[i], cell])))

/** A Python dictionary as `print` writes it, for values that were in a JSON object. */
const dictionaryOf = (cells: Cells): string => {
  const literal = (text: string): string =>
    `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\t', '\\t')}'`
  return `{${typed(cells)
    .map((cell, i) => `'${columns[i]}': ${typeof cell === 'number' ? cell : literal(cell)}`)
    .join(', ')}, 'seen': True, 'note': None}`
}

/** Each writes rows to a file; a row's line is known from its position (from 0). */
const containers: Record<
  string,
  { write: (rows: readonly Cells[]) => Promise<NamedFile> | NamedFile; line: (place: number) => number }
> = {
  'JSON lines': {
    write: (rows) => write('table.jsonl', rows.map((row) => `${objectOf(row)}\n`).join('')),
    line: (place) => place + 1,
  },
  'a JSON array, one object a line': {
    write: (rows) => write('table.json', `[\n${rows.map(objectOf).join(',\n')}\n]\n`),
    line: (place) => place + 2,
  },
  'a JSON array on one line': {
    write: (rows) => write('table.json', `[${rows.map(objectOf).join(', ')}]`),
    line: (place) => place + 1,
  },
  'an indented JSON array': {
    write: (rows) =>
      write(
        'table.json',
        JSON.stringify(
          rows.map((row): unknown => JSON.parse(objectOf(row))),
          null,
          2,
        ),
      ),
    line: (place) => 2 + 6 * place,
  },
  'JSON objects over several lines, one after the other': {
    write: (rows) =>
      write('table.json', rows.map((row) => JSON.stringify(JSON.parse(objectOf(row)) as unknown, null, 2)).join('\n')),
    line: (place) => 1 + 6 * place,
  },
  'lines of Python dictionaries': {
    write: (rows) => write('table.json', rows.map((row) => `${dictionaryOf(row)}\n`).join('')),
    line: (place) => place + 1,
  },
  'JSON objects inside one object': {
    write: (rows) => write('table.json', `{"made": "today", "data": {"ratings": [${rows.map(objectOf).join(',')}]}}`),
    line: (place) => place + 1,
  },
  'a JSON list of lists': {
    write: (rows) => write('table.json', JSON.stringify([columns, ...rows.map(typed)])),
    line: (place) => place + 1,
  },
  'JSON as pandas splits it': {
    write: (rows) =>
      write('table.json', JSON.stringify({ columns, index: rows.map((_, i) => i), data: rows.map(typed) })),
    line: (place) => place + 1,
  },
  'JSON as pandas writes it, column by column': {
    write: (rows) =>
      write(
        'table.json',
        JSON.stringify(
          Object.fromEntries(
            columns.map((name, at) => [name, Object.fromEntries(rows.map((row, i) => [i, typed(row)[at] ?? '']))]),
          ),
        ),
      ),
    line: (place) => place + 1,
  },
  'an Excel workbook below a title': {
    write: (rows) =>
      write(
        'table.xlsx',
        Buffer.from(xlsx([['Ratings of our shop'], [], ['exported', 'by Anna'], columns, ...rows.map(typed)])),
      ),
    line: (place) => place + 5,
  },
  'an Excel workbook': {
    write: (rows) => write('table.xlsx', Buffer.from(xlsx([columns, ...rows.map(typed)]))),
    line: (place) => place + 2,
  },
  'a SQLite table': {
    write(rows) {
      const path = join(folder, 'table.db')
      const database = new Database(path)
      database.exec('DROP TABLE IF EXISTS plays; CREATE TABLE plays ("user", item, rating, time)')
      const insert = database.prepare('INSERT INTO plays VALUES (?, ?, ?, ?)')
      for (const row of rows) insert.run(...typed(row))
      database.close()
      return { path, name: 'table.db' }
    },
    line: (place) => place + 1,
  },
  Parquet: {
    async write(rows) {
      const path = join(folder, 'table.parquet')
      const instance = await DuckDBInstance.create(':memory:')
      const connection = await instance.connect()
      await connection.run('CREATE TABLE plays ("user" VARCHAR, item VARCHAR, rating VARCHAR, time VARCHAR)')
      for (const row of rows) await connection.run('INSERT INTO plays VALUES (?, ?, ?, ?)', [...row])
      await connection.run(`COPY plays TO '${path}' (FORMAT parquet)`)
      connection.closeSync()
      instance.closeSync()
      return { path, name: 'table.parquet' }
    },
    line: (place) => place + 1,
  },
}

test.each(Object.entries(containers))('what was written as %s is read back or rejected', async (_, container) => {
  await fc.assert(
    fc.asyncProperty(
      randomRows({ letters: ',;|"\täßñ中🎬', ragged: false }),
      fc.constantFrom(...duplicatePolicy.options),
      async (rows, duplicates) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const cells = rows.map((row) => cellsOf(row, { decimal: '.', times: 'seconds' }))
        const result = await load(await container.write(cells), named, { duplicates })
        const expected = keptOf(rows, duplicates)
        expect(inAnyOrder(interactionsOf(result))).toEqual(inAnyOrder(expected.interactions))
        expect(rejects(result).map(({ line, reason }) => [line, reason])).toEqual(
          rows.flatMap(({ fault }, place) => (fault ? [[container.line(place), fault.reason]] : [])),
        )
        expect(result).toMatchObject({
          interactions: expected.interactions.length,
          duplicates: expected.duplicates,
          rejected: rows.filter(({ fault }) => fault).length,
        })
      },
    ),
    { numRuns: 12 },
  )
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'better-sqlite3'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { folder, imported, load, named, rejects, store, write } from './import-library'
import { xlsx } from './workbook.fixture'
import { mappingOf } from './recognised-mapping'

const table = 'user,item,rating,time\n007,ä,4.5,100\n2,b,x,101\n2,c,3,102\n'
const whole = { '007': [['ä', 4.5, 100]], '2': [['c', 3, 102]] }
const previewOf = (file: NamedFile, table: string | null = null) =>
  previewImport({ ratings: [file], items: null, table }, store.library)

/** Imported as the preview suggests, and found whole, with one rejected row of this line. */
async function expectWhole(file: NamedFile, line: number, format: string): Promise<void> {
  const { mapping, ratings } = await previewOf(file)
  expect(ratings.format).toBe(format)
  expect(mapping).toEqual(named)
  const result = await load(file)
  expect(imported(result)).toEqual(whole)
  expect(rejects(result)).toMatchObject([{ line, reason: 'rating is not a number' }])
}

describe('formats', () => {
  test('gzip', () => expectWhole(write('r.csv.gz', zlib.gzipSync(table)), 3, 'delimited text'))

  test('Zstandard', () => expectWhole(write('r.csv.zst', zlib.zstdCompressSync(table)), 3, 'delimited text'))

  test('ZIP, with the items that lie beside the ratings', async () => {
    const archive = zipSync({
      'ml/README.txt': strToU8('hello'),
      'ml/tags.csv': strToU8('userId,movieId,tag\n1,1,x\n'),
      'ml/ratings.csv': strToU8('userId,movieId,rating,timestamp\n1,1,4,100\n'),
      'ml/movies.csv': strToU8('movieId,title,genres\n1,Toy Story (1995),Comedy\n'),
    })
    const file = write('ml.zip', Buffer.from(archive))
    const preview = await previewOf(file)
    const { itemMapping } = preview
    expect(itemMapping).toEqual({ item: 'movieId', title: 'title', genres: 'genres' })
    const result = await load(file, mappingOf(preview))
    expect(imported(result)).toEqual({ '1': [['1', 4, 100]] })
    expect(store.datasets.items(result.dataset)[0]).toMatchObject({ title: 'Toy Story (1995)', genres: ['Comedy'] })
  })

  test('JSON lines: nested values, a broken line and an id beyond doubles', async () => {
    const text = [
      '{"user":"007","item":"ä","rating":4.5,"time":100}',
      '{"user":"2","item":"b","rating":"x","time":101}',
      '{"user":"2","item":"c","rating":3,"time":102}',
    ]
    await expectWhole(write('r.jsonl', `${text.join('\n')}\n`), 2, 'JSON lines')
  })

  test('a log whose lines end with objects, with what is left out said; a table with a column of JSON is none', async () => {
    const objects = [
      '{"user":"007","item":"ä","rating":4.5,"time":100}',
      '{"user":"2","item":"c","rating":3,"time":102}',
    ]
    const text = objects.map((object, at) => `2024-01-0${at + 1} 10:00:00,123 INFO ${object}`)
    const file = write('app.log', `${text[0]}\n2024-01-02 10:00:00,123 WARN slow\n${text[1]}\n`)
    const { mapping, ratings, warnings } = await previewOf(file)
    expect([ratings.format, mapping]).toEqual(['JSON lines', named])
    expect(warnings[0]).toContain(
      'a log with a JSON object in each line is a guess. The text before each object is left out, such as “2024-01-01 10:00:00,123 INFO”.',
    )
    const result = await load(file)
    expect(imported(result)).toEqual(whole)
    expect(rejects(result)).toMatchObject([{ line: 2, reason: 'too few columns' }])

    for (const separator of ['\t', ';', '|']) {
      const rows = objects.map((object, at) => ['u', `i${at}`, object].join(separator)).join('\n')
      const table = await previewOf(write('table.txt', `user${separator}item${separator}extra\n${rows}\n${rows}\n`))
      expect(table.ratings.format).toBe('delimited text')
    }
  })

  test('JSON lines that are broken are rejected with their line', async () => {
    const good = '{"user":"1","item":"a","rating":4,"time":100}'
    const result = await load(write('r.jsonl', `${good}\n{"user":"2",\n\n${good.replace('"1"', '"3"')}\n`))
    expect(Object.keys(imported(result))).toEqual(['1', '3'])
    expect(rejects(result)).toMatchObject([{ line: 2, reason: 'too few columns' }])
  })

  test('Parquet, one part and several', async () => {
    const csv = write('p.csv', table)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const read = `read_csv('${csv.path}', all_varchar = true)`
    await connection.run(`COPY (SELECT * FROM ${read}) TO '${join(folder, 'all.parquet')}' (FORMAT parquet)`)
    await connection.run(
      `COPY (SELECT "user", item, 4.5::DOUBLE AS rating, TIMESTAMP '2000-07-30 18:45:03' AS time FROM ${read} LIMIT 1)
       TO '${join(folder, 'part-2.parquet')}' (FORMAT parquet)`,
    )
    connection.closeSync()
    instance.closeSync()
    const file = (name: string): NamedFile => ({ path: join(folder, name), name })
    await expectWhole(file('all.parquet'), 2, 'Parquet')
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const result = await load([file('all.parquet'), file('part-2.parquet')])
    expect(imported(result)['007']).toEqual([['ä', 4.5, 964_982_703]])
    expect(result.duplicates).toBe(1)
  })

  test.each([
    ['PAR1', /Parquet/],
    ['SQLite format 3\0', /SQLite/],
  ])(
    'numbers behind “%s” that look like UTF-16, with a zero in every other byte, are no text',
    async (magic, format) => {
      const numbers = Buffer.from('user,item\nu1,a\nu2,b\n'.repeat(200), 'utf16le')
      const file = write('numbers.bin', Buffer.concat([Buffer.from(magic), numbers]))
      await expect(previewOf(file)).rejects.toThrow(format)
    },
  )

  test('an Excel workbook', () =>
    expectWhole(
      write(
        'r.xlsx',
        Buffer.from(
          xlsx([
            ['user', 'item', 'rating', 'time'],
            ['007', 'ä', 4.5, 100],
            ['2', 'b', 'x', 101],
            ['2', 'c', 3, 102],
          ]),
        ),
      ),
      3,
      'Excel workbook',
    ))

  test('a SQLite database: the likeliest table, or the one that is named; nothing is written beside it', async () => {
    const path = join(folder, 'other.db')
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.exec(`CREATE TABLE settings (key, value); INSERT INTO settings VALUES ('a', 'b');
      CREATE TABLE ratings ("user" TEXT, item TEXT, rating, time INTEGER);
      INSERT INTO ratings VALUES ('007', 'ä', 4.5, 100), ('2', 'b', 'x', 101), ('2', 'c', 3, 102);
      CREATE TABLE plays ("user" INTEGER, item INTEGER); INSERT INTO plays VALUES (9007199254740993, 1);`)
    database.close()
    const before = createHash('sha256').update(readFileSync(path)).digest('hex')
    const file = { path, name: 'other.db' }
    await expectWhole(file, 2, 'SQLite database')
    const { ratings } = await previewOf(file, 'plays')
    expect(ratings.tables[0]).toBe('plays')
    expect([...ratings.tables].sort()).toEqual(['plays', 'ratings', 'settings'])
    expect(ratings.rows).toEqual([['9007199254740993', '1']])
    await expect(previewOf(file, 'nothing')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before)
  })

  test('the Netflix Prize’s four files', async () => {
    const files = [
      write('combined_data_1.txt', '1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n2:\n1488844,x,2005-09-07\n'),
      write('combined_data_2.txt', '3:\n822109,4,2005-12-26\n'),
    ]
    const preview = await previewImport({ ratings: files, items: null }, store.library)
    expect(preview.mapping).toEqual({ user: 'userId', item: 'movieId', rating: 'rating', time: 'date' })
    const result = await load(files, mappingOf(preview))
    expect(imported(result)).toEqual({
      '1488844': [['1', 3, Date.UTC(2005, 8, 6) / 1000]],
      '822109': [
        ['1', 5, Date.UTC(2005, 4, 13) / 1000],
        ['3', 4, Date.UTC(2005, 11, 26) / 1000],
      ],
    })
    expect(rejects(result)).toEqual([
      { file: 'combined_data_1.txt', line: 5, reason: 'rating is not a number', text: '1488844,x,2005-09-07,2' },
    ])
  })
})

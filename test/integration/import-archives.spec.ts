import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'better-sqlite3'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { errorShape, toErrorShape } from '../../src/shared/errors'
import { folder, imported, load, named, pairs, rejects, store, write } from './import-library'

describe('files that should not or cannot be read', () => {
  const refused = async (file: NamedFile, message: RegExp): Promise<void> => {
    const error = { code: 'BAD_INPUT', message: expect.stringMatching(message) as string }
    await expect(load(file)).rejects.toMatchObject(error)
    await expect(previewImport({ ratings: [file], items: null }, store.library)).rejects.toMatchObject(error)
    expect(store.datasets.list()).toEqual([])
  }

  test('a truncated gzip', () => {
    const packed = zlib.gzipSync(Array.from({ length: 9999 }, (_, i) => `${i},${i * 7919}\n`).join(''))
    return refused(write('r.csv.gz', packed.subarray(0, packed.length / 2)), /r\.csv\.gz is truncated/)
  })

  test('a truncated Zstandard file', () => {
    const packed = zlib.zstdCompressSync(Array.from({ length: 9999 }, (_, i) => `${i},${i * 7919}\n`).join(''))
    return refused(write('r.csv.zst', packed.subarray(0, packed.length / 2)), /r\.csv\.zst is (truncated|damaged)/)
  })

  test('a ZIP with names that lead out of it', () =>
    refused(
      write('r.zip', Buffer.from(zipSync({ '../ratings.csv': strToU8('user,item\n1,a\n') }))),
      /points outside the archive/,
    ))

  test('a bomb', () =>
    refused(
      write('r.zip', Buffer.from(zipSync({ 'ratings.csv': new Uint8Array(200 * 1024 * 1024) }))),
      /made to fill disks/,
    ))

  test('a gzip bomb', () =>
    refused(write('r.csv.gz', zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024, '1,1\n'))), /made to fill disks/))

  test('a Parquet file of one value many times over', async () => {
    const path = join(folder, 'bomb.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(`COPY (SELECT 1 AS "user", 1 AS item FROM range(50000000)) TO '${path}' (FORMAT parquet)`)
    connection.closeSync()
    instance.closeSync()
    const file = { path, name: 'bomb.parquet' }
    await expect(load(file, pairs)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/bomb\.parquet .*made to fill disks/) as string,
    })
  })

  test('a database with a view that never ends', async () => {
    const path = join(folder, 'endless.db')
    const database = new Database(path)
    database.exec(`CREATE VIEW ratings AS
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT n AS "user", n AS item FROM numbers`)
    database.close()
    await expect(load({ path, name: 'endless.db' }, pairs)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/endless\.db .*made to fill disks/) as string,
    })
  })

  test('a JSON array that breaks off keeps what came before, and what is left of the last one', async () => {
    const whole = '{"user":"1","item":"a","rating":4,"time":100}'
    const result = await load(write('r.json', `[\n${whole},\n{"user":"2","item":"b","rat`))
    expect(imported(result)).toEqual({ '1': [['a', 4, 100]] })
    expect(rejects(result)).toEqual([
      { file: 'r.json', line: 3, reason: 'too few columns', text: '"{""user"":""2"",""item"":""b"",""rat"' },
    ])
  })

  test('a ZIP without ratings', () =>
    refused(
      write('r.zip', Buffer.from(zipSync({ 'a.png': strToU8('x'), 'b.png': strToU8('y') }))),
      /no file that its columns or its name identify as ratings/,
    ))

  test('a ZIP whose files nothing tells names them, so that one can be chosen', async () => {
    const file = write(
      'r.zip',
      Buffer.from(zipSync({ 'readme.log': strToU8('u1 x\nu2 y\nu1 y\n'), 'b.png': strToU8('y') })),
    )
    const refusal = await load(file, pairs).then(
      () => null,
      (error: unknown) => toErrorShape(error),
    )
    expect(refusal?.next).toContain('in the app: Files')
    expect(errorShape.parse(refusal).files?.map(({ path, role }) => [path, role])).toEqual([
      ['readme.log', 'left out'],
      ['b.png', 'left out'],
    ])
    const reading = { roles: { 'readme.log': 'ratings' } } as const
    const found = await previewImport({ ratings: [file], items: null, reading }, store.library)
    expect(found.files.map(({ role }) => role)).toEqual(['ratings', 'left out'])
  })

  test('a truncated Parquet file', () => refused(write('r.parquet', 'PAR1 and no more of it'), /Parquet.*damaged/))

  test('a damaged database', () => {
    writeFileSync(join(folder, 'r.db'), Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 7)]))
    return refused({ path: join(folder, 'r.db'), name: 'r.db' }, /SQLite database r\.db/)
  })

  test('a table of a million columns', () => {
    const line = (text: string): string => Array.from({ length: 1_000_000 }, (_, i) => `${text}${i}`).join(',')
    return refused(write('wide.csv', `${line('c')}\n${line('')}\n`), /wide\.csv/)
  })

  test('one line of 200 MB is rejected, its neighbours are not', async () => {
    const file = write('long.csv', 'user,item,rating,time\n1,a,4,100\n2,')
    const piece = Buffer.alloc(10 * 1024 * 1024, 'x')
    for (let i = 0; i < 20; i++) appendFileSync(file.path, piece)
    appendFileSync(file.path, ',3,100\n3,c,3,100\n')
    const result = await load(file)
    expect(Object.keys(imported(result))).toEqual(['1', '3'])
    expect(rejects(result)).toMatchObject([{ line: 3, reason: 'the line is longer than 2 MB' }])
  })

  test('nothing but one line of 200 MB', async () => {
    const file = write('line.csv', '')
    const piece = Buffer.alloc(10 * 1024 * 1024, 'x')
    for (let i = 0; i < 20; i++) appendFileSync(file.path, piece)
    await refused(file, /line\.csv: its lines are longer than 100,000 characters/)
  })

  test('empty columns', async () => {
    const file = write('empty.csv', 'user,item,rating,time,,note\n1,a,4,100,,\n2,b,3,101,,\n')
    const { mapping } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(mapping).toEqual(named)
    expect(imported(await load(file))).toEqual({ '1': [['a', 4, 100]], '2': [['b', 3, 101]] })
  })

  test('a file whose first rows can hardly be used stops early', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},a,good,1\n`).join('')
    return expect(load(write('r.csv', `user,item,rating,time\n${rows}9,b,4,1\n`))).rejects.toMatchObject({
      message: expect.stringMatching(/of the first .*rating is not a number/) as string,
    })
  })
})

describe('an archive whose names do not show which file describes the items', () => {
  const month = (first: number): Uint8Array =>
    strToU8('user;Mednr\n' + [0, 1, 2, 3].map((row) => `K${row % 2};M${(first + row) % 3}\n`).join(''))
  const archive = (): NamedFile =>
    write(
      'loans.zip',
      Buffer.from(
        zipSync({
          'y/01.csv': month(0),
          'y/02.csv': month(1),
          'y/bestand.csv': strToU8('Mednr;Titel\nM0;Der Fluss\nM1;Die Stadt\nM2;Das Meer\n'),
        }),
      ),
    )
  const mapping = { ...pairs, item: 'Mednr' }

  test('imports with the titles', async () => {
    const result = await load(archive(), mapping)
    expect(store.datasets.items(result.dataset).map(({ externalId, title }) => [externalId, title])).toEqual([
      ['M0', 'Der Fluss'],
      ['M1', 'Die Stadt'],
      ['M2', 'Das Meer'],
    ])
  })

  test('is refused with the option that gives the file its role, if it was taken for ratings', () =>
    expect(load(archive(), mapping, { reading: { roles: { 'y/bestand.csv': 'ratings' } } })).rejects.toMatchObject({
      message: 'bestand.csv has no column “user”, which 01.csv has. It has the columns Mednr, Titel.',
      next: 'If bestand.csv describes items, use --file-role y/bestand.csv=items; if it is not needed, --file-role y/bestand.csv=left-out (in the app: Files). Otherwise import it separately.',
    }))
})

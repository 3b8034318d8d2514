import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { folder, imported, load, named, pairs, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

describe('rows', () => {
  test('that cannot be used are kept with line, reason and text', async () => {
    const result = await load(
      write(
        'bad.csv',
        [
          'user,item,rating,time',
          '1,a,4,100',
          '',
          ',b,4,100',
          '2,,4,100',
          '3,c',
          '4,d,5,6,7',
          '5,"two\nlines",x,100',
          '6,e,nan,100',
          '7,f,inf,100',
          '8,g,,100',
          '9,h,3,yesterday',
          '10,i,3,-5',
          '11,j,3,',
          '12,k,3.5,101',
        ].join('\n'),
      ),
    )
    // Numbers around 100 are a sequence, in which a negative one has its place.
    expect(imported(result)).toEqual({ '1': [['a', 4, 100]], '10': [['i', 3, -5]], '12': [['k', 3.5, 101]] })
    const file = 'bad.csv'
    expect(rejects(result)).toEqual([
      { file, line: 4, reason: 'no user id', text: ',b,4,100' },
      { file, line: 5, reason: 'no item id', text: '2,,4,100' },
      { file, line: 6, reason: 'too few columns', text: '3,c' },
      { file, line: 7, reason: 'too many columns', text: '4,d,5,6,7' },
      { file, line: 8, reason: 'rating is not a number', text: '5,"two\nlines",x,100' },
      { file, line: 10, reason: 'rating is NaN', text: '6,e,nan,100' },
      { file, line: 11, reason: 'rating is not finite', text: '7,f,inf,100' },
      { file, line: 12, reason: 'no rating', text: '8,g,,100' },
      { file, line: 13, reason: 'time is not a time', text: '9,h,3,yesterday' },
      { file, line: 15, reason: 'no time', text: '11,j,3,' },
    ])
    expect(result.rejected).toBe(10)
    expect(store.datasets.get(result.dataset).rejected).toBe(10)
  })

  test('of the same user and item: the last one by time counts', async () => {
    const result = await load(
      write('a.csv', 'user,item,rating,time\n1,a,5,200\n1,b,3,150\n1,a,1,100\n2,a,4,1\n2,a,2,1\n'),
    )
    expect(imported(result)).toEqual({
      '1': [
        ['b', 3, 150],
        ['a', 5, 200],
      ],
      '2': [['a', 2, 1]],
    })
    expect(result).toMatchObject({ interactions: 3, duplicates: 2, rejected: 0 })
  })

  test('of several files make one data set', async () => {
    const files = [write('a.csv', 'user,item\n1,a\n,x\n'), write('b.csv', 'user,item\n1,b\n2,a\n1,a\n')]
    const result = await load(files, pairs)
    // Without times the last of two equal pairs is the one further down.
    expect(imported(result)).toEqual({ '1': [['b'], ['a']], '2': [['a']] })
    expect(rejects(result)).toEqual([{ file: 'a.csv', line: 3, reason: 'no user id', text: ',x' }])
    expect(store.datasets.get(result.dataset).source).toEqual(['a.csv', 'b.csv'])
  })

  test('keep ids as they are written, but for the spaces around them', async () => {
    const ids = ['007', '7', 'ID', 'id', '100000000000000000000', '🎬 a b', 'x"y', "it's"]
    const quoted = [' 7', ...ids].map((id) => `"${id.replaceAll('"', '""')}",m`)
    const result = await load(write('ids.csv', `user,item\n${quoted.join('\n')}\n`), pairs)
    expect(new Set(Object.keys(imported(result)))).toEqual(new Set(ids))
  })
})

describe('times', () => {
  test.each([
    ['seconds', '964982703', 964_982_703],
    ['milliseconds', '964982703123', 964_982_703.123],
    ['an ISO moment', '2000-07-30T18:45:03Z', 964_982_703],
    ['an ISO moment of another zone', '2000-07-30T20:45:03+02:00', 964_982_703],
    ['a date', '2000-07-30', 964_915_200],
  ])('in %s', async (_, text, seconds) => {
    const result = await load(write('t.csv', `user,item,rating,time\n1,a,5,${text}\n1,b,5,${text}\n`))
    expect(imported(result)['1']?.[0]).toEqual(['a', 5, seconds])
  })
})

describe('dialects', () => {
  const table = [
    ['user', 'item', 'rating', 'time'],
    ['1', 'ä', '4.5', '100'],
    ['2', 'b', '3', '101'],
  ]
  const lines = (delimiter: string, end = '\n'): string => table.map((row) => row.join(delimiter) + end).join('')
  const whole = { '1': [['ä', 4.5, 100]], '2': [['b', 3, 101]] }

  test.each([
    ['semicolons and decimal commas', Buffer.from(lines(';').replace('4.5', '4,5'))],
    ['tabs', Buffer.from(lines('\t'))],
    ['pipes', Buffer.from(lines('|'))],
    ['a byte order mark', Buffer.from(`\ufeff${lines(',')}`)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${lines(',')}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(lines(','), 'utf16le')],
    ['Windows-1252', Buffer.from(lines(','), 'latin1')],
    ['Windows line ends', Buffer.from(lines(',', '\r\n'))],
    ['old Macintosh line ends', Buffer.from(lines(',', '\r'))],
    ['mixed line ends', Buffer.from(lines(',').replace('100\n', '100\r\n'))],
    ['empty lines before the header', Buffer.from(`\n\n${lines(',')}`)],
  ])('%s', async (_, content) => {
    const file = write('d.csv', content)
    const { mapping } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(mapping).toEqual(named)
    const result = await load(file)
    expect(imported(result)).toEqual(whole)
    expect(result.rejected).toBe(0)
  })

  test('no header: user, item, rating, time by their order', async () => {
    const file = write('u.data', '196\t242\t3\t881250949\n186\t302\t3\t891717742\n')
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    const { mapping, ratings } = preview
    expect(ratings).toMatchObject({ header: false, delimiter: '\t' })
    expect(mapping).toEqual({ user: 'column0', item: 'column1', rating: 'column2', time: 'column3' })
    expect(imported(await load(file, mappingOf(preview)))).toEqual({
      '186': [['302', 3, 891_717_742]],
      '196': [['242', 3, 881_250_949]],
    })
  })

  test.each(['csv', 'csv.gz', 'jsonl', 'parquet', 'db'])(
    'a path with quotes, a line end and signs that DuckDB would take for a pattern: %s',
    async (suffix) => {
      write(`a1.${suffix}`, 'user,item\nother,other\n')
      const name = `a[1]*'"\n\\$%.${suffix}`
      const path = join(folder, name)
      const csv = 'user,item\n1,a\n'
      if (suffix === 'csv') writeFileSync(path, csv)
      if (suffix === 'csv.gz') writeFileSync(path, zlib.gzipSync(csv))
      if (suffix === 'jsonl') writeFileSync(path, '{"user":1,"item":"a"}\n')
      if (suffix === 'db') {
        const database = new Database(path)
        database.exec(`CREATE TABLE plays ("user", item); INSERT INTO plays VALUES (1, 'a')`)
        database.close()
      }
      if (suffix === 'parquet') {
        const instance = await DuckDBInstance.create(':memory:')
        const connection = await instance.connect()
        await connection.run(
          `COPY (SELECT 1 AS "user", 'a' AS item) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
        )
        connection.closeSync()
        instance.closeSync()
      }
      expect(imported(await load({ path, name }, pairs))).toEqual({ '1': [['a']] })
    },
  )
})

describe('the preview', () => {
  test('shows a hundred rows as text, columns with samples, and a guess', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `00${i},m${i % 3},4.50`)
    const preview = await previewImport(
      {
        ratings: [write('p.csv', `Customer ID,isbn,Stars\n${rows.join('\n')}\n`)],
        items: write('i.csv', 'isbn,name,genre\nm1,One,Crime\n'),
      },
      store.library,
    )
    expect(preview.ratings).toMatchObject({ name: 'p.csv', delimiter: ',', header: true })
    expect(preview.ratings.rows).toHaveLength(100)
    expect(preview.ratings.rows[0]).toEqual(['000', 'm0', '4.50'])
    expect(preview.ratings.columns[1]).toMatchObject({ name: 'isbn', samples: ['m0', 'm1', 'm2'] })
    expect(preview.mapping).toEqual({ user: 'Customer ID', item: 'isbn', rating: 'Stars', time: null })
    expect(preview.itemMapping).toEqual({ item: 'isbn', title: 'name', genres: 'genre' })
  })

  test('says if it is not certain', async () => {
    const preview = await previewImport({ ratings: [write('p.csv', 'a,b,c\n1,2,3\n')], items: null }, store.library)
    expect(preview.mapping).toMatchObject({ user: null, item: null })
    expect(preview.ratings.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    const one = await previewImport({ ratings: [write('one.csv', 'a\nb\nc\n')], items: null }, store.library)
    expect(one.warnings.join()).toContain('only one column')
  })
})

test('items: titles, genres and attributes by id; unnamed ones keep their id, unmatched ones are counted', async () => {
  const items = write(
    'items.csv',
    'id,title,year,genres\n01,"Heat, 1995",1995,Crime|Drama\n01,Again,2000,\n03,Unseen,,(no genres listed)\n,Nobody,,\n',
  )
  const result = await load(write('r.csv', 'user,item\nu,01\nu,1\n'), pairs, { items })
  expect(store.datasets.items(result.dataset)).toEqual([
    { index: 0, externalId: '01', title: 'Heat, 1995', genres: ['Crime', 'Drama'], attributes: { year: '1995|2000' } },
    { index: 1, externalId: '1', title: '1', genres: [] },
  ])
  expect(result).toMatchObject({ unmatchedItems: 1, repeatedItems: 1 })
  expect(rejects(result)).toEqual([{ file: 'items.csv', line: 5, reason: 'no item id', text: ',Nobody,,' }])
})

describe('files with different columns', () => {
  const warningsFor = async (first: string, other: string): Promise<string> => {
    const ratings = [write('a.csv', first), write('b.csv', other)]
    return (await previewImport({ ratings, items: null }, store.library)).warnings.join('\n')
  }

  test('are read together where each has what is needed, without a warning about that', async () => {
    const rows = 'u1,a,5,x\nu2,b,4,y\nu1,c,3,z\nu2,a,3,z\n'
    expect(await warningsFor(`user,item,rating,shop\n${rows}`, `user,item,rating,town\n${rows}`)).toBe('')
    expect(await warningsFor(`user,item,rating,shop\n${rows}`, 'item,rating,user\na,5,u3\nb,4,u3\n')).toBe('')
  })

  test('a column that only a later one has is not read, which is said if its name is for a time or a value', async () => {
    const rows = 'u1,a\nu2,b\nu1,c\nu2,a\n'
    const other = `user,item,rating,when,shop\n${rows.replaceAll('\n', ',3,2024-03-01,x\n')}`
    expect(await warningsFor(`user,item\n${rows}`, other)).toBe(
      'b.csv has “rating”, “when”, which a.csv lacks, so they are not read. If they matter, import b.csv by itself.',
    )
  })

  test('one that lacks a needed column is refused', async () => {
    const rows = 'u1,a,5\nu2,b,4\nu1,c,3\nu2,a,3\n'
    const warnings = await warningsFor(`user,item,rating\n${rows}`, 'user,item\nu3,a\n')
    expect(warnings).toContain('b.csv has no column “rating”, which a.csv has.')
  })
})

import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { openStore } from '../../src/main/store/open'
import type { Store } from '../../src/main/store/store'
import type { ColumnMapping, ImportResult, RejectedRow } from '../../src/shared/datasets'
import { recordingContext } from './recording-context'

let folder: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-files-'))
  store = openStore(join(folder, 'library'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, content: string | Buffer): NamedFile => {
  writeFileSync(join(folder, name), content)
  return { path: join(folder, name), name }
}

const named: ColumnMapping = { user: 'user', item: 'item', rating: 'rating', time: 'time' }
const pairs: ColumnMapping = { user: 'user', item: 'item', rating: null, time: null }

const load = (
  files: NamedFile | NamedFile[],
  mapping: ColumnMapping = named,
  { items = null as NamedFile | null, context = recordingContext().context } = {},
): Promise<ImportResult> =>
  importRatings(store, { name: 'test', ratings: [files].flat(), items, mapping, itemMapping: null }, context)

/** What was imported, by external ids. */
function imported({ dataset }: ImportResult): Record<string, (string | number)[][]> {
  const ids = store.datasets.items(dataset).map(({ externalId }) => externalId)
  return Object.fromEntries(
    [...store.datasets.histories(dataset)].map(({ externalId, items, ratings, times }) => [
      externalId,
      Array.from(items, (item, i) => [
        ids[item] ?? '',
        ...(ratings ? [ratings[i] ?? 0] : []),
        ...(times ? [times[i] ?? 0] : []),
      ]),
    ]),
  )
}
const rejects = ({ dataset }: ImportResult): RejectedRow[] => store.datasets.rejects(dataset, 0, 1000).rows

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
    expect(imported(result)).toEqual({ '1': [['a', 4, 100]], '12': [['k', 3.5, 101]] })
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
      { file, line: 14, reason: 'time is before 1970', text: '10,i,3,-5' },
      { file, line: 15, reason: 'no time', text: '11,j,3,' },
    ])
    expect(result.rejected).toBe(11)
    expect(store.datasets.get(result.dataset).rejected).toBe(11)
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

  test('keep ids exactly as they are written', async () => {
    const ids = ['007', '7', ' 7', 'ID', 'id', '100000000000000000000', '🎬 a b', 'x"y', "it's"]
    const quoted = ids.map((id) => `"${id.replaceAll('"', '""')}",m`)
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
    const { mapping } = await previewImport({ ratings: [file], items: null })
    expect(mapping).toEqual(named)
    const result = await load(file)
    expect(imported(result)).toEqual(whole)
    expect(result.rejected).toBe(0)
  })

  test('no header: user, item, rating, time by their order', async () => {
    const file = write('u.data', '196\t242\t3\t881250949\n186\t302\t3\t891717742\n')
    const { mapping, ratings } = await previewImport({ ratings: [file], items: null })
    expect(ratings).toMatchObject({ header: false, delimiter: '\t' })
    expect(mapping).toEqual({ user: 'column0', item: 'column1', rating: 'column2', time: 'column3' })
    expect(imported(await load(file, mapping ?? named))).toEqual({
      '186': [['302', 3, 891_717_742]],
      '196': [['242', 3, 881_250_949]],
    })
  })

  test('a path that DuckDB would take for a pattern', async () => {
    write('a1.csv', 'user,item\nother,other\n')
    const file = write("a[1]*'\n.csv", 'user,item\n1,a\n')
    expect(imported(await load(file, pairs))).toEqual({ '1': [['a']] })
  })
})

describe('the preview', () => {
  test('shows a hundred rows as text, columns with samples, and a guess', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `00${i},m${i % 3},4.50`)
    const preview = await previewImport({
      ratings: [write('p.csv', `Customer ID,isbn,Stars\n${rows.join('\n')}\n`)],
      items: write('i.csv', 'isbn,name,genre\nm1,One,Crime\n'),
    })
    expect(preview.ratings).toMatchObject({ name: 'p.csv', delimiter: ',', header: true })
    expect(preview.ratings.rows).toHaveLength(100)
    expect(preview.ratings.rows[0]).toEqual(['000', 'm0', '4.50'])
    expect(preview.ratings.columns[1]).toMatchObject({ name: 'isbn', samples: ['m0', 'm1', 'm2'] })
    expect(preview.mapping).toEqual({ user: 'Customer ID', item: 'isbn', rating: 'Stars', time: null })
    expect(preview.itemMapping).toEqual({ item: 'isbn', title: 'name', genres: 'genre' })
  })

  test('says where it cannot tell', async () => {
    const preview = await previewImport({ ratings: [write('p.csv', 'a,b,c\n1,2,3\n')], items: null })
    expect(preview.mapping).toBeNull()
    expect(preview.warnings.join()).toContain('p.csv')
    const one = await previewImport({ ratings: [write('one.csv', 'a\nb\nc\n')], items: null })
    expect(one.warnings.join()).toContain('one column only')
  })
})

test('items: titles and genres by id; unnamed ones keep their id, unmatched ones are counted', async () => {
  const items = write(
    'items.csv',
    'id,title,genres\n01,"Heat, 1995",Crime|Drama\n01,Again,\n03,Unseen,(no genres listed)\n,Nobody,\n',
  )
  const result = await load(write('r.csv', 'user,item\nu,01\nu,1\n'), pairs, { items })
  expect(store.datasets.items(result.dataset)).toEqual([
    { index: 0, externalId: '01', title: 'Heat, 1995', genres: ['Crime', 'Drama'] },
    { index: 1, externalId: '1', title: '1', genres: [] },
  ])
  expect(result.unmatchedItems).toBe(1)
  expect(rejects(result)).toEqual([{ file: 'items.csv', line: 5, reason: 'no item id', text: ',Nobody,' }])
})

describe('bad input', () => {
  /** One sentence with the cause, one with the next step, and the library as it was. */
  async function refusal(promise: Promise<unknown>, code: string, message: RegExp): Promise<void> {
    await expect(promise).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      next: expect.stringMatching(/^[A-Z].+\.$/) as string,
    })
    expect(store.datasets.list()).toEqual([])
    const scratch = join(store.library, 'scratch')
    if (existsSync(scratch)) expect(readdirSync(scratch)).toEqual([])
  }
  const good = 'user,item,rating,time\n1,a,4,100\n'

  test.each<[string, string | Buffer, RegExp]>([
    ['a PDF', '%PDF-1.4\n%âãÏÓ\n1 0 obj\n', /PDF/],
    ['a spreadsheet', Buffer.from('PK\x03\x04rest', 'latin1'), /ZIP|Office/],
    ['a gzip archive', Buffer.from('\x1f\x8b\x08rest', 'latin1'), /gzip/],
    ['a binary file', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)), /NUL/],
    ['NUL bytes further down', `${good.repeat(1)}${'2,b,3,100\n'.repeat(200_000)}\0`, /NUL/],
    ['an empty file', '', /empty/],
    ['a header alone', 'user,item,rating,time\n', /no rows/],
    ['no usable row', 'user,item,rating,time\n1,a,good,1\n2,b,bad,2\n', /2 of 2 rows: rating is not a number/],
    ['prose', 'Once upon a time\nthere was a file\nwithout any table.\n', /no column “user”/],
  ])('%s', async (_, content, message) => {
    const file = write('ratings.csv', content)
    await refusal(load(file), 'BAD_INPUT', message)
  })

  test('a mapping to columns that do not exist names those that do', async () => {
    const file = write('r.csv', good)
    const wrong = { ...named, user: 'person' }
    await refusal(
      load(file, wrong),
      'BAD_INPUT',
      /r\.csv has no column “person”. Its columns: user, item, rating, time\./,
    )
  })

  test('a file that is missing, also in the preview', async () => {
    const missing = { path: join(folder, 'gone.csv'), name: 'gone.csv' }
    await refusal(load(missing), 'NOT_FOUND', /gone\.csv/)
    await refusal(previewImport({ ratings: [missing], items: null }), 'NOT_FOUND', /gone\.csv/)
  })

  test('a folder instead of a file', async () => {
    mkdirSync(join(folder, 'sub.csv'))
    await refusal(load({ path: join(folder, 'sub.csv'), name: 'sub.csv' }), 'BAD_INPUT', /sub\.csv is not a file/)
  })

  test('a file without read permission', async () => {
    const file = write('secret.csv', good)
    chmodSync(file.path, 0o000)
    chmodSync(folder, 0o755)
    // Permissions do not bind root: be somebody else meanwhile.
    const root = process.geteuid?.() === 0
    if (root) process.seteuid?.(65534)
    try {
      await refusal(load(file), 'NO_PERMISSION', /secret\.csv/)
    } finally {
      if (root) process.seteuid?.(0)
    }
  })

  test('a file that changes or goes away during the import', async () => {
    for (const [interfere, message] of [
      [(path: string): void => appendFileSync(path, '3,c,3,100\n'), /changed while it was being imported/],
      [(path: string): void => rmSync(path), /removed while it was being imported/],
    ] as const)
      for (const moment of ['Reading r.csv', 'Writing histories']) {
        const file = write('r.csv', good)
        let done = false
        const { context } = recordingContext((stage) => {
          if (done || stage !== moment) return
          done = true
          interfere(file.path)
        })
        await refusal(load(file, named, { context }), 'CONFLICT', message)
        expect(done).toBe(true)
      }
  })

  test('a name that is taken', async () => {
    const file = write('r.csv', good)
    await load(file)
    await expect(load(file)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(store.datasets.list()).toHaveLength(1)
  })

  test('a cancel at any stage leaves nothing', async () => {
    for (const moment of ['Checking r.csv', 'Reading r.csv', 'Sorting by user', 'Writing histories']) {
      const file = write('r.csv', good)
      const { context } = recordingContext((stage, abort) => {
        if (stage === moment) abort()
      })
      await refusal(load(file, named, { context }), 'CANCELLED', /cancelled/)
    }
    expect(imported(await load(write('r.csv', good)))).toEqual({ '1': [['a', 4, 100]] })
  })

  test('quotes that are never closed lose no text', async () => {
    const result = await load(write('r.csv', `${good}2,"open,3,100\n3,c,3,100\n4,d,3,100\n`))
    const told = Object.values(imported(result)).length + rejects(result).length
    expect(told).toBeGreaterThan(1)
    const text = rejects(result)
      .map((row) => row.text)
      .join('\n')
    expect(text).toContain('2,"open,3,100')
    for (const user of ['3', '4']) expect(user in imported(result) || text.includes(`${user},`)).toBe(true)
  })

  test('a line of several megabytes is rejected, its neighbours are not', async () => {
    const long = 'x'.repeat(3_000_000)
    const result = await load(write('r.csv', `${good}2,${long},3,100\n3,c,3,100\n`))
    expect(Object.keys(imported(result))).toEqual(['1', '3'])
    expect(rejects(result)).toMatchObject([{ line: 3, reason: 'the line is longer than 2 MB' }])
  })

  test('a header that is repeated further down', async () => {
    const result = await load(write('r.csv', `${good}user,item,rating,time\n2,b,3,100\n`))
    expect(rejects(result)).toEqual([
      { file: 'r.csv', line: 3, reason: 'rating is not a number', text: 'user,item,rating,time' },
    ])
  })
})

describe('a full disk', () => {
  const library = join(tmpdir(), `vasp-small-disk-${process.pid}`)
  const canMount = ((): boolean => {
    if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false
    mkdirSync(library, { recursive: true })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', library], { stdio: 'ignore' })
      execFileSync('umount', [library])
      return true
    } catch {
      return false
    } finally {
      rmSync(library, { recursive: true })
    }
  })()

  test.skipIf(!canMount)('is named, and what was there stays (needs root to mount a small disk)', async () => {
    mkdirSync(library)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', library])
    const small = openStore(library)
    try {
      const request = { items: null, mapping: pairs, itemMapping: null }
      const { context } = recordingContext()
      await importRatings(small, { ...request, name: 'fits', ratings: [write('a.csv', 'user,item\n1,a\n')] }, context)
      const rows = Array.from({ length: 200_000 }, (_, i) => `user ${i % 20_000},item ${(i * 7919) % 9973}`)
      const big = { ...request, name: 'big', ratings: [write('b.csv', `user,item\n${rows.join('\n')}\n`)] }
      await expect(importRatings(small, big, context)).rejects.toMatchObject({
        code: 'DISK_FULL',
        next: expect.stringContaining('Free some space') as string,
      })
      expect(small.datasets.list().map(({ name }) => name)).toEqual(['fits'])
    } finally {
      small.close()
      execFileSync('umount', [library])
      rmSync(library, { recursive: true })
    }
  })
})

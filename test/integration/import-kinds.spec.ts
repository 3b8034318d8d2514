import zlib from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { workbookOf } from './workbook.fixture'

async function read(file: NamedFile, table: string | null = null) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const preview = await previewImport({ ratings: [file], items: null, table }, store.library)
  const result = await load(file, mappingOf(preview), { table })
  return { preview, result }
}
const at = (text: string): number => Date.parse(`${text}Z`) / 1000
const two = { u1: [['a']], u2: [['b']] }
const rated = {
  u1: [
    ['a', 5],
    ['b', 3],
  ],
  u2: [['a', 4]],
}
const timed = { u1: [['a', at('2024-01-02T13:00:00')]], u2: [['b', at('2024-01-03T14:30:00')]] }
const half = at('2024-01-03T14:30:00')
const more = {
  ...timed,
  u3: [
    ['b', half],
    ['c', half],
  ],
}

/** Name, text, the imported rows, and a part of each warning. */
const kinds: Readonly<Record<string, readonly [string, string | Buffer, object, (readonly string[])?]>> = {
  'a JSON array that is cut off': [
    'r.json',
    '[{"user":"u1","item":"a"},\n{"user":"u2","item":"b"},\n',
    two,
    ['a list that is cut off is a guess'],
  ],
  'a search engine’s answer': [
    'r.json',
    '{"hits":{"hits":[{"_id":"1","_score":1.0,"_source":{"user":"u1","item":"a","rating":5}},{"_id":"2","_score":1.0,"_source":{"user":"u1","item":"b","rating":3}},{"_id":"3","_score":1.0,"_source":{"user":"u2","item":"a","rating":4}}]}}',
    rated,
  ],
  'ratings by user and item': [
    'r.json',
    '{"u1":{"a":5,"b":3},"u2":{"a":4}}',
    rated,
    ['ratings by user and item is a guess'],
  ],
  'items by user': ['r.json', '{"u1":["a"],"u2":["b"]}', two, ['items by user is a guess']],
  'records by their number': ['r.json', '{"0":{"user":"u1","item":"a"},"1":{"user":"u2","item":"b"}}', two],
  'JSON within texts of JSON': [
    'r.jsonl',
    '"{\\"user\\":\\"u1\\",\\"item\\":\\"a\\"}"\n"{\\"user\\":\\"u2\\",\\"item\\":\\"b\\"}"\n',
    two,
  ],
  'an array below a comment': [
    'r.json',
    '// made by [x]\n[{"user":"u1","item":"a"},\n{"user":"u2","item":"b"}]\n',
    two,
  ],
  'an array in a statement': [
    'r.js',
    'window.YTD.like.part0 = [ {"user":"u1","item":"a"},\n{"user":"u2","item":"b"}];\n',
    two,
  ],
  'JSON in UTF-16': [
    'r.json',
    Buffer.from('\ufeff[{"user":"u1","item":"a"},{"user":"u2","item":"b"}]', 'utf16le'),
    two,
  ],
  'Matrix Market': [
    'r.mtx',
    '%%MatrixMarket matrix coordinate real general\n% made by hand\n2 2 3\n1 1 5\n1 2 3\n2 1 4\n',
    {
      '1': [
        ['1', 5],
        ['2', 3],
      ],
      '2': [['1', 4]],
    },
    ['user is a guess', 'item is a guess'],
  ],
  'a value that goes on behind its quote': [
    'r.csv',
    'user,item,rating\nu1,"Best" of Abba,5\nu1,b,3\nu2,b,4\n',
    {
      u1: [
        ['"Best" of Abba', 5],
        ['b', 3],
      ],
      u2: [['b', 4]],
    },
    ['the quotes of 1 line are ordinary characters is a guess'],
  ],
  'values in single quotes': [
    'r.csv',
    "user,item,rating\nu1,'a, b',5\nu2,'b',4\nu2,'c',4\n",
    {
      u1: [['a, b', 5]],
      u2: [
        ['b', 4],
        ['c', 4],
      ],
    },
  ],
  'quotes behind backslashes': [
    'r.csv',
    'user,item,rating\nu1,"a \\"x, y\\" b",5\nu2,"b",4\nu2,"c",4\n',
    {
      u1: [['a "x, y" b', 5]],
      u2: [
        ['b', 4],
        ['c', 4],
      ],
    },
  ],
  carets: ['r.txt', 'user^item^time\nu1^a^2024-01-02 13:00:00\nu2^b^2024-01-03 14:30:00\n', timed],
  tildes: ['r.txt', 'user~item~time\nu1~a~2024-01-02 13:00:00\nu2~b~2024-01-03 14:30:00\n', timed],
  'Hive’s separator': [
    'r.txt',
    'user\x01item\x01time\nu1\x01a\x012024-01-02 13:00:00\nu2\x01b\x012024-01-03 14:30:00\n',
    timed,
  ],
  'spaces, with a clock behind the day': [
    'r.txt',
    'user item time\nu1 a 2024-01-02 13:00:00\nu2 b 2024-01-03 14:30:00\n',
    timed,
  ],
  'R’s rows, with a clock behind the day': [
    'r.txt',
    '"user" "item" "time"\n"1" "u1" "a" 2024-01-02 13:00:00\n"2" "u2" "b" 2024-01-03 14:30:00\n"3" "u3" "b" 2024-01-03 14:30:00\n"4" "u3" "c" 2024-01-03 14:30:00\n',
    more,
  ],
  'what a database’s console prints': [
    'r.txt',
    'user  item  time               \n----- ----- -------------------\nu1    a     2024-01-02 13:00:00\nu2    b     2024-01-03 14:30:00\nu3    b     2024-01-03 14:30:00\nu3    c     2024-01-03 14:30:00\n\n(4 rows affected)\n',
    more,
  ],
}

test.each(Object.entries(kinds))('%s', async (_about, [name, text, truth, warnings = []]) => {
  const { preview, result } = await read(write(name, text))
  expect(imported(result)).toEqual(truth)
  expect(result.rejected).toBe(0)
  expect(preview.warnings).toHaveLength(warnings.length)
  for (const warning of warnings) expect(preview.warnings.join('\n')).toContain(warning)
})

describe('several sheets with the same columns', () => {
  const sheet = (user: string) => [
    ['user', 'item'],
    [user, 'a'],
    [user, ''],
  ]
  const sheets = (...names: string[]) =>
    write('r.xlsx', Buffer.from(workbookOf(names.map((name, place) => [name, sheet(`u${place + 1}`)] as const))))

  test('all are read, with the rows’ numbers in their own sheet; one is by its name', async () => {
    const { preview, result } = await read(sheets('2022', '2023'))
    expect(imported(result)).toEqual({ u1: [['a']], u2: [['a']] })
    expect(rejects(result).map(({ line }) => line)).toEqual([3, 3])
    expect(preview.warnings).toEqual([])
    expect(imported((await read(sheets('2022', '2023'), preview.ratings.tables[0])).result)).toEqual({
      u1: [['a']],
      u2: [['a']],
    })
    expect(imported((await read(sheets('2022', '2023'), '2023')).result)).toEqual({ u2: [['a']] })
  })

  test('where one may be a copy of the other, that is a guess', async () => {
    const { preview } = await read(sheets('Ratings', 'Copy'))
    expect(preview.warnings.join()).toContain(
      '2 sheets, one after the other is a guess. “Ratings”, “Copy” have the same columns',
    )
  })
})

describe('unreadable files are named by their kind', () => {
  const tar = Buffer.alloc(1024)
  tar.write('r.csv', 0)
  tar.write('ustar', 257)
  const zip = (files: Record<string, Uint8Array>): Buffer => Buffer.from(zipSync(files, { level: 0 }))
  test.each([
    ['r.tar.gz', zlib.gzipSync(tar), 'a tar archive'],
    [
      'r.zip',
      zip({ 'ratings.zip': zip({ 'ratings.csv': strToU8('user,item\na,b\n') }) }),
      'a ZIP archive within another archive',
    ],
    [
      'r.ods',
      zip({ mimetype: strToU8('application/vnd.oasis.opendocument.spreadsheet'), 'content.xml': strToU8('<x/>') }),
      'an OpenDocument spreadsheet',
    ],
    ['r.mtx', Buffer.from('%%MatrixMarket matrix array real general\n1 1\n5\n'), 'array general'],
  ])('%s', async (name, content, words) => {
    await expect(previewImport({ ratings: [write(name, content)], items: null }, store.library)).rejects.toThrow(words)
  })
})

import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { xlsx } from './workbook.fixture'
import { load, pairs, store, write } from './import-library'

const previewOf = (name: string, content: string | Buffer) =>
  previewImport({ ratings: [write(name, content)], items: null }, store.library)

describe('files that cannot be read are called what they are', () => {
  test.each([
    [
      'an old workbook',
      'old.xls',
      Buffer.from('d0cf11e0a1b11ae1000000000000', 'hex'),
      /Excel 97–2003 workbook.*\.xlsx or CSV/,
    ],
    [
      'a page saved as a workbook',
      'shop.xls',
      '<html><body><table><tr><td>user</td></tr></table>',
      /web page.*\.xlsx or CSV/,
    ],
    [
      'an XML spreadsheet',
      'shop.xml',
      '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      /Excel 2003/,
    ],
    ['an XML document', 'feed.xml', '<?xml version="1.0"?><feed><rating/></feed>', /XML document.*CSV/],
    ['bzip2', 'r.csv.bz2', Buffer.from('BZh91AY&SYxxxxxxxx', 'latin1'), /bzip2.*Unpack/],
    ['a pickle', 'frame.pkl', Buffer.from('80049500000000', 'hex'), /pickle.*to_parquet/],
    ['HDF5', 'frame.h5', Buffer.from('894844460d0a1a0a00', 'hex'), /HDF5/],
    ['NumPy', 'r.npy', Buffer.from('934e554d50590100', 'hex'), /NumPy/],
    ['R', 'r.rda', 'RDX3\nX\n', /write\.csv/],
    ['Stata', 'r.dta', '<stata_dta><header>', /Stata.*CSV/],
  ])('%s', async (_, name, content, words) => {
    const refusal = previewOf(name, content)
    await expect(refusal).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const { message, next } = (await refusal.catch((error: unknown) => error)) as { message: string; next: string }
    expect(message).toContain(name)
    expect(`${message} ${next}`).toMatch(words)
  })
})

describe('JSON in all its forms', () => {
  test('inner objects and lists become columns with the names of both', async () => {
    const line = (user: number): string =>
      JSON.stringify({
        user: { id: user },
        event: JSON.stringify({ item: { id: `i${user}` }, rating: 4 }),
        genres: [
          { id: 1, name: 'Drama' },
          { id: 2, name: 'War' },
        ],
      })
    const { ratings } = await previewOf('nested.jsonl', `${line(1)}\n${line(2)}\n`)
    expect(ratings.columns.map(({ name }) => name)).toEqual(['user.id', 'event.item.id', 'event.rating', 'genres'])
    expect(ratings.rows[0]).toEqual(['1', 'i1', '4', 'Drama|War'])
  })

  test('what is nearly JSON is read and said', async () => {
    const { ratings, choices } = await previewOf(
      'loose.json',
      `{user: "u1", item: 'it\\'s', rating: 4,},\n{u'user': u"u2", 'item': 'é\\u00e9', 'rating': 1e1, 'seen': None}\n`,
    )
    expect(ratings.rows.map((row) => row.slice(0, 3))).toEqual([
      ['u1', "it's", '4'],
      ['u2', 'éé', '1e1'],
    ])
    expect(choices).toContainEqual(
      expect.objectContaining({ about: 'layout', certainty: 'likely', evidence: expect.stringContaining('Line 1') }),
    )
  })

  test('a key that comes late is left out and said', async () => {
    const lines = Array.from({ length: 1200 }, (_, i) =>
      JSON.stringify({ user: `u${i % 7}`, item: `i${i % 11}`, ...(i === 1100 ? { late: 1 } : {}) }),
    )
    const { choices } = await previewOf('late.jsonl', lines.join('\n'))
    expect(choices).toContainEqual(
      expect.objectContaining({ column: 'late', value: 'left out', evidence: expect.stringContaining('line 1101') }),
    )
  })

  test('one of several tables in a document is chosen by name', async () => {
    const file = write(
      'dump.json',
      JSON.stringify({
        products: [{ sku: 'a', title: 'A' }],
        events: [
          { user: 'u1', item: 'a' },
          { user: 'u2', item: 'a' },
        ],
      }),
    )
    const found = await previewImport({ ratings: [file], items: null }, store.library)
    expect(found.ratings.tables).toEqual(['events', 'products'])
    const other = await previewImport({ ratings: [file], items: null, table: 'products' }, store.library)
    expect(other.ratings.columns.map(({ name }) => name)).toEqual(['sku', 'title'])
  })

  test.each([
    ['cut off', '{"user": "a", "ratings": [{"item": 1', /truncated or damaged.*Export it again/],
    ['without a table', '[["a", "b"], 7]', /contains no list of objects.*one object per line/],
  ])('%s', async (_, text, words) => {
    const refusal = previewOf('dump.json', text)
    await expect(refusal).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const { message, next } = (await refusal.catch((error: unknown) => error)) as { message: string; next: string }
    expect(`${message} ${next}`).toMatch(words)
  })
})

test('what became of items with several rows is stored with the data set', async () => {
  const ratings = write('r.csv', 'user,item\n1,a\n1,b\n2,a\n')
  const items = write('items.csv', 'item,title,genres\na,Lamp,red\nb,Chair,\na,Lantern,blue\n')
  const result = await load(ratings, pairs, { items })
  expect(result.repeatedItems).toBe(1)
  // Beside what its columns were taken for.
  expect(store.datasets.detail(result.dataset).choices).toContainEqual(
    expect.objectContaining({
      about: 'items',
      file: 'items.csv',
      certainty: 'certain',
      control: 'Files',
      evidence: '1 item has several rows: genres and attributes were joined, and the first title was taken.',
    }),
  )
})

describe('sentences are true', () => {
  test('the dates of a workbook name no zone', async () => {
    const rows = [
      ['user', 'item', 'when'],
      ...Array.from({ length: 12 }, (_, n) => [`u${n % 3}`, `i${n % 4}`, 45_291.5 + n / 7]),
    ]
    const file = write('dates.xlsx', Buffer.from(xlsx(rows, { dates: [2] })))
    const said = [
      (await previewImport({ ratings: [file], items: null }, store.library)).choices,
      (await load(file, { ...pairs, time: 'when' })).choices,
    ].map((choices) => choices.filter(({ about }) => about === 'times'))
    for (const times of said) {
      expect(times.map(({ value }) => value).join()).toMatch(/UTC/)
      expect(JSON.stringify(times)).not.toMatch(/zone that each|zone stands in/)
    }
  })

  test('a column whose name says what another one is says so', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `u${n % 9},one,i${n % 13}\n`)
    const { choices } = await previewOf('names.csv', `user_id,username,item\n${rows.join('')}`)
    expect(choices.find(({ column }) => column === 'username')).toMatchObject({
      value: 'left out',
      evidence: expect.stringContaining('its name says user, but “user_id” was taken for that') as string,
    })
  })

  test.each([
    ['sales_channel_id', false],
    ['sales', true],
  ])('numbers of %s may say how much: %s', async (name, may) => {
    const rows = Array.from({ length: 60 }, (_, n) => `u${n % 9},i${n % 13},${1 + ((n * 7) % 5 > 2 ? 1 : 0)}\n`)
    const { warnings } = await previewOf('sales.csv', `user,item,${name}\n${rows.join('')}`)
    expect(warnings.join().includes('may say how much')).toBe(may)
  })
})

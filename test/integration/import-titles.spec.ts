import Database from 'better-sqlite3'
import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { type ChosenColumns, type ImportPreview, importResult, type ImportResult } from '../../src/shared/datasets'
import type { TextEncoding } from '../../src/shared/reading'
import { encoded } from '../fixtures/encoded'
import { folder, load, pairs, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { newDesk } from './vasp.fixture'
import { xlsx } from './workbook.fixture'

const titled = { ...pairs, title: 'title' }
const previewOf = (files: NamedFile[], columns: ChosenColumns = {}): Promise<ImportPreview> =>
  previewImport({ ratings: files, items: null, columns }, store.library)
/** Titles of the imported items, by id. */
const titles = ({ dataset }: ImportResult): Record<string, string> =>
  Object.fromEntries(store.datasets.items(dataset).map(({ externalId, title }) => [externalId, title]))
/** Imports into an empty library. */
const stored = (...what: Parameters<typeof load>): Promise<ImportResult> => {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  return load(...what)
}
/** The choice about titles once they are read. */
const said = ({ choices }: ImportResult): [string, string, string][] =>
  choices
    .filter(({ about, column }) => about === 'items' && column !== null)
    .map(({ value, certainty, evidence }) => [value, certainty, evidence])
const rows = (...lines: readonly string[]): NamedFile => write('rows.csv', `user,item,title\n${lines.join('\n')}\n`)

describe('titles of random tables', () => {
  /** Names of the columns of users, items and titles, and words of titles, as exports in a language have them. */
  const languages: readonly {
    readonly columns: readonly [string, string, string]
    readonly encodings: readonly TextEncoding[]
    readonly words: readonly string[]
  }[] = [
    {
      columns: ['customer_id', 'product_id', 'product_title'],
      encodings: ['windows-1252'],
      words: ['Lamp, red', 'The "big" one', 'Chair; old', "Reader's book"],
    },
    {
      columns: ['Leser', 'ISBN', 'Titel'],
      encodings: ['windows-1252', 'iso-8859-2'],
      words: ['Süß und schön', 'Über den Dächern', 'Die Blechtrommel'],
    },
    {
      columns: ['zákazník', 'kód zboží', 'název'],
      encodings: ['windows-1250', 'iso-8859-2'],
      words: ['Kůň pálí', 'Příliš žluťoučký kůň', 'Černý Petr'],
    },
    {
      columns: ['покупатель', 'артикул', 'Название товара'],
      encodings: ['windows-1251', 'koi8-r'],
      words: ['Летят журавли', 'Война и мир', 'Сталкер'],
    },
    { columns: ['会員番号', '商品コード', '商品名称'], encodings: [], words: ['七人の侍', 'となりのトトロ', '羅生門'] },
    {
      columns: ['Müşteri No', 'Ürün Kodu', 'Ürün Adı'],
      encodings: ['windows-1254'],
      words: ['Kış uykusu', 'İklimler', 'Çoğunluk'],
    },
  ]
  const cell = (value: string, delimiter: string): string =>
    value.includes('"') || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value

  const tables = fc.constantFrom(...languages).chain(({ columns, encodings, words }) =>
    fc.record({
      columns: fc.constant(columns),
      encoding: fc.constantFrom<TextEncoding>('utf-8', ...encodings),
      delimiter: fc.constantFrom(',', ';', '\t'),
      /** Whether ids are kept texts in a spreadsheet, or padded. */
      padding: fc.constantFrom('', ' ', '='),
      titles: fc
        .array(fc.constantFrom(...words), { minLength: 6, maxLength: 12 })
        .map((list) => list.map((title, n) => `${title} ${n + 1}`)),
      /** Of each row: the item, and whether its title is missing or is the one of an earlier edition. */
      rows: fc.array(
        fc.record({
          user: fc.nat(5),
          item: fc.nat(),
          padded: fc.boolean(),
          written: fc.constantFrom('title', 'title', 'title', 'none', 'other'),
        }),
        { minLength: 40, maxLength: 60 },
      ),
    }),
  )

  test('are those that most rows give an item, of any language, encoding and separator', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ columns, encoding, delimiter, padding, titles: called, rows: drawn }) => {
        const counts = new Map<string, Map<string, number>>()
        // Every item has a row with its title; one of them another title, too.
        const all = [...called.keys()].map((item) => ({ user: item % 6, item, padded: false, written: 'title' }))
        const lines = [...all, ...drawn].map(({ user, item: number, padded, written }) => {
          const item = number % called.length
          const id = `i${item}`
          const title = `${called[item] ?? ''}${written === 'other' && item === 0 ? ', 2nd' : ''}`
          const shown = written === 'none' ? '' : title
          const found = counts.get(id) ?? new Map<string, number>()
          if (shown !== '') counts.set(id, found.set(shown, (found.get(shown) ?? 0) + 1))
          const around = !padded ? id : padding === '=' ? `="${id}"` : `${padding}${id}${padding}`
          return [`u${user}`, around, shown].map((value) => cell(value, delimiter)).join(delimiter)
        })
        const content = `${columns.join(delimiter)}\n${lines.join('\n')}\n`
        const file = write('table.csv', encoded(content, encoding))
        const reading = { encoding }
        const preview = await previewImport({ ratings: [file], items: null, reading }, store.library)
        expect(preview.mapping).toEqual({
          ...{ user: columns[0], item: columns[1], title: columns[2] },
          ...{ rating: null, time: null },
        })
        const truth = Object.fromEntries(
          [...counts].map(([id, found]) => {
            const [first] = [...found].sort(([a, m], [b, n]) => n - m || b.length - a.length || (a < b ? -1 : 1))
            return [id, first?.[0]]
          }),
        )
        const result = await stored(file, mappingOf(preview), { reading })
        expect(titles(result)).toEqual(truth)
      }),
      { numRuns: 20 },
    )
  })
})

describe('titles beside the ids of interactions', () => {
  test('are told as likely, stored with the columns, and refused by whoever wants none', async () => {
    const file = rows('u1,a,Lamp', 'u2,a,Lamp', 'u1,b,Chair', 'u2,c,Table', 'u3,c,Table', 'u3,b,Chair')
    const preview = await previewOf([file])
    expect(preview.mapping).toEqual(titled)
    expect(preview.choices.find(({ column }) => column === 'title')).toMatchObject({
      value: 'title',
      certainty: 'likely',
      evidence: 'Its name says title; 3 different texts for 3 items of “item”, one for each.',
      control: 'Title',
      option: '--title COLUMN',
    })
    expect(preview.warnings).toEqual([])
    const result = await stored(file, titled)
    expect(titles(result)).toEqual({ a: 'Lamp', b: 'Chair', c: 'Table' })
    expect(said(result)).toEqual([['titles', 'certain', 'It gives all 3 items a title.']])
    const { importedAs, choices } = store.datasets.detail(result.dataset)
    expect(importedAs?.mapping).toEqual(titled)
    expect(choices).toContainEqual(expect.objectContaining({ about: 'column', column: 'title', value: 'title' }))

    const without = await previewOf([file], { title: null })
    expect(without.mapping).toEqual(pairs)
    expect(without.choices.find(({ column }) => column === 'title')).toMatchObject({
      value: 'left out',
      evidence: 'You chose no title.',
      option: '--title COLUMN',
    })
    expect(titles(await stored(file, pairs))).toEqual({ a: 'a', b: 'b', c: 'c' })
  })

  test('are the most frequent ones, of equally frequent ones the longest, and it is said how many differ', async () => {
    const file = rows(
      ...['u1,a,Lamp', 'u2,a,Lamp', 'u3,a,Lamp with a shade', 'u1,b,Chair', 'u2,b,Chair of oak', 'u3,b,'],
      ...['u1,c,Table', 'u2,c,Table', 'u1,d,Desk', 'u2,d,Desk', 'u1,e,', 'u2,e,NULL'],
    )
    const result = await stored(file, titled)
    expect(titles(result)).toEqual({ a: 'Lamp', b: 'Chair of oak', c: 'Table', d: 'Desk', e: 'e' })
    expect(said(result)).toEqual([
      ['titles', 'certain', 'It gives 4 of 5 items a title; the other one is shown by its id.'],
      [
        'the most frequent title of each item',
        'likely',
        '2 of 4 items have several different titles, such as “Lamp” and “Lamp with a shade”: the most frequent title was taken, or the longest of equally frequent ones.',
      ],
    ])
  })

  test('are a guess where most items have several, as where a column of reviews was chosen', async () => {
    const file = rows('u1,a,Nice', 'u2,a,Not bad', 'u1,b,Good', 'u2,b,Awful', 'u1,c,Fine')
    expect((await previewOf([file])).mapping).toEqual(pairs)
    const result = await stored(file, titled)
    expect(said(result)[1]?.slice(0, 2)).toEqual(['the most frequent title of each item', 'guess'])
  })

  test('go to ids that are written in several ways', async () => {
    const file = rows('u1, a ,Lamp', 'u2,a,', 'u1,="007",Chair', 'u2,007,', 'u3,12.0,Desk', 'u3,12,')
    expect(titles(await stored(file, titled))).toEqual({ a: 'Lamp', '007': 'Chair', 12: '12', '12.0': 'Desk' })
    const joined = await stored(file, titled, { reading: { joinIds: true } })
    expect(titles(joined)).toEqual({ a: 'Lamp', '007': 'Chair', 12: 'Desk' })
  })

  test('fill what the file of items leaves open, which comes first', async () => {
    const file = rows('u1,a,Lamp', 'u2,b,Chair', 'u3,c,Table', 'u3,d,')
    const items = write('items.csv', 'item,title,genres\na,Lantern,light\nb,,seat\n')
    const result = await stored(file, titled, { items })
    expect(titles(result)).toEqual({ a: 'Lantern', b: 'Chair', c: 'Table', d: 'd' })
    expect(store.datasets.items(result.dataset)[1]?.genres).toEqual(['seat'])
    expect(said(result)).toContainEqual([
      'titles',
      'certain',
      'The titles of items.csv take precedence; 2 items without a title there get it from this column.',
    ])
  })

  test('come from all files that have the column, and from none it is refused', async () => {
    const files = [
      write('1.csv', 'user,item,title\nu1,a,Lamp\nu2,b,Chair\n'),
      write('2.csv', 'user,title,item\nu3,Lamp of brass,a\nu4,Lamp of brass,a\n'),
      write('3.csv', 'user,item\nu1,c\nu2,b\n'),
    ]
    const result = await stored(files, titled)
    expect(titles(result)).toEqual({ a: 'Lamp of brass', b: 'Chair', c: 'c' })
    expect(said(result)).toContainEqual(['no titles in some files', 'likely', '3.csv has no such column.'])
    await expect(stored(files[2]!, titled)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('3.csv has no column “title”') as string,
    })
  })

  test('come from workbooks, databases and JSON lines, and matrices have none', async () => {
    const table = ['u1,a,Lamp', 'u2,b,Chair', 'u3,c,Table', 'u1,b,Chair', 'u2,a,Lamp'].map((line) => line.split(','))
    const names = ['user', 'item', 'title']
    const path = join(folder, 'shop.db')
    const database = new Database(path)
    database.exec('CREATE TABLE orders (user TEXT, item TEXT, title TEXT)')
    for (const row of table) database.prepare('INSERT INTO orders VALUES (?, ?, ?)').run(row)
    database.close()
    const lines = table.map(([user, item, title]) => JSON.stringify({ user, item: { id: item, title } }))
    for (const file of [
      write('shop.xlsx', Buffer.from(xlsx([names, ...table]))),
      { path, name: 'shop.db' },
      write('shop.jsonl', `${lines.join('\n')}\n`),
    ]) {
      const preview = await previewOf([file])
      expect([file.name, preview.mapping.title]).toEqual([
        file.name,
        file.name === 'shop.jsonl' ? 'item.title' : 'title',
      ])
      expect(titles(await stored(file, mappingOf(preview)))).toEqual({ a: 'Lamp', b: 'Chair', c: 'Table' })
    }
    const matrix = { path: join(import.meta.dirname, '../fixtures/exports/matrix.csv'), name: 'matrix.csv' }
    expect((await previewOf([matrix])).mapping).toEqual({ ...pairs, rating: 'rating' })
  })
})

test('the command line takes them from the same column as before, and from a template, unless none are wanted', async () => {
  const desk = newDesk()
  try {
    const orders = 'customer,sku,product_title\nu1,a,Lamp\nu2,a,Lamp\nu1,b,Chair\nu2,b,Chair\nu3,b,Chair\n'
    writeFileSync(join(desk.folder, 'orders.csv'), orders)
    const later = 'customer,sku,product_title\nu4,a,Lamp of brass\nu4,b,\nu5,c,Desk\nu1,c,Desk\nu2,c,Desk\n'
    writeFileSync(join(desk.folder, 'later.csv'), later)
    const made = async (...how: string[]): Promise<unknown> => {
      const { dataset } = await desk.json(importResult, 'import', ...how)
      const database = new Database(join(desk.library, 'library.db'), { readonly: true })
      const found = database.prepare('SELECT title FROM item WHERE dataset = ? ORDER BY title').pluck().all(dataset)
      database.close()
      return found
    }
    expect(await made('orders.csv', '--name', 'orders', '--save-template', 'orders')).toEqual(['Chair', 'Lamp'])
    expect(await made('later.csv', '--append-to', 'orders')).toEqual(['Chair', 'Desk', 'Lamp of brass'])
    expect(await made('later.csv', '--name', 'same', '--template', 'orders')).toEqual(['Desk', 'Lamp of brass', 'b'])
    const without = ['later.csv', '--name', 'without', '--template', 'orders', '--title', 'none']
    expect(await made(...without)).toEqual(['a', 'b', 'c'])
  } finally {
    desk.remove()
  }
})

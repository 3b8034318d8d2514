import { describe, expect, test } from 'vitest'
import type { ColumnStatistics } from '../../shared/datasets'
import type { RecognisedColumn } from './column-content'
import { titleColumn } from './recognise-title'

const text: ColumnStatistics = {
  ...{ kind: 'text', distinct: 0, empty: 0, numbers: 0, times: 0, min: '', max: '' },
  values: [],
}

/** The column of titles that is found in these rows; the first row names the columns. */
async function titleOf(rows: readonly (readonly string[])[], item: string, user?: string): Promise<string | null> {
  const [names = [], ...cells] = rows
  const columnsOf = names.map((name, at): RecognisedColumn => {
    const values = cells.map((row) => row[at] ?? '').filter((value) => value !== '')
    const numbers = values.filter((value) => /^\d+$/.test(value)).length
    const statistics = { ...text, kind: numbers === values.length ? ('integer' as const) : ('text' as const) }
    const distinct = new Set(values).size
    return { name, samples: values.slice(0, 5), statistics: { ...statistics, distinct, numbers } }
  })
  const column = (name: string | undefined) => columnsOf.find((one) => one.name === name) ?? null
  const found = await titleColumn(
    columnsOf.filter(({ name }) => name !== item && name !== user),
    {
      item: column(item)!,
      user: column(user),
      filledPairs: (one, other) => {
        const [a, b] = [names.indexOf(one), names.indexOf(other)]
        const both = cells.filter((row) => row[a] !== '' && row[b] !== '')
        return Promise.resolve(new Set(both.map((row) => JSON.stringify([row[a], row[b]]))).size)
      },
    },
  )
  return found?.column.name ?? null
}

/** Eight users with three of eight items each; `more` gives the other cells of a row. */
const tableOf = (names: readonly string[], more: (item: number, row: number) => readonly string[]): string[][] => [
  [...names],
  ...Array.from({ length: 24 }, (_, row) => [`u${row % 8}`, `i${(row * 3) % 8}`, ...more((row * 3) % 8, row)]),
]

describe('the column of titles', () => {
  test.each([
    ['product_id', 'product_title'],
    ['Lineitem sku', 'Lineitem name'],
    ['StockCode', 'Description'],
    ['ISBN', 'Titel'],
    ['Artikelnr', 'Artikelbezeichnung'],
    ['kód zboží', 'název'],
    ['Varunummer', 'Benämning'],
    ['référence', 'Nom du produit'],
    ['Código', 'Nombre del producto'],
    ['Codice Prodotto', 'Nome Prodotto'],
    ['Tuotenumero', 'Tuotenimi'],
    ['Ürün Kodu', 'Ürün Adı'],
    ['cikkszám', 'megnevezés'],
    ['productcode', 'productnaam'],
    ['Κωδικός προϊόντος', 'Τίτλος'],
    ['артикул', 'Название товара'],
    ['商品コード', '商品名称'],
    ['电影ID', '片名'],
    ['url', 'page_title'],
  ])('beside “%s” is “%s”', async (item, title) => {
    expect(
      await titleOf(
        tableOf(['user', item, title], (n) => [`Thing no. ${n}`]),
        item,
        'user',
      ),
    ).toBe(title)
  })

  test.each([
    ['of a review', 'review_title', (_: number, row: number) => `Nice ${row}`],
    ['of a review that each row has its own of', 'title', (_: number, row: number) => `Nice ${row}`],
    ['of something that goes with no item', 'title', (_: number, row: number) => `Nice ${Math.floor(row / 3)}`],
    ['of what several items have in common', 'title', (n: number) => `Part ${n % 3}`],
    ['of users', 'customer_name', (n: number) => `Ann ${n}`],
    ['of artists', 'artist_name', (n: number) => `Band ${n}`],
    ['of brands', 'brand name', (n: number) => `Brand ${n}`],
    ['by number', 'title', (n: number) => `${n + 1}`],
    ['by an id', 'title_id', (n: number) => `T${n}`],
    ['as long as a description', 'description', (n: number) => `All about ${n}. ${'It is good. '.repeat(20)}`],
  ])('is none %s', async (_, name, value) => {
    const rows = tableOf(['user', 'track_id', name], (n, row) => [value(n, row)])
    expect(await titleOf(rows, 'track_id', 'user')).toBeNull()
  })

  test('is the one that is called as the items are, before orders and descriptions', async () => {
    const names = ['Email', 'Lineitem sku', 'Name', 'Description', 'Lineitem name']
    const rows = tableOf(names, (n, row) => [`#${n + 1000}`, `Fine ${n}`, row === 1 ? '' : `Lamp ${n}`])
    expect(await titleOf(rows, 'Lineitem sku', 'Email')).toBe('Lineitem name')
  })

  test('is no name that may be that of the user', async () => {
    const rows = [
      ['customer', 'article', 'name'],
      ...Array.from({ length: 9 }, (_, n) => [`u${n}`, `i${n}`, `Name ${n}`]),
    ]
    expect(await titleOf(rows, 'article', 'customer')).toBeNull()
    rows.push(['u0', 'i5', 'Name 5'])
    expect(await titleOf(rows, 'article', 'customer')).toBe('name')
  })

  test('may differ for a few items, for example renamed ones', async () => {
    const renamed = (most: number) =>
      tableOf(['user', 'item', 'title'], (n, row) => [n < most && row < 8 ? `Old ${n}` : `New ${n}`])
    expect(await titleOf(renamed(1), 'item', 'user')).toBe('title')
    expect(await titleOf(renamed(6), 'item', 'user')).toBeNull()
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

let written = 0
const page = (content: string | Buffer, ending = 'xls'): NamedFile =>
  write(`page-${written++}.${ending}`, typeof content === 'string' ? Buffer.from(content) : content)
const previewOf = (file: NamedFile, table: string | null = null) =>
  previewImport({ ratings: [file], items: null, table }, store.library)

const columns = ['Customer', 'Product', 'Rating']
/** Ratings with signs that pages write as entities. */
const rows = Array.from({ length: 60 }, (_, at) => [`c${at % 12}`, `Žluťák & <b${at % 7}>`, String(1 + (at % 5))])
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const expected = (): Record<string, (string | number)[][]> => {
  const users = new Map<string, Map<string, number>>()
  for (const [user = '', item = '', rating] of rows)
    users.set(user, (users.get(user) ?? new Map<string, number>()).set(item, Number(rating)))
  return Object.fromEntries(
    [...users].map(([user, items]) => [user, [...items].toSorted(([a], [b]) => (a < b ? -1 : 1))]),
  )
}
const sorted = (users: Record<string, (string | number)[][]>) =>
  Object.fromEntries(
    Object.entries(users).map(([user, items]) => [user, items.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))]),
  )

/** How programs write the same table. */
interface Style {
  readonly head: 'th' | 'td'
  readonly isClosed: boolean
  readonly isTitled: boolean
  readonly isNested: boolean
  readonly isUpper: boolean
}
function tableOf({ head, isClosed, isTitled, isNested, isUpper }: Style): string {
  const tag = (name: string): string => (isUpper ? name.toUpperCase() : name)
  const close = (name: string): string => (isClosed || name === 'table' ? `</${tag(name)}>` : '')
  const row = (cells: readonly string[], name: string): string =>
    `<${tag('tr')}>${cells.map((cell) => `<${tag(name)} class=x><font><span>${escaped(cell)}</span></font>${close(name)}`).join('')}${close('tr')}\n`
  const title = isTitled ? `<tr><${head} colspan=3>Export of May</${head}></tr>` : ''
  const table = `<${tag('table')} border=1>${title}${row(columns, head)}${rows.map((cells) => row(cells, 'td')).join('')}</${tag('table')}>`
  return isNested ? `<table><tr><td>Menu</td><td>${table}</td></tr></table>` : table
}
const style: fc.Arbitrary<Style> = fc.record({
  head: fc.constantFrom('th', 'td'),
  isClosed: fc.boolean(),
  isTitled: fc.boolean(),
  isNested: fc.boolean(),
  isUpper: fc.boolean(),
})
const beginnings = [
  '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head><body>',
  '<!DOCTYPE html>\n<html><head><title>Orders</title><style>td { color: red }</style><script>var a = "<table>"</script><body>',
  '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
  '',
]

describe('a table of a web page', () => {
  test('is read whatever its program writes around it', async () => {
    await fc.assert(
      fc.asyncProperty(
        style,
        fc.constantFrom(...beginnings),
        fc.constantFrom('xls', 'html', 'htm'),
        async (made, begin, ending) => {
          for (const { id } of store.datasets.list()) store.datasets.delete(id)
          const file = page(`${begin}${tableOf(made)}`, ending)
          const preview = await previewOf(file)
          expect(preview.ratings.format).toBe('HTML table')
          expect(preview.ratings.columns.map(({ name }) => name)).toEqual(columns)
          expect(preview.mapping).toMatchObject({ user: 'Customer', item: 'Product', rating: 'Rating' })
          expect(sorted(imported(await load(file, mappingOf(preview))))).toEqual(expected())
        },
      ),
      { numRuns: 25, seed: 8 },
    )
  })

  test('is read in the encoding that the page says, or that its bytes show', async () => {
    const made: Style = { head: 'th', isClosed: true, isTitled: false, isNested: false, isUpper: false }
    // ž, ť and á of Windows-1250.
    const bytes = (head: string): Buffer =>
      Buffer.from(
        `${head}${tableOf(made)}`.replaceAll('Ž', '\x8e').replaceAll('ť', '\x9d').replaceAll('ů', '\xf9'),
        'latin1',
      )
    for (const head of [
      '<meta charset=windows-1250>',
      '<META content="text/html; charset=Windows-1250" http-equiv=Content-Type>',
    ]) {
      const { ratings } = await previewOf(page(bytes(head)))
      expect(ratings.rows[0]?.[1]).toBe('Žluťák & <b0>')
    }
    const wide = Buffer.from(`\ufeff<html>${tableOf(made)}`, 'utf16le')
    expect((await previewOf(page(wide))).ratings.rows[0]?.[1]).toBe('Žluťák & <b0>')
  })

  test('is the one with the rows, not a menu, and others can be chosen by their captions', async () => {
    const menu = '<table><tr><td>Home</td><td>Shop</td></tr><tr><td>Help</td><td>Cart</td></tr></table>'
    const legend = '<table><caption>Legend</caption><tr><th>Stars<th>Meaning<tr><td>1<td>bad<tr><td>2<td>good</table>'
    const made: Style = { head: 'th', isClosed: false, isTitled: false, isNested: false, isUpper: false }
    const file = page(`<html><body>${menu}${legend}${tableOf(made)}</body></html>`)
    const preview = await previewOf(file)
    expect(preview.ratings.tables).toEqual(['table 3', 'table 1', 'Legend'])
    expect(preview.choices[0]).toMatchObject({ about: 'table', value: 'table “table 3”' })
    expect((await previewOf(file, 'Legend')).ratings.columns.map(({ name }) => name)).toEqual(['Stars', 'Meaning'])
    await expect(previewOf(file, 'Prices')).rejects.toMatchObject({
      message: expect.stringContaining('has no table “Prices”') as string,
    })
  })

  test('gives the value of a cell over several rows to each of them, and rejected rows their row', async () => {
    const users = [1, 2, 3, 4, 5].map(
      (user) =>
        `<tr><td rowspan=3>u${user}</td><td>a</td><td>4</td></tr><tr><td>b</td><td>2</td></tr><tr><td>c</td><td>${user === 2 ? 'lost' : 5}</td></tr>`,
    )
    const file = page(`<table><tr><th>User<th>Item<th>Rating</tr>${users.join('')}</table>`)
    const preview = await previewOf(file)
    const result = await load(file, { user: 'User', item: 'Item', rating: 'Rating', time: null })
    expect(preview.ratings.rows[1]).toEqual(['u1', 'b', '2'])
    expect(imported(result)['u5']).toEqual([
      ['a', 4],
      ['b', 2],
      ['c', 5],
    ])
    expect(rejects(result)).toMatchObject([{ line: 7, reason: 'rating is not a number' }])
  })

  test('that is none is refused as a web page', async () => {
    for (const text of ['<html><body><p>Sign in</p></body></html>', '<table><tr><td>user</td></tr></table>'])
      await expect(previewOf(page(text))).rejects.toMatchObject({
        message: expect.stringContaining('web page') as string,
      })
  })
})

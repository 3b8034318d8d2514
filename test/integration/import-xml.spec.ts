import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const previewOf = (name: string, content: string | Buffer, table: string | null = null) =>
  previewImport({ ratings: [write(name, content)], items: null, table }, store.library)

const prolog = '<?xml version="1.0" encoding="utf-8"?>\n'
const reviews = (rating: (row: number) => string = (row) => String(1 + (row % 5))): string =>
  Array.from(
    { length: 40 },
    (_, row) =>
      `  <review id="${row}"><customer>c${row % 8}</customer><product code="p${row % 6}">Tea &amp; cake ${row % 6}</product><rating>${rating(row)}</rating><tag>a</tag><tag>b</tag></review>\n`,
  ).join('')

describe('records of an XML document', () => {
  test('are the elements that are repeated, with attributes, inner elements and entities', async () => {
    const content = `${prolog}<export made="2024-05-01">\n<shop><name>Tea</name></shop>\n${reviews()}</export>`
    const { ratings, mapping } = await previewOf('reviews.xml', content)
    expect(ratings.format).toBe('XML records')
    expect(ratings.columns.map(({ name }) => name)).toEqual([
      'id',
      'customer',
      'product.code',
      'product',
      'rating',
      'tag',
    ])
    expect(ratings.rows[1]).toEqual(['1', 'c1', 'p1', 'Tea & cake 1', '2', 'a|b'])
    expect(mapping).toMatchObject({ user: 'customer', rating: 'rating' })
  })

  test('have the values of the record around them, and rejected ones their line', async () => {
    const orders = Array.from(
      { length: 20 },
      (_, order) =>
        `<order customer="c${order % 5}"><date>2024-02-${10 + (order % 9)}</date><lines>\n${[0, 1, 2]
          .map(
            (line) =>
              `<line>${order === 3 && line === 1 ? '<product/>' : `<product>p${(order + line) % 7}</product>`}<quantity>${line + 1}</quantity></line>\n`,
          )
          .join('')}</lines></order>\n`,
    ).join('')
    const content = `${prolog}<orders>${orders}</orders>`
    const preview = await previewOf('orders.xml', content)
    expect(preview.ratings.tables[0]).toBe('order/lines/line')
    expect(preview.mapping).toMatchObject({ user: 'customer', item: 'product', count: 'quantity', time: 'date' })
    const result = await load(write('orders.xml', content), mappingOf(preview))
    expect(Object.keys(imported(result))).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'])
    const lineOf = content.slice(0, content.indexOf('<product/>')).split('\n').length
    expect(rejects(result)).toMatchObject([{ line: lineOf, reason: 'no item id' }])
  })

  test('are read in the encoding that the document says', async () => {
    const content = `<?xml version='1.0' encoding='windows-1250'?>\n<r>${reviews().replaceAll('Tea', 'caj')}</r>`
    const bytes = Buffer.from(content.replaceAll('caj', '\xe8aj'), 'latin1')
    expect((await previewOf('r.xml', bytes)).ratings.rows[0]?.[3]).toBe('čaj & cake 0')
  })

  test('that are none, and spreadsheets, are refused as what they are', async () => {
    const refused = (content: string) => expect(previewOf('x.xml', content)).rejects
    await refused(`${prolog}<feed><rating/></feed>`).toMatchObject({
      message: expect.stringContaining('XML document') as string,
    })
    await refused(
      `${prolog}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Row><Cell>a</Cell></Row></Workbook>`,
    ).toMatchObject({ message: expect.stringContaining('Excel 2003') as string })
  })
})

describe('an XML document without a declaration', () => {
  const rows = (name: string, between: string): string =>
    Array.from(
      { length: 30 },
      (_, n) => `<${name}><user>u${n % 7}</user><item>i${n % 9}</item><rating>${1 + (n % 5)}</rating></${name}>`,
    ).join(between)
  test.each([
    ['on one line', `<r>${rows('x', '')}</r>`],
    ['on several lines', `<ratings>\n${rows('rating-of', '\n')}\n</ratings>\n`],
    ['behind a comment', `<!-- made by a shop -->\n<ratings version="2">${rows('row', ' ')}</ratings>`],
    ['with a document type', `<!DOCTYPE ratings>\n<ratings>${rows('row', '')}</ratings>`],
    [
      'with values in attributes',
      `<r>${Array.from({ length: 30 }, (_, n) => `<x user="u${n % 7}" item="i${n % 9}" rating="${1 + (n % 5)}"/>`).join('')}</r>`,
    ],
  ])('is read %s', async (_, content) => {
    const { ratings, mapping } = await previewOf('ratings.xml', content)
    expect(ratings.format).toBe('XML records')
    expect(mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating' })
  })

  test('is not what a table with names in angle brackets is', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => `u${n % 7},i${n % 9},${1 + (n % 5)}`)
    const { ratings } = await previewOf('brackets.csv', `<USER>,<ITEM>,<RATING>\n${lines.join('\n')}\n`)
    expect(ratings.format).not.toBe('XML records')
    expect(ratings.columns).toHaveLength(3)
  })

  test('is refused as what it is if it has no records', async () => {
    await expect(previewOf('feed.xml', '<feed><rating/></feed>')).rejects.toMatchObject({
      message: expect.stringMatching(/XML document/),
    })
  })
})

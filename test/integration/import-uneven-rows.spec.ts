import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'

const columns = { user: 'user', item: 'item', rating: 'rating', time: null, title: 'title' }
const words = ['Night', 'River', 'the Bad', 'Long Way', 'and Rain', 'Home', 'One Day', 'Heat']
/** Titles of one to three parts, which a separator divides. */
const title = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
const quotes = (choices: readonly { about: string }[]) => choices.filter(({ about }) => about === 'quotes')

test('titles with separators that nothing quotes are whole, whatever the separator and the order of the columns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<[sign: string, after: string]>([',', ' '], [',', ''], [';', ' '], ['|', ''], ['\t', ' ']),
      fc.array(title, { minLength: 20, maxLength: 30 }),
      fc.shuffledSubarray(['user', 'item', 'title', 'rating'], { minLength: 4, maxLength: 4 }),
      async ([sign, after], titles, order) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const parts = [['One Day'], ['Heat'], ...titles].map((all, n) => (n % 3 === 0 ? all : all.slice(0, 1)))
        const cells = parts.map((all, n): Record<string, string> => ({
          user: `u${n % 5}`,
          item: `i${n}`,
          title: all.join(sign + after),
          rating: String((n % 5) + 1),
        }))
        const lines = [order, ...cells.map((row) => order.map((name) => row[name] ?? ''))].map((row) => row.join(sign))
        const file = write('titles.csv', `${lines.join('\n')}\n`)
        const result = await load(file, columns)
        const long = parts.filter((all) => all.length > 1).length
        expect(result).toMatchObject({ rejected: 0, interactions: cells.length })
        const stored = new Map(store.datasets.items(result.dataset).map((item) => [item.externalId, item.title]))
        for (const { item, title } of cells) expect(stored.get(item ?? '')).toBe(title)
        const said = quotes(result.choices)
        if (long === 0) expect(said).toEqual([])
        else {
          const first = 2 + parts.findIndex((all) => all.length > 1)
          expect(said).toMatchObject([{ certainty: 'guess', control: 'Quotes', option: '--quote double' }])
          expect(said).toMatchObject([
            { value: `the surplus cells of ${long} ${long === 1 ? 'row' : 'rows'} belong to “title”` },
          ])
          expect(JSON.stringify(said)).toContain(`line ${first}: `)
        }
      },
    ),
    { numRuns: 25 },
  )
})

const table = (lines: readonly string[]): string => `${['user,item,title,author,rating', ...lines].join('\n')}\n`
const plain = Array.from({ length: 20 }, (_, n) => `u${n % 4},i${n},One Day,Ann Lee,${(n % 5) + 1}`)

test('rows are rejected, with the options that decide it, where surplus cells may belong to either of two texts', async () => {
  const file = write('two.csv', table([...plain, 'u1,i20,Long,Way Home,Ann Lee,3', 'u1,i21,Long,Way,Ann Lee,3']))
  const result = await load(file, columns)
  expect(result).toMatchObject({ interactions: 20, rejected: 2 })
  expect(quotes(result.choices)).toEqual([])
  expect(result.rejectedByReason).toEqual([{ reason: 'too many columns', count: 2 }])
  expect(result.choices.find(({ value }) => value.startsWith('an import without'))).toMatchObject({
    control: 'Separator',
    option: '--delimiter, --quote, or an export that quotes values with the separator in them',
  })
})

test('a space after the separator shows which of two texts goes on', async () => {
  const file = write(
    'spaces.csv',
    table([...plain, 'u1,i20,Long, Way Home,Ann Lee,3', 'u1,i21,Heat,Ann Lee, Bo Orr,3']),
  )
  const result = await load(file, columns)
  expect(result).toMatchObject({ interactions: 22, rejected: 0 })
  expect(quotes(result.choices)).toMatchObject([
    { value: 'the surplus cells of 2 rows belong to “title” and “author”', certainty: 'guess' },
  ])
})

test('nothing is joined where quotes were chosen, or where a row is no row of the table', async () => {
  const lines = [...plain.map((line) => line.replace(',Ann Lee', '')), 'u1,i20,Long, Way Home,3']
  const text = `${['user,item,title,rating', ...lines].join('\n')}\n`
  const said = await load(write('said.csv', text), columns, { reading: { quote: '"' } })
  expect(said).toMatchObject({ rejected: 1 })
  store.datasets.delete(said.dataset)
  const other = await load(write('other.csv', `${text}u1,i21,Heat,five,of,six\n`), columns)
  expect(other).toMatchObject({ rejected: 2 })
  expect(rejects(other)).toMatchObject([{ reason: 'too many columns' }, { reason: 'too many columns' }])
})

test('rows without last cells that are empty elsewhere are read, and others rejected', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(',', ';', '\t'),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 20, maxLength: 30 }),
      async (sign, missing) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const rows = missing.map((cut, n) => {
          const cells = [`u${n % 4}`, `i${n}`, String((n % 5) + 1), n % 2 === 0 ? 'good' : '', '']
          return n < 14 ? cells : cells.slice(0, n % 2 === 0 ? 5 - Math.min(cut, 1) : 5 - cut)
        })
        const short = rows.filter((cells) => cells.length < 5).length
        const lines = [['user', 'item', 'rating', 'note', 'shelf'], ...rows, ['u1', 'x']].map((row) => row.join(sign))
        const result = await load(write('short.csv', `${lines.join('\n')}\n`), { ...columns, title: null })
        expect(Object.values(imported(result)).flat()).toHaveLength(rows.length)
        expect(rejects(result)).toMatchObject([{ reason: 'too few columns', line: rows.length + 2 }])
        const said = quotes(result.choices)
        expect(said).toHaveLength(short === 0 ? 0 : 1)
        if (short > 0)
          expect(said).toMatchObject([
            { certainty: 'likely', value: expect.stringContaining(`${short} row`) as string },
          ])
      },
    ),
    { numRuns: 15 },
  )
})

test('the preview shows the rows as an import reads them', async () => {
  const file = write(
    'seen.csv',
    'user,item,title,rating\nu1,a,One Day,2\nu1,b,Long,Way Home,3\nu2,b,Heat,1\nu2,c,Rain,4\n',
  )
  const seen = await previewImport({ ratings: [file], items: null }, store.library)
  expect(seen.ratings.rows[1]).toEqual(['u1', 'b', 'Long,Way Home', '3'])
  expect(seen.warnings).toEqual([
    expect.stringMatching(/^seen\.csv, quotes: the surplus cells of 1 row belong to “title” is a guess\./),
  ])
})

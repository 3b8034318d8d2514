import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const previewOf = (name: string, content: string) =>
  previewImport({ ratings: [write(name, content)], items: null }, store.library)

/** Imports a text as it is recognised; gives back user, item and rating of each interaction, and the rejected lines. */
async function read(name: string, content: string) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const preview = await previewOf(name, content)
  const result = await load(write(name, content), mappingOf(preview))
  const rows = Object.entries(imported(result)).flatMap(([user, items]) =>
    items.map(([item, rating]) => [user, item, rating].join('/')),
  )
  return { preview, rows: rows.sort(), rejected: rejects(result) }
}

const word = fc.stringMatching(/^[A-Za-zé]{2,8}( [a-z]{1,6})?$/u)
const table = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 4 }), word, fc.integer({ min: 1, max: 5 })), {
    minLength: 4,
    maxLength: 20,
  })
  .map((rows) => rows.map(([user, item, rating], at) => [`u${user}`, `${item} ${at}`, String(rating)]))
const wanted = (rows: readonly (readonly string[])[]): string[] => rows.map((cells) => cells.join('/')).sort()
const names = ['user', 'item', 'rating']

/** A table as programs print it with bars. */
function drawn(rows: readonly (readonly string[])[], by: 'psql' | 'psql with borders' | 'MySQL' | 'Markdown'): string {
  const widths = names.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)))
  const line = (cells: readonly string[]): string => {
    const inner = cells.map((cell, at) => ` ${cell.padEnd(widths[at] ?? 0)} `).join('|')
    return by === 'psql' ? inner : `|${inner}|`
  }
  const dashes = (joint: string): string => widths.map((width) => '-'.repeat(width + 2)).join(joint)
  switch (by) {
    case 'psql':
      return [line(names), dashes('+'), ...rows.map(line), `(${rows.length} rows)`, '', ''].join('\n')
    case 'psql with borders': {
      const ruler = `+${dashes('+')}+`
      return [ruler, line(names), `|${dashes('+')}|`, ...rows.map(line), ruler, `(${rows.length} Zeilen)`, ''].join(
        '\n',
      )
    }
    case 'MySQL': {
      const ruler = `+${dashes('+')}+`
      return [ruler, line(names), ruler, ...rows.map(line), ruler, `${rows.length} rows in set (0.00 sec)`, ''].join(
        '\n',
      )
    }
    case 'Markdown':
      return [line(names), `|${dashes('|').replace(/^-/, ':')}|`, ...rows.map(line), ''].join('\n')
  }
}

describe('tables with lines of dashes', () => {
  test('have no rows in these lines, whatever program drew them', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('psql', 'psql with borders', 'MySQL', 'Markdown'),
        fc.boolean(),
        async (drawnRows, by, quotes) => {
          const rows = drawnRows.map((cells, at) => (quotes && at === 1 ? [cells[0] ?? '', '"Best" of', '3'] : cells))
          const { rows: found, rejected, preview } = await read('t.txt', drawn(rows, by))
          expect(found).toEqual(wanted(rows))
          expect(rejected).toEqual([])
          expect(preview.choices.filter(({ value }) => value.includes('lines of dashes'))).toHaveLength(1)
        },
      ),
      { numRuns: 10 },
    )
  })

  test('keep the line of a row that cannot be used', async () => {
    const content =
      ' user | item | rating \n------+------+--------\n u1 | a | 5 \n u2 | b | many \n u3 | c | 4 \n(3 rows)\n'
    const result = await load(write('t.txt', content), { user: 'user', item: 'item', rating: 'rating', time: null })
    expect(rejects(result).map(({ line }) => line)).toEqual([4])
  })

  test('a row of dashes among others of a table without such lines is none of them', async () => {
    const content = 'user|item|rating\nu1|a|5\n--|--|--\nu2|b|4\nu3|a|3\n'
    const { preview } = await read('t.txt', content)
    expect(preview.choices.filter(({ about }) => about === 'layout')).toEqual([])
  })
})

describe('rows that are one quoted cell each', () => {
  const cell = (value: string, delimiter: string): string =>
    value.includes(delimiter) || value.includes('"') ? `"${value.replaceAll('"', '""')}"` : value
  const whole = (line: string, doubled: boolean): string => `"${doubled ? line.replaceAll('"', '""') : line}"`

  test('are read without these quotes, with the quotes of their own cells doubled or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        fc.constantFrom('', ',,', ';'),
        async (plain, delimiter, doubled, after) => {
          const rows = plain.map(([user = '', item = '', rating = ''], at) => [
            user,
            at % 3 === 1 ? `${item}${delimiter} ripe` : item,
            rating,
          ])
          const tail = doubled ? after : ''
          const content = [names, ...rows]
            .map((cells) => whole(cells.map((value) => cell(value, delimiter)).join(delimiter), doubled) + tail)
            .join('\n')
          const { rows: found, rejected, preview } = await read('t.csv', `${content}\n`)
          // Spaces around ids are left out, and a tab is one.
          expect(found.map((row) => row.replaceAll('\t', delimiter))).toEqual(wanted(rows))
          expect(rejected).toEqual([])
          expect(preview.choices.filter(({ value }) => value.startsWith('rows without the quotes'))).toMatchObject([
            { about: 'layout', certainty: 'likely', control: 'Quotes' },
          ])
        },
      ),
      { numRuns: 12 },
    )
  })

  test('may be only those that a spreadsheet had to quote', async () => {
    const lines = ['user;item;rating', '"u1;""Tea, green"";5"', 'u2;Bread;4', '"u1;Milk, cold;3"', 'u3;Salt;2']
    const { rows } = await read('t.csv', `${lines.join('\n')}\n`)
    expect(rows).toEqual(['u1/Milk, cold/3', 'u1/Tea, green/5', 'u2/Bread/4', 'u3/Salt/2'])
  })

  test.each([
    ['every cell is quoted', '"user","item","rating"\n"u1","a, b","5"\n"u2","c","4"\n"u1","d","3"\n'],
    ['a title is quoted', '"Ratings, 2024"\n"Shop, Prague"\nuser,item\nu1,a\nu2,b\nu1,c\n'],
    ['the first and last cells are quoted', '"user",item,"rating"\n"u1",a,"5"\n"u2",b,"4"\n"u1",d,"3"\n'],
  ])('are not seen where %s', async (_about, content) => {
    const { choices } = await previewOf('t.csv', content)
    expect(choices.filter(({ value }) => value.startsWith('rows without the quotes'))).toEqual([])
  })
})

test('quoted values over several lines do not hide the separator, whatever their lines contain', async () => {
  const lineOfText = fc.constantFrom(
    'It was good, really.',
    'Tea; milk; bread',
    'a | b',
    'I like it',
    'yes, I do; you see',
    'one two three four five',
    '',
    'He said ""no"", twice',
  )
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.array(fc.array(lineOfText, { minLength: 2, maxLength: 9 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('\n', '\r\n'),
      async (rows, delimiter, texts, at, end) => {
        const withText = (cells: readonly string[], text: string): string =>
          [...cells.slice(0, at), text, ...cells.slice(at)].join(delimiter)
        const content = [
          withText(names, 'review'),
          ...rows.map((cells, row) => withText(cells, `"${(texts[row % texts.length] ?? []).join(end)}"`)),
        ].join(end)
        const { rows: found, rejected, preview } = await read('t.csv', content + end)
        expect(preview.ratings.text?.delimiter).toBe(delimiter)
        expect(preview.choices.find(({ about }) => about === 'separator')?.certainty).toBe('certain')
        expect(found).toEqual(wanted(rows))
        expect(rejected).toEqual([])
      },
    ),
    { numRuns: 12 },
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const previewOf = (name: string, content: string | Buffer) =>
  previewImport({ ratings: [write(name, content)], items: null }, store.library)

interface Column {
  readonly name: string
  readonly width: number
  /** Numbers are printed to the right. */
  readonly right?: boolean
}
const columns: readonly Column[] = [
  { name: 'CUSTOMER', width: 10 },
  { name: 'PRODUCT', width: 12 },
  { name: 'SCORE', width: 6, right: true },
  { name: 'DAY', width: 10 },
]
const lengthOf = (text: string): number => Array.from(text).length
const row = (cells: readonly string[], of = columns, gap = ' '): string =>
  of
    .map(({ width, right }, at) => {
      const cell = cells[at] ?? ''
      const blanks = ' '.repeat(Math.max(0, width - lengthOf(cell)))
      return right ? blanks + cell : cell + blanks
    })
    .join(gap)
const heading = (of = columns, gap = ' '): string[] => [
  row(
    of.map(({ name }) => name),
    of,
    gap,
  ),
  row(
    of.map(({ width }) => '-'.repeat(width)),
    of,
    gap,
  ),
]
const products = ['Tea no 1', 'Café Zoë', '12 Monkeys', 'Bread', 'Ham & eggs', 'Milk', 'Salt']
const cells = (at: number): string[] => [
  `u${at % 6}`,
  products[at % 7] ?? '',
  String(1 + (at % 5)),
  `2023-0${1 + (at % 9)}-1${at % 9}`,
]
const rows = Array.from({ length: 30 }, (_, at) => row(cells(at)))
const text = (...lines: readonly (string | readonly string[])[]): string => `${lines.flat().join('\n')}\n`

describe('columns below a line of dashes', () => {
  test('are as wide as the dashes; what the console adds on each page is left out, with its lines', async () => {
    const page = (from: number): string[] => ['', ...heading(), ...rows.slice(from, from + 10)]
    const content = text(
      'SQL> select * from scores;',
      page(0),
      page(10),
      page(20),
      '',
      '30 rows selected.',
      '',
      'SQL> spool off',
    )
    const preview = await previewOf('scores.lst', content)
    expect(preview.ratings.format).toBe('columns below dashes')
    expect(preview.mapping).toEqual({ user: 'CUSTOMER', item: 'PRODUCT', rating: 'SCORE', time: 'DAY' })
    expect(preview.warnings).toEqual([])
    expect(preview.choices.find(({ about }) => about === 'layout')?.evidence).toBe(
      'The dashes below CUSTOMER, PRODUCT, SCORE show where each column begins and ends. Left out: 7 lines with names, dashes and titles (1, 3, 4, 16, …) and 2 lines of the console (42, 44).',
    )
    const result = await load(write('scores.lst', content), mappingOf(preview))
    expect(result).toMatchObject({ users: 6, items: 7, interactions: 30, rejected: 0 })
  })

  test.each<[string, string | Buffer]>([
    ['sqlcmd', text(heading(), rows, '', '(30 rows affected)')],
    ['DB2', text('', heading(), rows, '', '  30 record(s) selected.', '')],
    [
      'SQLite, with two blanks between columns',
      text(
        heading(columns, '  '),
        Array.from({ length: 30 }, (_, at) => row(cells(at), columns, '  ')),
      ),
    ],
    ['a console that speaks German', text('', heading(), rows, '', '30 Zeilen ausgewählt.')],
    [
      'pages with titles, their numbers and the sign of a new page',
      text(
        [0, 10, 20].flatMap((from) => [
          `\fMon Mar 04          page  ${from / 10}`,
          '',
          ...heading(),
          ...rows.slice(from, from + 10),
          '',
        ]),
      ),
    ],
    [
      'UTF-16 with a byte order mark',
      Buffer.from(`\ufeff${text(heading(), rows).replaceAll('\n', '\r\n')}`, 'utf16le'),
    ],
    ['tabs for blanks', text(heading()[0]?.replace('PRODUCT      ', 'PRODUCT\t') ?? '', heading()[1] ?? '', rows)],
    ['blanks that are cut off at the ends of lines', text(heading(), rows).replaceAll(/ +\n/g, '\n')],
  ])('%s', async (_console, content) => {
    const preview = await previewOf('scores.txt', content)
    expect(preview.ratings.format).toBe('columns below dashes')
    expect(preview.warnings).toEqual([])
    const result = await load(write('scores.txt', content), mappingOf(preview))
    expect(result).toMatchObject({ users: 6, items: 7, interactions: 30, rejected: 0 })
    expect(store.datasets.items(result.dataset).map(({ externalId }) => externalId)).toEqual([...products].sort())
  })

  test('an encoding is detected, and can be chosen', async () => {
    const bytes = Buffer.from(text(heading(), rows), 'latin1')
    const preview = await previewOf('scores.lst', bytes)
    expect(preview.choices.find(({ about }) => about === 'encoding')?.value).toContain('Windows-1252')
    const file = write('scores.lst', bytes)
    const chosen = await load(file, mappingOf(preview), { reading: { encoding: 'windows-1257' } })
    expect(store.datasets.items(chosen.dataset).some(({ externalId }) => externalId === 'Café Zoė')).toBe(true)
  })

  test('a separator that is chosen makes it delimited text', async () => {
    const file = write('scores.lst', text(heading(), rows))
    const preview = await previewImport({ ratings: [file], items: null, reading: { delimiter: ' ' } }, store.library)
    expect(preview.ratings.format).toBe('delimited text')
  })

  test('what does not fit the columns is rejected with its line', async () => {
    const content = text(heading(), rows, 'u1 is the best customer of this year')
    const result = await load(write('scores.lst', content), mappingOf(await previewOf('scores.lst', content)))
    expect(result.interactions).toBe(30)
    expect(rejects(result)).toMatchObject([{ line: 33, reason: 'too few columns' }])
  })

  test('rows whose values go on in the next line are rejected, and that is said', async () => {
    const long = [row(['u1', 'Tea from the', '5', '2023-01-01']), row(['', 'hills and']), row(['', 'woods']), '']
    const content = text('', heading(), rows.slice(0, 20), long, rows.slice(20), long, '', '32 rows selected.')
    const preview = await previewOf('scores.lst', content)
    expect(preview.warnings).toHaveLength(1)
    expect(preview.warnings[0]).toContain(
      'rows over several lines are rejected is a guess. Values of 2 rows go on in the next line, because they are longer than their column (line 24, 38).',
    )
    const result = await load(write('scores.lst', content), mappingOf(preview))
    expect(rejects(result).map(({ line }) => line)).toEqual([24, 38])
    expect(result.interactions).toBe(30)
  })

  test('a last row of a page with a blank cell is a row', async () => {
    const content = text(
      heading(),
      rows,
      row(['u1', 'Oat', '', '2023-01-01']),
      '',
      heading(),
      row(['u2', 'Oat', '5', '2023-01-01']),
    )
    const result = await load(write('scores.lst', content), mappingOf(await previewOf('scores.lst', content)))
    expect(rejects(result)).toMatchObject([{ line: 33, reason: 'no rating' }])
    expect(result.interactions).toBe(31)
  })

  test('another number of rows than the console counted is a warning', async () => {
    const { warnings } = await previewOf('scores.lst', text(heading(), rows, '', '31 rows selected.'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('Line 34 says “31 rows selected.”, but 30 rows were found above it.')
  })

  test('of several tables, the first one is read, and that is said', async () => {
    const other = [
      { name: 'NAME', width: 10 },
      { name: 'CITY', width: 8 },
    ]
    const content = text(heading(), rows, '', '30 rows selected.', '', heading(other), row(['ann', 'rome'], other))
    const preview = await previewOf('scores.lst', content)
    expect(preview.warnings).toHaveLength(1)
    expect(preview.warnings[0]).toContain('Line 36 begins another table, with the columns NAME, CITY.')
    expect((await load(write('scores.lst', content), mappingOf(preview))).interactions).toBe(30)
    await expect(
      previewOf('two.txt', text(heading(other), '', '(0 rows affected)', '', heading(), rows)),
    ).rejects.toThrow('has a table without rows')
  })

  test.each([
    [
      'names and rows broken by turns',
      text(
        heading(columns.slice(0, 2)),
        heading(columns.slice(2)),
        rows.flatMap((line) => [line.slice(0, 23), line.slice(24), '']),
      ),
    ],
    [
      'names, dashes and rows broken at the same place',
      text('CUSTOMER   PRODUCT', 'SCORE DAY', '---------- ----------', '----- ----', rows),
    ],
  ])('rows over several lines are refused: %s', async (_about, content) => {
    await expect(previewOf('scores.lst', content)).rejects.toThrow('Each row of scores.lst takes several lines')
  })

  test.each([
    ['a list of headings', text(['Tea', '---', 'is good', '', 'Bread', '-----', 'is better, and cheap'])],
    [
      'a text with separators',
      text([
        'It was late, and the shop was closed.',
        '--- --- ---',
        'He went home, said nothing.',
        'So did she, and slept.',
      ]),
    ],
    ['dashes without names', text('--- ---', 'u1,a', 'u2,b')],
    ['a table as Markdown', text('user | item', '---- | ----', 'u1 | a', 'u2 | b')],
    ['what psql prints', text(' user | item ', '------+------', ' u1   | a    ', ' u2   | b    ', '(2 rows)')],
  ])('%s is not taken for it', async (_about, content) => {
    const format = await previewOf('r.txt', content).then(({ ratings }) => ratings.format, String)
    expect(format).not.toBe('columns below dashes')
  })

  test('any table is read as it was written', async () => {
    const word = fc.stringMatching(/^[a-zé𝒳0-9]{1,5}$/u)
    const value = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
      fc.constant(''),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            user: fc.integer({ min: 0, max: 9 }),
            note: value,
            shop: value,
            rating: fc.integer({ min: 1, max: 5 }),
          }),
          { minLength: 5, maxLength: 40 },
        ),
        fc.shuffledSubarray(['USER_ID', 'ITEM_ID', 'RATING', 'NOTE', 'SHOP'], { minLength: 5 }),
        fc.integer({ min: 3, max: 20 }),
        fc.constantFrom(' ', '  '),
        fc.boolean(),
        async (table, order, pageRows, gap, numbered) => {
          const all = table.map(({ user, note, shop, rating }, at) => ({
            USER_ID: `u${user}`,
            ITEM_ID: `the item ${at}`,
            RATING: String(rating),
            NOTE: note,
            SHOP: shop,
          }))
          const names = order as (keyof (typeof all)[number])[]
          const widths = names.map((name): Column => ({
            name,
            right: name === 'RATING',
            width: Math.max(name.length, ...all.map((line) => lengthOf(line[name]))),
          }))
          const lines: string[] = []
          const at = new Map<string, number>()
          for (const [place, line] of all.entries()) {
            if (place % pageRows === 0) lines.push('', ...heading(widths, gap))
            lines.push(
              row(
                names.map((name) => line[name]),
                widths,
                gap,
              ),
            )
            at.set(line.ITEM_ID, lines.length)
          }
          if (numbered) lines.push('', `${all.length} rows selected.`)
          const file = write(
            'any.lst',
            text(lines.map((line, place) => (place === lines.length - 1 ? line : line.trimEnd()))),
          )
          const preview = await previewImport({ ratings: [file], items: null }, store.library)
          expect(preview.ratings.format).toBe('columns below dashes')
          expect(preview.ratings.rows).toEqual(
            all.slice(0, preview.ratings.rows.length).map((line) => names.map((name) => line[name])),
          )
          expect(preview.choices.filter(({ about, certainty }) => about === 'layout' && certainty === 'guess')).toEqual(
            [],
          )
        },
      ),
      { numRuns: 25 },
    )
  })
})

test.each([
  ['+', '-'],
  ['+', '='],
])('the line above a table with bars (%s%s) is a part of it and no skipped line', async (corner, dash) => {
  const widths = columns.map(({ width }) => width + 2)
  const ruler = `${corner}${widths.map((width) => dash.repeat(width)).join(corner)}${corner}`
  const boxed = (values: readonly string[]): string =>
    `|${values.map((value, at) => ` ${value}`.padEnd(widths[at] ?? 0)).join('|')}|`
  const table = [
    ruler,
    boxed(columns.map(({ name }) => name)),
    ruler,
    ...Array.from({ length: 30 }, (_, at) => boxed(cells(at))),
    ruler,
  ]
  const plain = await previewOf('boxed.txt', table.join('\n'))
  expect(plain.choices.filter(({ about }) => about === 'skipped lines')).toEqual([])
  expect(plain.ratings.text?.preamble).toEqual([])
  expect(plain.ratings.rows).toHaveLength(30)
  const titled = await previewOf('titled.txt', ['SELECT * FROM ratings;', ...table].join('\n'))
  expect(titled.choices.filter(({ about }) => about === 'skipped lines').map(({ evidence }) => evidence)).toEqual([
    'The table begins after “SELECT * FROM ratings;”.',
  ])
})

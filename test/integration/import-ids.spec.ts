import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { warningsOf } from '../../src/shared/reading'
import { xlsx } from './workbook.fixture'
import { imported, load, pairs, rejects, store, write } from './import-library'

const columns = { ...pairs, time: null }
const table = (...rows: string[]) => write('ids.csv', `user,item\n${rows.join('\n')}\n`)

test('ids that a program took for decimal numbers are counted, and joined where somebody says so', async () => {
  const file = table('1005,a', '1005.0,b', '7.0,c', '8,d', '1.50,e')
  const result = await load(file, columns)
  expect(Object.keys(imported(result)).sort()).toEqual(['1.50', '1005', '1005.0', '7.0', '8'])
  expect(warningsOf(result.choices).join()).toMatch(
    /column "user": ids as written, unjoined is a guess\. 1 of 5 ids ends with \.0 beside the same id without it.*“1005\.0” in 1 row\..*4 ids remain.*--join-ids/,
  )
  store.datasets.delete(result.dataset)
  const joined = await load(file, columns, { reading: { joinIds: true } })
  expect(imported(joined)).toMatchObject({ '1005': [['a'], ['b']], '7': [['c']], '1.50': [['e']] })
  expect(warningsOf(joined.choices)).toEqual([])
})

test.each([
  ['1.23457E+17', ['1.23457E+17', '123457000000000001'], /rounded/],
  ['decimal numbers throughout', ['1.0', '2.0', '3.0'], /3 of 3 ids end with \.0: “1\.0”.*--join-ids/],
  ['15 digits and zeros', ['123456789012345000', '123456789012346000', 'x'], /2 of 3 ids have nothing but zeros/],
  ['leading zeros', ['0012', '12'], /leading zeros/],
  ['one date', ['5-Apr', 'AB12', 'AB13'], /1 of 3 ids looks like a date: “5-Apr” in 1 row/],
  ['dates', ['Mar-05', '5-Apr', 'AB12', 'AB13', 'AB14', 'AB15'], /look like dates.*“5-Apr”, “Mar-05”/],
  ['errors', ['#N/A', 'x', 'y'], /1 of 3 ids is an error or an empty value.*“#N\/A”/],
  [
    'upper and lower case',
    ['Heat', 'HEAT', 'x'],
    /2 of 3 ids differ from others only in upper and lower case: “HEAT”, “Heat”/,
  ],
  ['empty values of programs', ['nan', 'x', 'y'], /1 of 3 ids is an error or an empty value.*“nan”/],
])('%s among items are said with count and examples', async (_, items, warning) => {
  const result = await load(table(...items.map((item) => `u,${item}`)), columns)
  expect(warningsOf(result.choices).join()).toMatch(warning)
  expect(warningsOf(result.choices).join()).toContain('column "item"')
})

test.each([
  ['dates by nature', ['2024-03-01', '2024-03-02', '2024-03-03']],
  ['numbers with zeros', ['0012', '0013', '0112']],
  ['versions', ['1.0', '1.1', '2.0']],
  ['long numbers', ['123456789012345678', '123456789012345670', '123456789012345000']],
  ['words', ['a', 'B-12', 'x.0', 'e5', 'E6']],
])('%s are none of them', async (_, items) => {
  const result = await load(table(...items.map((item) => `u,${item}`)), columns)
  expect(warningsOf(result.choices)).toEqual([])
})

test.each([
  ['a space', 'u1 '],
  ['a tab', '\tu1'],
  ['a no-break space', '\u00a0u1\u202f'],
  ['spaces within quotes', '" u1  "'],
])('ids are stored without %s around them, and it is said', async (_, padded) => {
  const result = await load(table('u1,a', `${padded},b`, 'u 2,c'), columns)
  expect(imported(result)).toEqual({ u1: [['a'], ['b']], 'u 2': [['c']] })
  expect(result.choices).toContainEqual(
    expect.objectContaining({
      column: 'user',
      value: 'ids without the spaces around them',
      evidence: expect.stringMatching(
        /^1 id in 1 row has spaces around it: “\s*u1\s*”\. Without, 1 of them is the same/,
      ),
    }),
  )
})

test.each([
  ['a byte-order mark', '\ufeffu1'],
  ['a mark of direction', 'u1\u200e'],
  ['a zero-width space', 'u\u200b1'],
  ['a soft hyphen', 'u\u00ad1'],
])('ids are stored without %s that cannot be seen, and it is said', async (_, marked) => {
  const result = await load(table('u1,a', `${marked},b`, 'u2,a'), columns)
  expect(imported(result)).toMatchObject({ u1: [['a'], ['b']], u2: [['a']] })
  expect(result.choices).toContainEqual(
    expect.objectContaining({ about: 'ids', column: 'user', value: 'ids without signs that cannot be seen' }),
  )
})

test('joiners, which change what is seen, stay in ids', async () => {
  const result = await load(table('می\u200cشود,a', 'میشود,b'), columns)
  expect(Object.keys(imported(result))).toHaveLength(2)
})

test.each([
  ['only in double spaces', 'Blue  Lamp', 'Blue Lamp', /“Blue {2}Lamp” in 1 row/],
  ['by &amp;', 'Tea &amp; Co', 'Tea & Co', /“Tea &amp; Co” in 1 row/],
])('ids that differ %s are said, and joined where somebody says so', async (_, odd, plain, example) => {
  const file = table(`u1,${odd}`, `u2,${plain}`, 'u2,x')
  const result = await load(file, columns)
  expect(warningsOf(result.choices).join()).toMatch(example)
  expect(warningsOf(result.choices).join()).toContain('--join-ids')
  store.datasets.delete(result.dataset)
  const joined = await load(file, columns, { reading: { joinIds: true } })
  expect(joined.items).toBe(2)
  expect(warningsOf(joined.choices)).toEqual([])
})

test.each(['Walk-in customer', '999999'])(
  'a user %s with half of all rows is said to be everybody',
  async (everybody) => {
    const rows = (share: number) =>
      Array.from({ length: 120 }, (_, at) => `${at % 10 < share ? everybody : `10${at % 30}`},i${(at * 7) % 40}`)
    const warned = warningsOf((await load(table(...rows(5)), columns)).choices).join()
    expect(warned).toContain(`has a large part of all rows: “${everybody}” in 60 rows`)
    expect(warned).toContain(`--drop-users "${everybody}"`)
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    expect(warningsOf((await load(table(...rows(1)), columns)).choices).join()).not.toContain('large part')
  },
)

test('ids of a table as psql prints it are the ids', async () => {
  const lines = [' user | item ', '------+------', ' u1   | a    ', ' u2   | a    ', ' u1   | b    ']
  const file = write('psql.csv', `user|item\n${lines.slice(2).join('\n')}\n`)
  expect(imported(await load(file, columns))).toEqual({ u1: [['a'], ['b']], u2: [['a']] })
})

test('a row whose id is nothing but no-break spaces has none', async () => {
  const result = await load(table('u1,a', '\u00a0,b'), columns)
  expect(imported(result)).toEqual({ u1: [['a']] })
  expect(result.rejected).toBe(1)
})

test.each([
  ['bare', ['="0012",a', '="0013",a', '0012,b']],
  ['quoted', ['"=""0012""",a', '"=""0013""",a', '0012,b']],
  ['apart from its sign', ['= "0012",a', '="0013",a', '0012,b']],
  ['beside spaces', ['"=""0012"" ",a', '" =""0013""",a', '0012,b']],
])('the text within a formula that keeps an id a text is the id: %s', async (_, rows) => {
  const result = await load(table(...rows), columns)
  expect(imported(result)).toEqual({ '0012': [['a'], ['b']], '0013': [['a']] })
  expect(result.choices.map(({ value }) => value)).toContain('the text within ="…"')
})

/** Cells in which a spreadsheet's formula of an empty text stands for nothing, bare and within quotes. */
const emptyFormula = fc
  .record({
    before: fc.constantFrom('', ' ', '\u00a0'),
    between: fc.constantFrom('', ' '),
    inside: fc.constantFrom('', ' ', '  ', '\u00a0'),
    quoted: fc.boolean(),
  })
  .map(({ before, between, inside, quoted }) => {
    const cell = `=${between}"${inside}"`
    return quoted ? `"${before}${cell.replaceAll('"', '""')}"` : cell
  })

test('the formula of an empty text is a blank cell: no id, no rating, no time', async () => {
  await fc.assert(
    fc.asyncProperty(
      emptyFormula,
      fc.constantFrom('user', 'item', 'rating', 'time'),
      fc.integer({ min: 0, max: 11 }),
      async (empty, role, at) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const rows = Array.from({ length: 12 }, (_, row) => {
          const cells = { user: `u${row % 4}`, item: `i${row % 5}`, rating: '3', time: `2024-03-${10 + row}` }
          return Object.entries(cells).map(([name, cell]) => (name === role && row === at ? empty : cell))
        })
        const file = write('formulas.csv', ['user,item,rating,time', ...rows.map((row) => row.join(','))].join('\n'))
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating', time: 'time' })
        expect(preview.ratings.columns.find(({ name }) => name === role)?.statistics?.empty).toBe(1)
        const result = await load(file, { ...columns, rating: 'rating', time: 'time' })
        expect([result.rejected, result.users, result.items, result.interactions]).toEqual([1, 4, 5, 11])
        const reason = { user: 'no user id', item: 'no item id', rating: 'no rating', time: 'no time' }[role]
        expect(rejects(result).map((row) => row.reason)).toEqual([reason])
      },
    ),
    { numRuns: 24, seed: 3 },
  )
})

test.each(['=""', '= ""', '"=""  """'])('an item with the title %s is shown by its id', async (empty) => {
  const items = write('items.csv', `item,title,genres\na,First,x\nb,${empty},${empty}\n${empty},Nothing,y\n`)
  const { dataset } = await load(table('u,a', 'u,b'), columns, { items })
  expect(store.datasets.items(dataset).map(({ title, genres }) => [title, genres])).toEqual([
    ['First', ['x']],
    ['b', []],
  ])
})

test.each(['="', '=', '="x"y', '=='])('other text that begins like a formula stays an id: %s', async (id) => {
  const file = write('ids.tsv', `user\titem\nu\t${id}\nu\ta\nu\tb\n`)
  const result = await load(file, columns, { reading: { quote: '' } })
  expect([result.rejected, result.items]).toEqual([0, 3])
})

test('the ids of an items file are tidied alike', async () => {
  const items = write('items.csv', 'item,title\n a ,First\n"=""0012""",Second\n')
  const result = await load(table('u,a', 'u,0012'), columns, { items })
  expect(store.datasets.items(result.dataset).map(({ externalId, title }) => [externalId, title])).toEqual([
    ['0012', 'Second'],
    ['a', 'First'],
  ])
})

test('ids of 18 digits that a workbook rounded are said, and stay the text that it has', async () => {
  const rows = [['user', 'item'], ...['a', 'b'].map((item) => [123456789012345678, item])]
  // As Excel writes them.
  const file = Buffer.from(xlsx(rows, { written: (n) => n.toExponential().toUpperCase() }))
  const result = await load(write('ids.xlsx', file), columns)
  expect(Object.keys(imported(result))).toEqual(['1.2345678901234568E+17'])
  expect(warningsOf(result.choices).join()).toMatch(/column "user".*1 of 1 id is a rounded number/)
})

/** Rows of users and items whose ids begin with these letters; the last rows have the columns swapped. */
const rowsWithSwapped = (swapped: number, [user, item]: readonly [string, string] = ['U', 'B']): string[] =>
  Array.from({ length: 120 }, (_, row) => {
    const ids = [`${user}${row % 30}`, `${item}${(row * 7) % 20}`]
    return (row < 120 - swapped ? ids : ids.reverse()).join(',')
  })

test('rows whose columns are swapped are noticed by ids that are users and items, with counts and an example', async () => {
  const file = table(...rowsWithSwapped(60))
  const { choices } = await load(file, columns)
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  for (const found of [choices, preview.choices])
    expect(warningsOf(found.filter(({ about }) => about === 'ids'))).toEqual([
      expect.stringMatching(
        /^column "item": ids as written is a guess\. 50 of the 50 items are in “user” as well as in “item”, such as “B9”: a user in 3 rows and an item in 3 rows\. .*swapped.*a file in which all rows have the same columns/,
      ),
    ])
})

test.each<[string, string[]]>([
  ['no row is swapped', rowsWithSwapped(0)],
  ['few ids are in both columns', rowsWithSwapped(3)],
  ['both are small numbers', rowsWithSwapped(60, ['', ''])],
])('ids are not said to be in both columns where %s', async (_, rows) => {
  const { choices } = await load(table(...rows), columns)
  expect(choices.filter(({ about }) => about === 'ids')).toEqual([])
})

/** Rows of users `first`, `first` + `step`, … as many as `frequencies` has, and of user 0. */
const rowsOfZero = (zero: number, frequencies: readonly number[], first: number, step: number): string[] => [
  ...Array.from({ length: zero }, (_, n) => `0,a${n}`),
  ...frequencies.flatMap((rows, at) => Array.from({ length: rows }, (_, n) => `${first + at * step},a${n}`)),
]
const saysNobody = async (rows: readonly string[]): Promise<boolean> => {
  const { dataset, choices } = await load(table(...rows), columns)
  store.datasets.delete(dataset)
  return warningsOf(choices).join().includes('nobody in particular: “0”')
}

test('an id 0 is like the others where ids are counted from it, even if it has more rows than most', async () => {
  await fc.assert(
    fc.asyncProperty(
      // The most frequent users have far more rows than the median.
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 20 }),
      fc.integer({ min: 15, max: 30 }),
      fc.nat(30),
      fc.integer({ min: 1, max: 4 }),
      async (few, most, more, step) => {
        const others = fc.sample(fc.shuffledSubarray([most, ...few], { minLength: few.length + 1 }), {
          numRuns: 1,
          seed: most,
        })
        expect(await saysNobody(rowsOfZero(most + more, others[0] ?? [], step, step))).toBe(false)
      },
    ),
    { numRuns: 10 },
  )
})

test('an id 0 is said to stand for nobody where it has far more rows than all others, or where they begin elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 20 }),
      fc.integer({ min: 20, max: 40 }),
      fc.boolean(),
      async (others, zero, elsewhere) => {
        const first = elsewhere ? 10_001 : 1
        expect(await saysNobody(rowsOfZero(zero, elsewhere ? [...others, zero - 1] : others, first, 1))).toBe(true)
      },
    ),
    { numRuns: 10 },
  )
})

test('words and signs for nobody in particular are said with their rows and the option, in any letters and brackets', async () => {
  const words = ['(not set)', 'Not Set', '[deleted]', 'anonymous user', 'GUEST', 'Neznámý', 'inconnu', '匿名', 'Аноним']
  const signs = ['-', '–', '—', '--', '*', '_']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...words, ...signs),
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 3, max: 9 }),
      async (nobody, rows, users) => {
        const all = [
          ...Array.from({ length: rows }, (_, n) => `${nobody},a${n}`),
          ...Array.from({ length: users * 3 }, (_, n) => `user ${n % users},a${n}`),
        ]
        const { dataset, choices } = await load(table(...all), columns)
        store.datasets.delete(dataset)
        const said = choices.find(({ evidence }) => evidence.includes('nobody in particular'))
        expect(said).toMatchObject({
          certainty: 'guess',
          control: 'Leave out users',
          option: `--drop-users "${nobody}"`,
        })
        expect(said?.evidence).toContain(`“${nobody}” in ${rows} rows`)
      },
    ),
    { numRuns: 10 },
  )
  // Ids that only begin with such a word are people.
  const { choices } = await load(table('guest12,a', 'guest13,a', 'Anon Smith,b', 'x-1,a', 'removed_by,b'), columns)
  expect(warningsOf(choices).join()).not.toContain('nobody in particular')
})

/** Different numbers of users, some of them from a thousand on, and the sign that a program writes between thousands. */
const numbered = fc.record({
  ids: fc
    .uniqueArray(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 4, maxLength: 12 })
    .map((ids) => [1008, ...ids]),
  sign: fc.constantFrom(',', '.', ' ', "'", '’', '\u00a0', '\u202f'),
  role: fc.constantFrom('user' as const, 'item' as const),
})
const groupedBy = (id: number, sign: string): string => String(id).replaceAll(/\B(?=(?:\d{3})+$)/g, sign)

test('ids with and without signs of thousands are counted with examples, and joined where somebody says so', async () => {
  await fc.assert(
    fc.asyncProperty(numbered, async ({ ids, sign, role }) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const large = [...new Set(ids)].filter((id) => id >= 1000)
      const all = [...new Set(ids)]
      const written = [...all.map(String), ...large.map((id) => groupedBy(id, sign))]
      const lines = written.map((id, n) => (role === 'user' ? `"${id}",x${n}` : `u${n % 3},"${id}"`))
      const file = table(...lines)
      const counted = role === 'user' ? 'users' : 'items'
      const apart = await load(file, columns)
      expect(apart[counted]).toBe(written.length)
      const warning = warningsOf(apart.choices).find((one) => one.includes('signs of thousands'))
      expect(warning).toContain(`${large.length} of ${written.length} ids`)
      expect(warning).toContain(groupedBy(large[0] ?? 0, sign).length > 0 ? `column "${role}"` : '')
      expect(warning).toContain(`Joined, ${all.length} ids remain`)
      expect(warning).toContain('--join-ids')
      store.datasets.delete(apart.dataset)
      const joined = await load(file, columns, { reading: { joinIds: true } })
      expect(joined[counted]).toBe(all.length)
      expect(warningsOf(joined.choices).join()).not.toContain('signs of thousands')
      if (role === 'user') expect(Object.keys(imported(joined)).sort()).toEqual(all.map(String).sort())
      else
        expect(
          store.datasets
            .items(joined.dataset)
            .map(({ externalId }) => externalId)
            .sort(),
        ).toEqual(all.map(String).sort())
    }),
    { numRuns: 20 },
  )
})

test('titles belong to items whose ids were joined', async () => {
  const file = write('titled.csv', 'user,item,title\nu,1008,First\nv,"1,008",First\nu,"2,019",Second\nv,2019,Second\n')
  const { dataset } = await load(file, { ...columns, title: 'title' }, { reading: { joinIds: true } })
  expect(store.datasets.items(dataset).map(({ externalId, title }) => [externalId, title])).toEqual([
    ['1008', 'First'],
    ['2019', 'Second'],
  ])
})

test.each([
  ['pairs of numbers', ['12,345', '17,2', '123,456']],
  ['versions of three digits', ['1.005', '1.006', '2.007']],
  ['codes with spaces', ['100 200', '100 300', 'x']],
  ['numbers beside other codes', ['1.008', 'B7', '12.900', '1009']],
])('%s have no signs of thousands, and are not joined', async (_, items) => {
  const file = table(...items.map((item) => `u,"${item}"`))
  const result = await load(file, columns)
  expect(warningsOf(result.choices).join()).not.toContain('thousands')
  store.datasets.delete(result.dataset)
  const joined = await load(file, columns, { reading: { joinIds: true } })
  expect(
    store.datasets
      .items(joined.dataset)
      .map(({ externalId }) => externalId)
      .sort(),
  ).toEqual([...items].sort())
})

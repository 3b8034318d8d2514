import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { type ReadingOverrides, type RowLayout, warningsOf } from '../../src/shared/reading'
import { inAnyOrder, interactionsOf } from './random-table.fixture'
import { load, rejects, store, write } from './import-library'
import { xlsx } from './workbook.fixture'

const list = { user: 'user', item: 'item', rating: 'rating', time: null }

/** How a matrix is written, and what of it are ratings. */
const matrix = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    scale: fc.constantFrom<readonly number[]>(
      [1, 2, 3, 4, 5],
      [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
      [-9.5, -3.25, 0, 4.75, 10],
      [10, 20, 55, 100],
    ),
    none: fc.constantFrom('', '99', 'NA', '0'),
    ids: fc.boolean(),
    header: fc.boolean(),
    counts: fc.boolean(),
    users: fc.integer({ min: 6, max: 14 }),
    items: fc.integer({ min: 9, max: 16 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  // A zero is a rating of the scale from −9.5, and 99 of the one up to 100.
  .filter(({ none, scale }) => !(none === '0' && scale.includes(0)) && !(none === '99' && scale.includes(100)))
  .map((drawn) => {
    let state = drawn.seed
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    const ratings = Array.from({ length: drawn.users }, () =>
      Array.from({ length: drawn.items }, () =>
        random(10) < 4 ? (drawn.scale[random(drawn.scale.length)] ?? null) : null,
      ),
    )
    return { ...drawn, ratings }
  })
  // Every value of the scale occurs, so that it can be seen; so do empty cells.
  .filter(({ ratings, scale }) => {
    const seen = new Set(ratings.flat())
    return scale.every((value) => seen.has(value)) && ratings.every((row) => row.some((cell) => cell !== null))
  })

test('a rating matrix is read as a list, and this is reported', async () => {
  await fc.assert(
    fc.asyncProperty(matrix, async (drawn) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const itemNames = Array.from({ length: drawn.items }, (_, item) =>
        drawn.header ? `Joke ${item + 1}` : String(item + 1),
      )
      const userNames = drawn.ratings.map((_, user) => (drawn.ids ? `u${user * 7 + 3}` : String(user + 1)))
      const rows = drawn.ratings.map((row, user) => [
        ...(drawn.ids ? [userNames[user] ?? ''] : []),
        ...(drawn.counts ? [String(row.filter((cell) => cell !== null).length)] : []),
        ...row.map((cell) => (cell === null ? drawn.none : String(cell))),
      ])
      const header = [...(drawn.ids ? ['reader'] : []), ...(drawn.counts ? ['n'] : []), ...itemNames]
      const text = [...(drawn.header ? [header] : []), ...rows].map((row) => row.join(drawn.delimiter)).join('\n')
      const file = write('matrix.csv', `${text}\n`)
      const preview = await previewImport({ ratings: [file], items: null }, store.library)
      expect(preview.choices).toContainEqual(expect.objectContaining({ about: 'layout', option: '--layout list' }))
      const result = await load(file, list)
      const expected = drawn.ratings.flatMap((row, user) =>
        row.flatMap((cell, item) => (cell === null ? [] : [[userNames[user], itemNames[item], cell, null]])),
      )
      expect(inAnyOrder(interactionsOf(result))).toEqual(inAnyOrder(expected))
      expect(result.rejected).toBe(0)
    }),
    { numRuns: 25 },
  )
})

test('different ratings in the first column are no ids of users', async () => {
  const rows = [
    [2, 2, 4, 0, 5, 0, 0, 3, 0],
    [3, 4, 5, 0, 2, 0, 0, 4, 5],
    [5, 0, 0, 0, 0, 0, 0, 0, 2],
    [0, 2, 4, 0, 5, 2, 0, 0, 5],
    [4, 0, 2, 0, 0, 0, 0, 2, 4],
    [1, 2, 0, 5, 0, 0, 0, 2, 5],
  ]
  const result = await load(write('few.csv', rows.map((row) => row.join(',')).join('\n')), list)
  expect(inAnyOrder(interactionsOf(result))).toEqual(
    inAnyOrder(
      rows.flatMap((row, user) =>
        row.flatMap((cell, item) => (cell === 0 ? [] : [[String(user + 1), String(item + 1), cell, null]])),
      ),
    ),
  )
})

test('a cell that is no rating and a row of the wrong width are rejected with their line', async () => {
  const rows = Array.from({ length: 12 }, (_, user) => [
    `u${user}`,
    ...Array.from({ length: 10 }, (_, item) => String(1 + ((user * 3 + item) % 5))),
  ])
  rows.push(['u12', '5', 'good', ...Array.from({ length: 8 }, () => '')], ['u13', '4'])
  const header = ['who', ...Array.from({ length: 10 }, (_, item) => `film ${item}`)]
  const file = write('matrix.csv', [header, ...rows].map((row) => row.join(';')).join('\n'))
  const result = await load(file, list, { reading: { layout: 'matrix' } })
  expect(result.interactions).toBe(121)
  expect(rejects(result)).toMatchObject([
    { line: 14, reason: 'rating is not a number' },
    { line: 15, reason: 'too few columns' },
  ])
})

test('a matrix in a workbook, and one that a person calls a list', async () => {
  const rows = Array.from({ length: 6 }, (_, user) => [
    `u${user}`,
    ...Array.from({ length: 3 }, (_, item) => 1 + ((user + item) % 5)),
  ])
  const small = write('small.xlsx', Buffer.from(xlsx([['who', 'a', 'b', 'c'], ...rows])))
  const { ratings } = await previewImport({ ratings: [small], items: null }, store.library)
  expect(ratings.columns.map(({ name }) => name)).toEqual(['who', 'a', 'b', 'c'])
  const wide = Array.from({ length: 6 }, (_, user) =>
    Array.from({ length: 10 }, (_, item) => 1 + ((user + item) % 5)).join(','),
  )
  const file = write('wide.csv', wide.join('\n'))
  const asList = await previewImport({ ratings: [file], items: null, reading: { layout: 'list' } }, store.library)
  expect(asList.ratings.columns).toHaveLength(10)
  const asMatrix = await previewImport({ ratings: [file], items: null }, store.library)
  expect(asMatrix.ratings.columns.map(({ name }) => name)).toEqual(['user', 'item', 'rating'])
})

test('a list with many columns of numbers is no matrix', async () => {
  const row = (i: number): string =>
    [`u${i % 5}`, `i${i % 7}`, 1 + (i % 5), 1_700_000_000 + i, i * 13, i % 2, i / 7, i * i, i % 3, 40 + i].join(',')
  const header = 'user,item,rating,time,price,member,weight,area,kind,age'
  const text = [header, ...Array.from({ length: 40 }, (_, i) => row(i))].join('\n')
  for (const content of [text, text.slice(header.length + 1)]) {
    const { ratings } = await previewImport({ ratings: [write('wide.csv', content)], items: null }, store.library)
    expect(ratings.columns).toHaveLength(10)
  }
})

/** What a file is read as: its interactions, in any order, and the warnings of its reading. */
async function readAs(lines: readonly string[], layout?: RowLayout) {
  const file = write('matrix.csv', `${lines.join('\n')}\n`)
  const result = await load(file, list, layout ? { reading: { layout } } : {})
  return {
    rows: inAnyOrder(interactionsOf(result)),
    choices: result.choices,
    warnings: warningsOf(result.choices).join('\n'),
  }
}

test('a matrix with items in its rows is turned by what its rows and columns are called', async () => {
  const header = (first: string, column: string): string =>
    [first, ...Array.from({ length: 8 }, (_, n) => `${column}${n + 1}`)].join(',')
  const cells = ['5,,3,4,,2,1,5', ',4,4,,2,2,,1', '1,2,,4,5,,3,']
  const expected = (row: (n: number) => string, column: (n: number) => string, turned: boolean): unknown =>
    inAnyOrder(
      cells.flatMap((line, r) =>
        line.split(',').flatMap((cell, c) => {
          if (cell === '') return []
          return [[...(turned ? [column(c), row(r)] : [row(r), column(c)]), Number(cell), null]]
        }),
      ),
    )
  const films = ['Alien', 'Brazil', 'Cube']
  for (const [first, column, rows, turned, warns] of [
    ['movie', 'user_', films, true, false],
    ['', 'u', films, true, true],
    ['title', 'Anna ', films, true, true],
    ['Kniha', 'customer ', films, true, false],
    ['item', 'x', ['i1', 'i2', 'i3'], true, false],
    ['user', 'Film ', ['ann', 'bob', 'cyd'], false, false],
    ['', 'item ', ['ann', 'bob', 'cyd'], false, false],
    ['name', 'x', ['ann', 'bob', 'cyd'], false, true],
  ] as const) {
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const lines = [header(first, column), ...cells.map((line, row) => `${rows[row] ?? ''},${line}`)]
    const found = await readAs(lines)
    const columnId = (n: number): string => `${column}${n + 1}`
    expect(found.rows, lines[0]).toEqual(expected((n) => rows[n] ?? '', columnId, turned))
    expect(found.warnings.includes(turned ? '--layout matrix ' : '--layout matrix-of-items'), lines[0]).toBe(warns)
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const other = await readAs(lines, turned ? 'matrix' : 'matrix-of-items')
    expect(other.rows).toEqual(expected((n) => rows[n] ?? '', columnId, !turned))
  }
})

test('columns and rows that summarise the others are left out, and this is reported', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('Average', 'Mean', 'Total', 'Sum', 'Count', 'Durchschnitt'),
      fc.boolean(),
      fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 9, maxLength: 9 }), {
        minLength: 5,
        maxLength: 9,
      }),
      async (name, wrong, ratings) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const sum = (numbers: readonly number[]): string => {
          const total = numbers.reduce((all, number) => all + number, wrong ? 50 : 0)
          if (name === 'Count') return String(numbers.length + (wrong ? 50 : 0))
          return name === 'Total' || name === 'Sum' ? String(total) : (total / numbers.length).toFixed(2)
        }
        const items = Array.from({ length: 9 }, (_, item) => `item ${item}`)
        const found = await readAs([
          ['user', ...items, name].join(','),
          ...ratings.map((row, user) => [`u${user}`, ...row, sum(row)].join(',')),
          [name, ...items.map((_, item) => sum(ratings.map((row) => row[item] ?? 0))), ''].join(','),
        ])
        expect(found.rows).toEqual(
          inAnyOrder(ratings.flatMap((row, user) => row.map((cell, item) => [`u${user}`, items[item], cell, null]))),
        )
        const said = found.choices.filter(({ value }) => value.endsWith('left out'))
        const certainty = wrong ? 'guess' : 'likely'
        expect(said).toMatchObject([
          { value: `column “${name}” left out`, certainty },
          { value: `line ${ratings.length + 2}, “${name}”, left out`, certainty },
        ])
      },
    ),
    { numRuns: 15 },
  )
})

test('a small matrix and one with other columns are matrices as a guess, and certainly where a person says so', async () => {
  const user = ['ann', 'bob', 'cyd', 'dee']
  const cells = ['5,,3,4', '1,4,4,', '1,2,,4', '2,2,5,4']
  const words: Readonly<Record<string, string>> = { 1: 'bad', 2: 'poor', 3: 'fair', 4: 'good', 5: 'great' }
  const films = 'Alien,Brazil,Cube,Dune'
  const rated = cells.flatMap((line, row) =>
    line
      .split(',')
      .flatMap((cell, column) => (cell === '' ? [] : [[user[row], films.split(',')[column], Number(cell), null]])),
  )
  const expected = inAnyOrder(rated)
  for (const [header, rowOf] of [
    [`who,${films}`, (row) => `${user[row]},${cells[row]}`],
    [`who,age,city,${films}`, (row) => `${user[row]},${19 + 7 * row},${['Rome', 'Paris'][row % 2]},${cells[row]}`],
    [`Timestamp,who,${films}`, (row) => `2024-03-0${row + 1} 10:00:00,${user[row]},${cells[row]}`],
    [
      `who,${films},Total`,
      (row) =>
        `${user[row]},${cells[row]},${(cells[row] ?? '').split(',').reduce((sum, cell) => sum + Number(cell), 0)}`,
    ],
  ] as readonly (readonly [string, (row: number) => string])[]) {
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const lines = [header, ...user.map((_, row) => rowOf(row))]
    const file = write('small.csv', lines.join('\n'))
    const { warnings } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(warnings.join('\n'), header).toMatch(
      /rating matrix, read as a list is a guess\. .*--layout list \(in the app: Layout\)/,
    )
    expect((await readAs(lines)).rows, header).toEqual(expected)
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const found = await readAs(lines, 'matrix')
    expect(found.rows, header).toEqual(expected)
    const others = header.split(',').filter((name) => !['who', 'Timestamp'].includes(name) && !films.includes(name))
    expect(found.choices.flatMap(({ value }) => /^column “(.+)” left out$/.exec(value)?.[1] ?? [])).toEqual(others)
  }
  const graded = [
    `name,${films}`,
    ...user.map((name, row) => `${name},${(cells[row] ?? '').replaceAll(/\d/g, (cell) => words[cell] ?? '')}`),
  ]
  const file = write('words.csv', graded.join('\n'))
  const reading = { header: true } as const
  const { warnings } = await previewImport({ ratings: [file], items: null, reading }, store.library)
  expect(warnings.join('\n')).toContain('It may be a rating matrix')
  const { ratings } = await previewImport(
    { ratings: [file], items: null, reading: { ...reading, layout: 'matrix' } },
    store.library,
  )
  expect(inAnyOrder(ratings.rows)).toEqual(
    inAnyOrder(rated.map(([who, film, cell]) => [who, film, words[String(cell)]])),
  )
})

test('a form with a question for each item, and a gradebook', async () => {
  const question = (film: string): string => `Rate these films [${film}]`
  const { rows, choices } = await readAs([
    ['Timestamp', 'Email Address', question('Alien'), question('Brazil'), question('Cube')].join(','),
    '2024/01/02 10:00:00 AM GMT+1,a@x.org,5,,3',
    '2024/01/02 11:00:00 AM GMT+1,b@x.org,1,4,4',
  ])
  expect(rows).toEqual(
    inAnyOrder([
      ['a@x.org', 'Alien', 5, null],
      ['a@x.org', 'Cube', 3, null],
      ['b@x.org', 'Alien', 1, null],
      ['b@x.org', 'Brazil', 4, null],
      ['b@x.org', 'Cube', 4, null],
    ]),
  )
  expect(choices.map(({ value }) => value)).toContain('column “Timestamp” is the time of all ratings of its row')
  const gradebook = [
    'Student,ID,SIS Login ID,Section,Essay (101),Quiz 1 (102),Quiz 2 (103),Current Score,Final Score',
    '    Points Possible,,,,10,10,10,(read only),(read only)',
    '"Doe, Ann",4711,ann,S1,9,8,7.5,86.25,86.25',
    '"Roe, Bob",4712,bob,S1,6,8,,80,60',
    '"Poe, Cyd",4713,cyd,S2,9,5,7,62.5,62.5',
  ]
  const { warnings } = await previewImport(
    { ratings: [write('grades.csv', gradebook.join('\n'))], items: null },
    store.library,
  )
  expect(warnings.join('\n')).toContain(
    'rating matrix, read as a list is a guess. 3 columns contain ratings from 5 to 9',
  )
  expect(warnings.join('\n')).not.toContain('different scales')
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const grades = await readAs(gradebook, 'matrix')
  expect(grades.rows).toHaveLength(8)
  expect(grades.rows).toContainEqual(inAnyOrder([['Doe, Ann', 'Quiz 2 (103)', 7.5, null]])[0])
})

test('lists of interactions with several ratings are not said to be matrices', async () => {
  const lines = Array.from({ length: 12 }, (_, n) =>
    [`r${n}`, `c${n % 3}`, `p${n % 4}`, 1 + (n % 5), 1 + (n % 4), 2, 5].join(','),
  )
  const file = write('aspects.csv', ['review,customer,place,food,service,rooms,value', ...lines].join('\n'))
  const { choices } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(choices.filter(({ evidence }) => evidence.includes('matrix'))).toEqual([])
})

/** Rows of ratings from 1 to 5, a third of them empty, from a seed. */
function ratedRows(seed: number, rows: number, columns: number): (number | null)[][] {
  let state = seed * 7919 + 17
  const below = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => (below(3) === 0 ? null : 1 + below(5))),
  )
}
const interactionsIn = (
  ratings: readonly (readonly (number | null)[])[],
  row: (n: number) => string,
  column: (n: number) => string,
  ofItems: boolean,
): string[] =>
  inAnyOrder(
    ratings.flatMap((cells, r) =>
      cells.flatMap((cell, c) =>
        cell === null ? [] : [[...(ofItems ? [column(c), row(r)] : [row(r), column(c)]), cell, null]],
      ),
    ),
  )

test('rows with attributes beside few ratings are a matrix as a guess, turned by its names', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        kind: fc.constantFrom(
          { first: 'Buch', attributes: ['Autor', 'Seiten'], ofItems: true },
          { first: 'title', attributes: ['author', 'year', 'publisher'], ofItems: true },
          { first: 'livre', attributes: ['pages', 'auteur'], ofItems: true },
          { first: 'Schüler', attributes: ['Klasse', 'Alter'], ofItems: false },
          { first: 'student', attributes: ['class', 'year', 'city'], ofItems: false },
        ),
        delimiter: fc.constantFrom(',', ';', '\t'),
        columns: fc.integer({ min: 4, max: 7 }),
        rows: fc.integer({ min: 8, max: 20 }),
        behind: fc.boolean(),
        alone: fc.boolean(),
        seed: fc.integer({ min: 1, max: 10_000 }),
      }),
      async ({ kind: { first, attributes, ofItems }, delimiter, columns, rows, behind, alone, seed }) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const ratings = ratedRows(seed, rows, columns)
        const word = (name: string, row: number): string => {
          if (/Seiten|pages/.test(name)) return String(120 + 37 * row)
          if (name.includes('year')) return String(1950 + ((row * 7) % 60))
          if (name.includes('Alter')) return String(12 + (row % 6))
          // A book may be the only one of its author.
          return `${name} ${alone ? row : row % 3}`
        }
        const rowId = (row: number): string => `${first} of ${String.fromCharCode(97 + row)}`
        const columnId = (column: number): string =>
          `${['Anna', 'Ben', 'Cyd', 'Dee', 'Eva', 'Finn', 'Gus'][column] ?? ''} M`
        const rated = (row: number): string[] => (ratings[row] ?? []).map((cell) => String(cell ?? ''))
        const names = Array.from({ length: columns }, (_, column) => columnId(column))
        const line = (id: string, others: readonly string[], cells: readonly string[]): string =>
          [id, ...(behind ? [...cells, ...others] : [...others, ...cells])].join(delimiter)
        const found = await readAs([
          line(first, attributes, names),
          ...ratings.map((_, row) =>
            line(
              rowId(row),
              attributes.map((name) => word(name, row)),
              rated(row),
            ),
          ),
        ])
        expect(found.rows).toEqual(interactionsIn(ratings, rowId, columnId, ofItems))
        expect(found.warnings).toMatch(/rating matrix( of items)?, read as a list is a guess\. .* use --layout list/)
        const out = found.choices.flatMap(({ value }) => /^column “(.+)” left out$/.exec(value)?.[1] ?? [])
        expect(out).toEqual(attributes)
      },
    ),
    { numRuns: 25 },
  )
})

test('lists with an id for each row, a repeated user or item and several ratings stay lists', async () => {
  const numbers = (n: number): number[] => [1 + (n % 5), 1 + ((n * 3) % 5), 1 + ((n * 7) % 4), 1 + ((n * 2) % 5)]
  for (const [header, idsOf] of [
    ['reviewid,restaurant,food,service,ambience,location', (n) => [`r${n}`, `place ${n % 4}`]],
    ['order,customer,product,quantity,discount,priority', (n) => [`o${n}`, `c${n % 5}`]],
    ['id,user,quality,price,speed,design', (n) => [`x${n}`, `u${n % 6}`]],
  ] as readonly (readonly [string, (n: number) => readonly string[]])[]) {
    const lines = Array.from({ length: 20 }, (_, n) => [...idsOf(n), ...numbers(n)].join(','))
    const file = write('list.csv', [header, ...lines].join('\n'))
    const { ratings } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(ratings.columns.map(({ name }) => name)).toEqual(header.split(','))
  }
})

test('a gradebook whose columns have different maxima keeps all of them, and says what follows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('Canvas', 'Moodle'),
      fc.shuffledSubarray([10, 20, 50, 100, 5, 40], { minLength: 3, maxLength: 6 }),
      fc.integer({ min: 8, max: 20 }),
      fc.integer({ min: 1, max: 10_000 }),
      async (program, maxima, rows, seed) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        let state = seed * 7919 + 17
        const grade = (most: number): number => {
          state = (state * 48_271) % 2_147_483_647
          return Math.ceil((most * (40 + (state % 61))) / 100)
        }
        const names = maxima.map((_, at) =>
          program === 'Canvas' ? `Quiz ${at + 1} (${4711 + at})` : `Test ${at + 1} (Real)`,
        )
        const grades = Array.from({ length: rows }, () => maxima.map(grade))
        const student = (row: number): string => (program === 'Canvas' ? `Doe ${row}` : `s${row}@x.org`)
        const lines =
          program === 'Canvas'
            ? [
                ['Student', 'ID', 'Section', ...names, 'Final Score'],
                ['    Points Possible', '', '', ...maxima, '(read only)'],
                ...grades.map((cells, row) => [student(row), 4000 + row * 3, 'S1', ...cells, 50 + row]),
              ]
            : [
                ['First name', 'Surname', 'Email address', ...names, 'Course total (Real)'],
                ...grades.map((cells, row) => [
                  ['Ann', 'Bob'][row % 2],
                  'Doe',
                  student(row),
                  ...cells,
                  cells.reduce((sum, cell) => sum + cell, 0),
                ]),
              ]
        const found = await readAs(
          lines.map((cells) => cells.join(',')),
          'matrix',
        )
        expect(found.rows).toEqual(interactionsIn(grades, student, (column) => names[column] ?? '', false))
        const [least, most] = [Math.min(...maxima), Math.max(...maxima)]
        if (2 * least <= most && program === 'Canvas')
          expect(found.warnings).toContain(
            `up to ${least}, “${names[maxima.indexOf(most)] ?? ''}” up to ${most}. One threshold`,
          )
        if (10 * least <= most)
          expect(found.warnings).toContain('ratings on different scales, stored as they are written is a guess')
      },
    ),
    { numRuns: 20 },
  )
})

test('columns are left out of a matrix and taken into it, and numbers and words mean not rated, where a person says so', async () => {
  const ratings = ratedRows(3, 14, 8)
  const items = Array.from({ length: 8 }, (_, item) => (item === 4 ? 'Kiss, The' : `Film ${item}`))
  const lines = [
    ['reader', 'Status', ...items.map((name) => JSON.stringify(name)), 'z'].join(','),
    ...ratings.map((cells, row) =>
      [`u${row}`, 1 + (row % 3), ...cells.map((cell) => cell ?? (row % 2 ? 9 : 'not seen')), 3].join(','),
    ),
  ]
  const user = (row: number): string => `u${row}`
  const read = async (reading: ReadingOverrides) => {
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const result = await load(write('matrix.csv', lines.join('\n')), list, { reading })
    return { rows: inAnyOrder(interactionsOf(result)), choices: result.choices, warnings: warningsOf(result.choices) }
  }
  const unaided = await read({})
  expect(unaided.warnings).toEqual([
    expect.stringContaining('column “Status” left out is a guess. It is not named like an item'),
    expect.stringContaining('use --drop-columns "z" (in the app: Leave out columns)'),
    expect.stringContaining('9 means not rated is a guess. No number lies between it and the others'),
  ])
  expect(unaided.choices).toContainEqual(
    expect.objectContaining({ value: '“not seen” means not rated', control: 'Not rated' }),
  )
  const withLast = ratings.map((cells) => [...cells, 3])
  expect(unaided.rows).toEqual(interactionsIn(withLast, user, (column) => [...items, 'z'][column] ?? '', false))
  const dropped = await read({ dropColumns: ['z', 'Kiss, The'], keepColumns: ['Status', 'Satus'] })
  const kept = ratings.map((cells, row) => [1 + (row % 3), ...cells.slice(0, 4), ...cells.slice(5)])
  const names = ['Status', ...items.slice(0, 4), ...items.slice(5)]
  expect(dropped.rows).toEqual(interactionsIn(kept, user, (column) => names[column] ?? '', false))
  expect(dropped.choices).toContainEqual(
    expect.objectContaining({ value: 'column “z” left out', certainty: 'certain', evidence: 'It was chosen.' }),
  )
  expect(dropped.warnings.join('\n')).toContain('no column to leave out or to take in is called “Satus”')
  const withNines = await read({ notRated: ['not seen'], dropColumns: ['z', 'Status'] })
  expect(withNines.warnings).toEqual([])
  const nines = ratings.map((cells, row) => cells.map((cell) => cell ?? (row % 2 ? 9 : null)))
  expect(withNines.rows).toEqual(interactionsIn(nines, user, (column) => items[column] ?? '', false))
  const asList = await previewImport(
    { ratings: [write('l.csv', lines.join('\n'))], items: null, reading: { layout: 'list', dropColumns: ['z'] } },
    store.library,
  )
  expect(asList.warnings.join('\n')).toContain('list, for which --drop-columns has no effect is a guess')
})

test('columns without names are left out by their number, and rows that share an id are reported', async () => {
  const ratings = ratedRows(5, 12, 9)
  const lines = ratings.map((cells, row) => [`u${Math.max(1, row)}`, ...cells.map((cell) => cell ?? '')].join(','))
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const result = await load(write('matrix.csv', lines.join('\n')), list, {
    reading: { layout: 'matrix', dropColumns: ['1', '3'] },
  })
  const kept = ratings.map((cells) => [...cells.slice(0, 1), ...cells.slice(2)])
  expect(inAnyOrder(interactionsOf(result))).toEqual(
    interactionsIn(
      kept,
      (row) => String(row + 1),
      (column) => String(column + 1),
      false,
    ),
  )
  const { warnings } = await previewImport({ ratings: [write('m.csv', lines.join('\n'))], items: null }, store.library)
  expect(warnings.join('\n')).toMatch(/column 1 identifies the users is a guess\. 2 rows .* use --drop-columns "1"/)
})

test('dates never identify the rows while another column is different in each row', async () => {
  const rows = Array.from({ length: 20 }, (_, at) => [
    118_000_000 + at * 7717,
    `2023-03-${String(at + 1).padStart(2, '0')}T14:13:20.000`,
    ...Array.from({ length: 12 }, (_item, item) => ((at + item) % 3 === 0 ? '' : 1 + ((at * item) % 5))),
  ])
  for (const order of [rows, rows.map(([id, date, ...ratings]) => [date ?? '', id ?? '', ...ratings])]) {
    const file = write('dated.csv', order.map((row) => row.join(',')).join('\n'))
    const { ratings } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(ratings.rows[0]?.[0]).toBe('118000000')
  }
})

/** Words of polls; those of the first kind leave a cell empty for no. */
const answers = [
  ['OK', '(OK)', ''],
  ['Ja', 'Nein', 'Vielleicht'],
  ['Oui', 'Non', 'Si nécessaire'],
  ['yes', 'no'],
  ['stimme zu', 'teils', 'stimme nicht zu'],
] as const

/** Rows of a poll: a name, then an answer to each column. */
const pollRows = (people: number, columns: number, words: readonly string[]): string[][] =>
  Array.from({ length: people }, (_, at) => [
    `Anna ${at} Maier`,
    ...Array.from({ length: columns }, (_column, column) => words[(at * 7 + column * (at + 3)) % words.length] ?? ''),
  ])

test('polls with words are matrices as a guess, in text and in workbooks', async () => {
  let files = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...answers),
      fc.integer({ min: 4, max: 12 }),
      fc.constantFrom('', 'Name', 'Wer'),
      fc.boolean(),
      fc.constantFrom('Film', 'Nova', 'Stück'),
      async (words, columns, first, sheet, kind) => {
        const rows = pollRows(30, columns, words)
        const table = [
          [first, ...Array.from({ length: columns }, (_, at) => `${kind} ${'ABCDEFGHIJKL'.charAt(at)}`)],
          ...rows,
        ]
        const file = sheet
          ? write(`poll${files++}.xlsx`, Buffer.from(xlsx([['Sommerkino'], ...table])))
          : write(`poll${files++}.csv`, table.map((row) => row.join(';')).join('\n'))
        const { ratings, choices } = await previewImport({ ratings: [file], items: null }, store.library)
        expect(ratings.columns.map(({ name }) => name)).toEqual(['user', 'item', 'rating'])
        expect(choices.find(({ about }) => about === 'layout')).toMatchObject({
          certainty: 'guess',
          option: '--layout list',
        })
      },
    ),
    { numRuns: 16, seed: 4 },
  )
})

test('lists whose columns have words of their own, repeat their users or are called like values are no polls', async () => {
  const rows = pollRows(30, 4, ['yes', 'no', 'maybe'])
  const kinds = rows.map((row, at) => [...row.slice(0, 4), ['red', 'blue'][at % 2] ?? ''])
  const repeated = rows.map((row, at) => [`Anna ${at % 6}`, ...row.slice(1)])
  for (const [name, header, lines] of [
    ['kinds', ['name', 'a', 'b', 'c', 'd'], kinds],
    ['repeated', ['name', 'a', 'b', 'c', 'd'], repeated],
    ['named', ['name', 'item', 'rating', 'c', 'd'], rows],
  ] as const) {
    const file = write(`${name}.csv`, [header, ...lines].map((row) => row.join(',')).join('\n'))
    const { ratings } = await previewImport({ ratings: [file], items: null }, store.library)
    expect(ratings.columns.map(({ name: column }) => column)).toEqual(header)
  }
})

test('a small matrix of numbers with decimals is said to be one, whatever its items are called', async () => {
  const names = fc.constantFrom(
    ['Alien', 'Brazil', 'Heat', 'Ran', 'Jaws', 'Up', 'Her'],
    ['Film A', 'Film B', 'Film C', 'Film D', 'Film E', 'Film F', 'Film G'],
    ['Produkt 1', 'Produkt 2', 'Produkt 3', 'Produkt 4', 'Produkt 5', 'Produkt 6', 'Produkt 7'],
  )
  const rating = fc.integer({ min: 15, max: 50 }).map((tenths) => `${(tenths + 0.5) / 10}`)
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.constantFrom('', 'user', 'Name'),
      fc.integer({ min: 3, max: 7 }),
      fc.array(fc.array(rating, { minLength: 7, maxLength: 7 }), { minLength: 3, maxLength: 6 }),
      async (items, first, width, rows) => {
        // A column whose highest rating is low may be of another scale.
        const cells = [rows[0]?.map(() => '4.95') ?? [], ...rows]
        const lines = cells.map((row, at) => [`p${at}`, ...row.slice(0, width)].join(','))
        const file = write('small.csv', `${[first, ...items.slice(0, width)].join(',')}\n${lines.join('\n')}\n`)
        const { choices, warnings } = await previewImport({ ratings: [file], items: null }, store.library)
        const isRead = choices.some(({ value }) => value === 'rating matrix, read as a list')
        expect(isRead || warnings.some((warning) => warning.includes('--layout matrix'))).toBe(true)
        const asMatrix = await previewImport(
          { ratings: [file], items: null, reading: { layout: 'matrix' } },
          store.library,
        )
        expect(asMatrix.mapping).toMatchObject({ user: 'user', item: 'item', rating: 'rating' })
      },
    ),
    { numRuns: 15 },
  )
})

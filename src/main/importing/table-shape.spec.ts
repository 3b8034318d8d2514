import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tableShape } from './table-shape'

test.each<[string, string[], { delimiter: string; skip: number } | null]>([
  ['semicolons although every line has a decimal comma', ['u;i;r', '1;2;3,5', '2;3;4,5'], { delimiter: ';', skip: 0 }],
  [
    'commas although titles hold other signs',
    ['1,"Heat, 1995",a|b', '2,Alien; again,a|b'],
    { delimiter: ',', skip: 0 },
  ],
  ['two colons although titles hold commas', ['1::Heat, The::a', '2::Alien, The::b'], { delimiter: '::', skip: 0 }],
  ...[' - ', ' -- ', ' / ', ' : ', ' > ', ' -> '].map(
    (sign): [string, string[], { delimiter: string; skip: number }] => [
      `“${sign}” between words of several values`,
      [
        ['user', 'film', 'stars'],
        ['anna b', 'Heat', '5'],
        ['c', 'The Thing', '3'],
        ['d', 'Up', '4'],
      ].map((row) => row.join(sign)),
      { delimiter: sign, skip: 0 },
    ],
  ),
  [
    'spaces although some titles hold a dash',
    ['1 Up 3', '2 Ran 4', '3 Heat - 5', '4 Big 2'],
    { delimiter: ' ', skip: 0 },
  ],
  [
    'a table after a title of several lines',
    ['Export', '', 'made, on Monday', 'u,i,r', '1,2,3'],
    { delimiter: ',', skip: 3 },
  ],
  ['a table with a line that lacks a cell', ['1\t2\t3', '1\t2', '4\t5\t6'], { delimiter: '\t', skip: 0 }],
  [
    'tabs although the lists in the cells have more separators',
    ['user\titems', 'u1\ta;b;c;d', 'u2\tb;c;e;f', 'u3\ta;d'],
    { delimiter: '\t', skip: 0 },
  ],
  ['prose', ['Once upon a time, there was', 'a file', 'without any table'], null],
])('%s', (_, lines, found) => {
  const shape = tableShape(lines)
  expect(shape && { delimiter: shape.delimiter, skip: shape.skip }).toEqual(found)
})

test('tells the cells of the first line without their quotes', () => {
  expect(tableShape(['"User, id";"Item"', '"1";"2"'])?.first).toEqual(['User, id', 'Item'])
})

const separator = fc.constantFrom(',', ';', '\t')
const numbers = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
  minLength: 30,
  maxLength: 60,
})

describe('a first line without numbers', () => {
  const users = fc.constantFrom<(n: number) => string>(
    (n) => `u${n}`,
    (n) => `anna${n}`,
    (n) => ['Anna', 'Bert', 'Cleo', 'Dora', 'Emil', 'Finn', 'Gerd', 'Hans', 'Ida'][n - 1] ?? '',
  )
  const items = fc.constantFrom<(n: number) => string>(
    (n) => `i${n}`,
    (n) => `song ${n}`,
    (n) => ['Heat', 'Alien', 'Brazil', 'Up', 'Jaws', 'Ran', 'Big', 'Her', 'It'][n - 1] ?? '',
  )

  test('is a row if its cells are values of the other lines, or look like them', () => {
    fc.assert(
      fc.property(separator, users, items, numbers, fc.boolean(), (sign, user, item, drawn, liked) => {
        const lines = [...drawn, ...drawn.map(([one, other]) => [other, one] as const)].map(([one, other]) =>
          [user(one), item(other), ...(liked ? [(one + other) % 2 ? 'like' : 'skip'] : [])].join(sign),
        )
        // Whether each of the three is there again is chance only for names without numbers.
        const again = [...lines, ...lines.map((line) => line.split(sign).with(0, user(1)).join(sign))]
        const first = again[0]!.split(sign)
        fc.pre(again.filter((line) => line !== again[0] && line.split(sign)[0] === first[0]).length > 0)
        fc.pre(again.filter((line) => line !== again[0] && line.split(sign)[1] === first[1]).length > 0)
        expect(tableShape(again)?.firstIsRow).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('is the header if its words stand nowhere else, name columns, or are repeated only as a whole line', () => {
    fc.assert(
      fc.property(
        separator,
        users,
        items,
        numbers,
        fc.constantFrom(['xq', 'zz', 'like'], ['user', 'song', 'like'], ['who', 'what', 'skip'], ['q1', 'q2', 'q3']),
        fc.boolean(),
        (sign, user, item, drawn, names, repeated) => {
          const rows = drawn.map(([one, other]) =>
            [user(one), item(other), (one + other) % 2 ? 'like' : 'skip'].join(sign),
          )
          const header = names.join(sign)
          const lines = [header, ...rows, ...(repeated ? [header, ...rows] : [])]
          expect(tableShape(lines)?.firstIsRow).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('comments above a table', () => {
  const comment = fc
    .tuple(
      fc.constantFrom('#', '%', '//', '##'),
      fc.constantFrom(' ', ''),
      fc.stringMatching(/^[a-z]{2,8}( [a-z]{2,8}){0,3}$/),
    )
    .map((parts) => parts.join(''))
  const comments = fc.array(comment, { minLength: 1, maxLength: 4 })
  const rowsOf = (drawn: readonly (readonly number[])[], sign: string): string[] =>
    drawn.map(([one = 0, other = 0]) => [one, other, 1 + ((one + other) % 5)].join(sign))

  test('are skipped, whatever their number of words', () => {
    fc.assert(
      fc.property(comments, fc.constantFrom(',', ';', '\t', ' '), numbers, (above, sign, drawn) => {
        fc.pre(!above.some((line) => /user|item|rating/.test(line)))
        expect(tableShape([...above, ...rowsOf(drawn, sign)])).toMatchObject({ skip: above.length, shortHeader: null })
      }),
      { numRuns: 100 },
    )
  })

  test.each(['#user,item,rating', '# user,item,rating', '#uid,mid,stars', '//user,item,rating'])(
    'are column names in %s',
    (header) => {
      const rows = ['1,2,3', '2,3,4', '1,3,5']
      expect(tableShape(['# made by a tool', header, ...rows])).toMatchObject({ skip: 1 })
    },
  )

  test('are none where the ids of the rows begin with the same sign', () => {
    const rows = ['#9,a,3', '#8,b,4', '#7,a,5', '6,c,1', '#5,d,2']
    expect(tableShape(rows)).toMatchObject({ skip: 0 })
  })
})

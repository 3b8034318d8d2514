import { expect, test } from 'vitest'
import { tableShape } from './table-shape'

test.each<[string, string[], { delimiter: string; skip: number } | null]>([
  ['semicolons although every line has a decimal comma', ['u;i;r', '1;2;3,5', '2;3;4,5'], { delimiter: ';', skip: 0 }],
  [
    'commas although titles hold other signs',
    ['1,"Heat, 1995",a|b', '2,Alien; again,a|b'],
    { delimiter: ',', skip: 0 },
  ],
  ['two colons although titles hold commas', ['1::Heat, The::a', '2::Alien, The::b'], { delimiter: '::', skip: 0 }],
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

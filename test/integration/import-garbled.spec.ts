import fc from 'fast-check'
import { expect, test } from 'vitest'
import { warningsOf } from '../../src/shared/reading'
import { imported, load, named, store, write } from './import-library'

const columns = { ...named, time: null }
const fresh = (): void => {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
}
const rows = (idOf: (at: number) => string, itemOf = (at: number) => `i${at % 9}`): string =>
  `user,item,rating\n${Array.from({ length: 36 }, (_, at) => `${idOf(at % 6)},${itemOf(at)},${1 + (at % 5)}`).join('\n')}\n`

/** A text that was read in a code page though it was UTF-8. */
const garbled = (text: string, codePage: string): string => new TextDecoder(codePage).decode(Buffer.from(text))

const western = ['Café Müller', 'Amélie', 'Übermut', 'Señor', 'Ça va', 'Straße', 'Łódź', 'Été', '“Alien”']

test('titles, ids and titles of an items file that were encoded twice warn with an example, in every code page', async () => {
  const words = fc.constantFrom(
    ...western.map((word) => ['windows-1252', word]),
    ...western.map((word) => ['iso-8859-1', word]),
    ...['Čapek', 'Žítek'].map((word) => ['windows-1250', word]),
    ...['Москва', 'Пётр'].map((word) => ['windows-1251', word]),
  )
  await fc.assert(
    fc.asyncProperty(words, fc.constantFrom('item', 'title', 'items'), async ([codePage = '', word = ''], where) => {
      fresh()
      const text = (at: number): string => garbled(`${word} ${at % 9}`, codePage)
      const result =
        where === 'item'
          ? await load(
              write(
                't.csv',
                rows((at) => `u${at}`, text),
              ),
              columns,
            )
          : where === 'title'
            ? await load(
                write(
                  't.csv',
                  rows(
                    (at) => `u${at}`,
                    (at) => `i${at % 9},${text(at)}`,
                  ).replace('user,item,', 'user,item,title,'),
                ),
                { ...columns, title: 'title' },
              )
            : await load(
                write(
                  't.csv',
                  rows((at) => `u${at}`),
                ),
                columns,
                {
                  items: write(
                    'items.csv',
                    `item,title\n${Array.from({ length: 9 }, (_, at) => `i${at},${text(at)}`).join('\n')}\n`,
                  ),
                },
              )
      const said = warningsOf(result.choices).filter((warning) => warning.includes('seem to be garbled'))
      expect(said).toHaveLength(1)
      expect(said[0]).toContain(`“${text(0)}” for “${word} 0”`)
    }),
    { numRuns: 25 },
  )
})

test.each([
  ...western,
  'Ã é la carte',
  'Привет',
  'Россия',
  'Свои',
  'Βίος',
  'Ângela',
  'SÃO PAULO',
  'NÃO',
  '千と千尋',
  'Île de Ré',
])('a text such as %s is as it was written', async (word) => {
  const result = await load(
    write(
      't.csv',
      rows(
        (at) => `u${at}`,
        (at) => `${word} ${at % 9}`,
      ),
    ),
    columns,
  )
  expect(warningsOf(result.choices).filter((warning) => warning.includes('garbled'))).toEqual([])
})

test('ids with the apostrophe of a spreadsheet warn, and are joined by choice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("'", '’'),
      fc.constantFrom('user', 'item'),
      fc.boolean(),
      async (mark, side, beside) => {
        fresh()
        const plain = (at: number): string => `00${1000 + at}`
        const marked = (at: number): string => (beside && at % 2 === 0 ? plain(at) : `${mark}${plain(at)}`)
        const text = (id: (at: number) => string): string =>
          side === 'user'
            ? rows((at) => id(at))
            : rows(
                (at) => `u${at}`,
                (at) => id((at * 5) % 8),
              )
        const file = write('t.csv', text(marked))
        const result = await load(file, columns)
        expect(warningsOf(result.choices).filter((one) => one.includes('apostrophe'))).toEqual([
          expect.stringContaining('--join-ids'),
        ])
        fresh()
        const joined = imported(await load(file, columns, { reading: { joinIds: true } }))
        fresh()
        expect(joined).toEqual(imported(await load(write('t.csv', text(plain)), columns)))
      },
    ),
    { numRuns: 8 },
  )
})

test('the same id with and without the apostrophe is said to be two', async () => {
  const file = write('t.csv', `user,item,rating\n0012,a,1\n'0012,b,2\n0013,a,3\n0013,b,1\n`)
  const [said] = warningsOf((await load(file, columns)).choices).filter((one) => one.includes('apostrophe'))
  expect(said).toContain("1 of 3 ids begins with an apostrophe beside the same id without it: “'0012”")
  expect(said).toContain('Joined, 2 ids remain')
})

test('names that begin with an apostrophe are names', async () => {
  const names = ["'Til Death", "'Allo 'Allo", 'Jaws', 'Alien', 'Ran', 'Heat', 'Up', 'Her', 'M']
  const result = await load(
    write(
      't.csv',
      rows(
        (at) => `u${at}`,
        (at) => names[at % 9] ?? '',
      ),
    ),
    columns,
  )
  expect(warningsOf(result.choices).filter((one) => one.includes('apostrophe'))).toEqual([])
})

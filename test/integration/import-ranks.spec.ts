import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { warningsOf } from '../../src/shared/reading'
import { store, write } from './import-library'

let written = 0
const films = [
  'Alien',
  'Brazil',
  'Casino',
  'Dune',
  'Ed Wood',
  'Fargo',
  'Gilda',
  'Heat',
  'Ikiru',
  'Jaws',
  'Klute',
  'Laura',
]

/** A list of films for each of 9 users, of between 2 and 6 films, with another column made of the place in the list. */
async function warningsWith(
  name: string,
  cell: (place: number, user: number) => string | number,
  more = '',
): Promise<string[]> {
  const rows = Array.from({ length: 9 }, (_, user) =>
    Array.from({ length: 2 + ((user * 3) % 5) }, (__, place) =>
      [
        `u${user}`,
        cell(place + 1, user),
        films[(user * 5 + place * 7) % films.length],
        ...(more ? [1 + ((user + place) % 5)] : []),
      ].join(','),
    ),
  ).flat()
  const file = write(
    `ranks${written++}.csv`,
    [['user', name, 'item', ...(more ? [more] : [])].join(','), ...rows].join('\n'),
  )
  const { choices } = await previewImport({ ratings: [file], items: null }, store.library)
  return warningsOf(choices).filter((warning) => warning.includes('numbers the rows of each'))
}

const names = fc.constantFrom('rank', 'position', 'Rang', 'pořadí', 'posto', 'nr', 'ord', 'x7', '順位')

test('a column that numbers the rows of each user warns where nothing else says what was liked or came first', async () => {
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      const said = await warningsWith(name, (place) => place)
      expect(said).toEqual([expect.stringContaining(`--time "${name}"`)])
    }),
    { numRuns: 6 },
  )
})

test.each([
  ['beside a rating', 'rank', (place: number) => place, 'rating'],
  ['that repeats within a user', 'shelf', (place: number) => 1 + (place % 2), ''],
  ['that is the same for all rows of a user', 'level', (_place: number, user: number) => 1 + (user % 3), ''],
  ['with gaps', 'code', (place: number) => 10 * place, ''],
] as const)('a number %s is no rank of its own', async (_what, name, cell, more) => {
  expect(await warningsWith(name, cell, more)).toEqual([])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { store, write } from './import-library'

let written = 0
/** What is recognised in rows with or without names of columns. */
async function recognised(names: readonly string[] | null, rows: readonly (readonly (string | number | boolean)[])[]) {
  const lines = [...(names ? [names] : []), ...rows].map((row) => row.join('\t'))
  const file = write(`f${written++}.tsv`, lines.join('\n'))
  return await previewImport({ ratings: [file], items: null }, store.library)
}
const ids = (at: number): readonly [string, string] => [`u${(at * 7) % 41}`, `i${(at * 11) % 53}`]

test('of several yes/no columns none decides which rows count, if most would be lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(['share', 'bookmark', 'opened', 'forwarded'], { minLength: 1 }),
      fc.integer({ min: 3, max: 20 }),
      fc.constantFrom(['true', 'false'] as const, ['yes', 'no'] as const),
      async (others, every, [yes, no]) => {
        const rows = Array.from({ length: 400 }, (_, at) => [
          ...ids(at),
          at % every === 0 ? yes : no,
          ...others.map((_other, column) => ((at + column) % 23 === 0 ? yes : no)),
        ])
        const { mapping, choices } = await recognised(['user_id', 'item_id', 'like', ...others], rows)
        expect(mapping.event).toBeUndefined()
        expect(choices.find(({ column }) => column === 'like')).toMatchObject({
          certainty: 'guess',
          value: 'left out',
          option: `--event "like" --event-types "${yes}", or --event none`,
          evidence: expect.stringContaining(`"like" ${Math.ceil(400 / every)}`) as string,
        })
      },
    ),
    { numRuns: 10, seed: 8 },
  )
})

test('a single yes/no column, one with mostly yes, and one that is called a rating still tell which rows count', async () => {
  const rows = (few: boolean) =>
    Array.from({ length: 400 }, (_, at) => [...ids(at), (at % 5 === 0) === few, at % 2 === 0])
  const alone = await recognised(
    ['user_id', 'item_id', 'like'],
    rows(true).map((row) => row.slice(0, 3)),
  )
  expect(alone.mapping.event?.column).toBe('like')
  const most = await recognised(['user_id', 'item_id', 'like', 'verified'], rows(false))
  expect(most.mapping.event?.column).toBe('like')
  const rated = await recognised(['user_id', 'item_id', 'rating', 'verified'], rows(true))
  expect(rated.mapping.event?.column).toBe('rating')
})

test('two or three numbers that follow from another id are its kind and no rating', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 3 }), fc.boolean(), async (kinds, follows) => {
      const rows = Array.from({ length: 420 }, (_, at) => {
        const content = (at * 13) % 61
        const kind = 1 + ((follows ? content : at >> 2) % kinds)
        return [`u${(at * 7) % 41}`, `wort${at % 51}`, 300_000 + content, kind]
      })
      const { mapping } = await recognised(null, rows)
      expect(mapping.rating).toBe(follows ? null : 'column3')
    }),
    { numRuns: 6, seed: 9 },
  )
})

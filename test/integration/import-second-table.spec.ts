import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imported, load, rejects, store, write } from './import-library'

const columns = { user: 'user', item: 'item', rating: 'rating', time: null }
const rows = Array.from({ length: 40 }, (_, n) => [`u${n % 8}`, `i${n}`, String((n % 5) + 1)] as const)
const names = fc.constantFrom(['item', 'title', 'year'], ['product_id', 'Name', 'price'], ['Artikel', 'Titel', 'Jahr'])

test('a second table below the first is said, wherever it begins and whatever its columns are called', async () => {
  await fc.assert(
    fc.asyncProperty(names, fc.integer({ min: 1, max: 39 }), async (header, at) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const others = Array.from({ length: 5 }, (_, n) => `i${n},Title ${n},${1990 + n}`)
      const lines = [...rows.slice(0, at).map((row) => row.join(',')), header.join(','), ...others]
      const result = await load(write('two.csv', `user,item,rating\n${lines.join('\n')}\n`), columns)
      const said = result.choices.filter(({ about, certainty }) => about === 'header' && certainty === 'guess')
      expect(said.map(({ evidence }) => evidence)).toEqual([
        expect.stringContaining(`“${header[0]}” and “${header[1]}”`),
      ])
    }),
    { numRuns: 12 },
  )
})

test('the header again is rejected with its reason, without ratings and times, too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.boolean(), async (at, rated) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const line = (row: readonly string[]): string => (rated ? row : row.slice(0, 2)).join(',')
      const header = line(['user', 'item', 'rating'])
      const lines = [...rows.slice(0, at).map(line), header, ...rows.slice(at).map(line)]
      const mapping = { ...columns, rating: rated ? 'rating' : null }
      const result = await load(write('again.csv', `${[header, ...lines].join('\n')}\n`), mapping)
      expect(result).toMatchObject({ interactions: 40, rejected: 1 })
      expect(Object.keys(imported(result))).not.toContain('user')
      expect(rejects(result)).toEqual([
        { file: 'again.csv', line: at + 2, reason: 'the names of the columns again', text: header },
      ])
    }),
    { numRuns: 12 },
  )
})

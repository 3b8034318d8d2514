import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const rows = Array.from({ length: 24 }, (_, at) => [`u${at % 6}`, `i${Math.floor(at / 6)}`, String(1 + ((at * 7) % 5))])

test.each([',', ';', '\t', '|'])(
  'a header that alone ends with a separator (%j) still names the columns',
  async (sign) => {
    const lines = [`${['user', 'item', 'rating'].join(sign)}${sign}`, ...rows.map((row) => row.join(sign))]
    const file = write('ends.csv', `${lines.join('\n')}\n`)
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.warnings).toEqual([])
    expect(preview.ratings.columns.map(({ name }) => name)).toEqual(['user', 'item', 'rating'])
    const result = await load(file, mappingOf(preview))
    expect(result.rejected).toBe(0)
    expect(imported(result).u1).toEqual(
      expect.arrayContaining(rows.filter(([user]) => user === 'u1').map(([, item, rating]) => [item, Number(rating)])),
    )
  },
)

test('a title above rows, with a separator more than they have, is no header', async () => {
  const file = write('title.csv', ['Export of shop,12 March,2024,', ...rows.map((row) => row.join(','))].join('\n'))
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.ratings.columns.map(({ name }) => name)).toEqual(['column0', 'column1', 'column2'])
})

test('a row with one cell more than the header says that its numbers may have a decimal comma', async () => {
  const lines = rows.map(([user, item, rating], at) => `${user},${item},${rating},5,2024-01-${10 + (at % 18)}`)
  const file = write('decimals.csv', ['user,item,rating,date', ...lines].join('\n'))
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  expect(preview.warnings.join('\n')).toMatch(/Unquoted numbers with a decimal comma \(3,5\) look the same: export/)
})

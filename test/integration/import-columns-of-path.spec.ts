import { mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forecastImport } from '../../src/main/importing/forecast'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import type { ChosenColumns } from '../../src/shared/datasets'
import { folder, imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

/** A file in folders below the test's own. */
function file(path: string, lines: readonly string[]): NamedFile {
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  return { ...write(path, `${lines.join('\n')}\n`), name: basename(path) }
}
async function read(files: NamedFile[], columns: ChosenColumns = {}) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const preview = await previewImport({ ratings: files, items: null, columns }, store.library)
  const mapping = mappingOf(preview)
  const forecast = await forecastImport({ ratings: files, mapping, duplicates: 'last' }, store.library)
  const result = await load(files, mapping)
  expect(forecast.interactions).toBe(result.interactions)
  return { preview, result, rows: imported(result) }
}
const itemsOf = (at: number): string[] =>
  Array.from({ length: 4 }, (_, row) => `i${(at * 3 + row) % 7},${1 + ((at + row) % 5)}`)
const users = ['anna', 'bob.2', 'u 3', 'é4']

test('the names of files are users where a person says so, and an import without users says how', async () => {
  const files = users.map((user, at) => file(`lists/${user}.csv`, ['item,rating', ...itemsOf(at)]))
  const { mapping, refusal } = await previewImport({ ratings: files, items: null }, store.library)
  expect(mapping.user).toBeNull()
  expect(refusal?.next).toContain('each of the 4 files has the rows of one user')
  expect(refusal?.next).toContain('--user file')
  const { rows } = await read(files, { user: 'file' })
  expect(rows).toEqual(
    Object.fromEntries(
      users.map((user, at) => [
        user,
        expect.arrayContaining(itemsOf(at).map((row) => [row.split(',')[0], Number(row.split(',')[1])])),
      ]),
    ),
  )
})

test('files after the first that have no header get its names, and the name of each file stays its own', async () => {
  const files = users.map((user, at) => file(`${user}.csv`, [...(at === 0 ? ['item,rating'] : []), ...itemsOf(at)]))
  const { rows } = await read(files, { user: 'file' })
  expect(Object.keys(rows).sort()).toEqual([...users].sort())
})

test('one file, and files with a column of users, have no column for their names', async () => {
  const one = file('a/anna.csv', ['item,rating', ...itemsOf(0)])
  const { ratings } = await previewImport({ ratings: [one], items: null }, store.library)
  expect(ratings.columns.map(({ name }) => name)).toEqual(['item', 'rating'])
  const files = users.map((user, at) =>
    file(`${user}.csv`, ['user,item,rating', ...itemsOf(at).map((row) => `x,${row}`)]),
  )
  const several = await previewImport({ ratings: files, items: null }, store.library)
  expect(several.ratings.columns.map(({ name }) => name)).toEqual(['user', 'item', 'rating'])
})

test('folders such as date=2024-03-31 are columns, with the characters that programs escape', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom('anna', 'bob 2', 'a/b', '100%', 'é4', 'x=y'), { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      fc.constantFrom('csv', 'jsonl'),
      async (names, dated, ending) => {
        const files = names.map((name, at) => {
          const folders = [...(dated ? [`date=2024-03-0${at + 1}`] : []), `user=${encodeURIComponent(name)}`]
          const rows = itemsOf(at).map((row) => row.split(','))
          return file(
            `${[...folders, 'part-0'].join('/')}.${ending}`,
            ending === 'csv'
              ? ['item,rating', ...rows.map((row) => row.join(','))]
              : rows.map(([item, rating]) => JSON.stringify({ item, rating: Number(rating) })),
          )
        })
        const { rows } = await read(files)
        const dayOf = (at: number): number => Date.UTC(2024, 2, at + 1) / 1000
        expect(rows).toEqual(
          Object.fromEntries(
            names.map((name, at) => [
              name,
              expect.arrayContaining(
                itemsOf(at).map((row) => {
                  const [item, rating] = row.split(',')
                  return [item, Number(rating), ...(dated ? [dayOf(at)] : [])]
                }),
              ),
            ]),
          ),
        )
      },
    ),
    { numRuns: 8 },
  )
})

test('a column of the file comes before a folder of the same name', async () => {
  const lines = ['user,item,rating,Date', 'u1,i1,4,2020-01-01', 'u2,i2,3,2020-01-02', 'u1,i2,5,2020-01-03']
  const { preview, rows } = await read([file('date=2024-03-31/part.csv', lines)])
  expect(preview.ratings.columns.map(({ name }) => name)).toEqual(['user', 'item', 'rating', 'Date'])
  expect(rows['u2']).toEqual([['i2', 3, Date.UTC(2020, 0, 2) / 1000]])
})

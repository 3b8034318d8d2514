import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { corpusEntries, missesOf } from '../exports-corpus'
import { store } from './import-library'

const folder = join(import.meta.dirname, '../fixtures/exports')
const entries = corpusEntries(folder)

test.each(entries)('$files: $about', async (entry) => {
  expect(await missesOf(entry, folder, store)).toEqual([])
})

test('every file of the folder is in its table', () => {
  const named = entries.flatMap(({ files, items }) => [...files, ...(items === undefined ? [] : [items])])
  expect(
    readdirSync(folder)
      .filter((name) => name !== 'corpus.json')
      .sort(),
  ).toEqual([...new Set(named)].sort())
})

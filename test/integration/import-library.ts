import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import type { NamedFile } from '../../src/main/importing/source-file'
import { openStore } from '../../src/main/store/open'
import type { Store } from '../../src/main/store/store'
import type { ColumnMapping, DuplicatePolicy, ImportResult, RejectedRow, RejectLimit } from '../../src/shared/datasets'
import type { ReadingOverrides } from '../../src/shared/reading'
import { recordingContext } from './recording-context'

/** A fresh folder and library before each test, gone after it. */
export let folder: string
export let store: Store
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-files-'))
  store = openStore(join(folder, 'library'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

export const write = (name: string, content: string | Buffer): NamedFile => {
  writeFileSync(join(folder, name), content)
  return { path: join(folder, name), name }
}

export const named: ColumnMapping = { user: 'user', item: 'item', rating: 'rating', time: 'time' }
export const pairs: ColumnMapping = { user: 'user', item: 'item', rating: null, time: null }

export const load = (
  files: NamedFile | NamedFile[],
  mapping: ColumnMapping = named,
  {
    items = null as NamedFile | null,
    context = recordingContext().context,
    duplicates = undefined as DuplicatePolicy | undefined,
    table = null as string | null,
    reading = undefined as ReadingOverrides | undefined,
    maxRejects = null as RejectLimit | null,
  } = {},
): Promise<ImportResult> =>
  importRatings(
    store,
    {
      name: 'test',
      ratings: [files].flat(),
      items,
      mapping,
      itemMapping: null,
      duplicates,
      table,
      maxRejects,
      reading,
    },
    context,
  )

/** What was imported, by external ids. */
export function imported({ dataset }: ImportResult): Record<string, (string | number)[][]> {
  const ids = store.datasets.items(dataset).map(({ externalId }) => externalId)
  return Object.fromEntries(
    [...store.datasets.histories(dataset)].map(({ externalId, items, ratings, times }) => [
      externalId,
      Array.from(items, (item, i) => [
        ids[item] ?? '',
        ...(ratings ? [ratings[i] ?? 0] : []),
        ...(times ? [times[i] ?? 0] : []),
      ]),
    ]),
  )
}
export const rejects = ({ dataset }: ImportResult): RejectedRow[] => store.datasets.rejects(dataset, 0, 1000).rows

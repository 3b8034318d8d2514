import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import type { Store } from '../store/store'
import { LibraryChanges } from './library-changes'

let library: string
let store: Store
let changes: LibraryChanges
beforeEach(() => {
  vi.useFakeTimers()
  library = mkdtempSync(join(tmpdir(), 'vasp-changes-'))
  store = openStore(library)
  changes = new LibraryChanges(store.changes)
})
afterEach(() => {
  changes.close()
  store.close()
  rmSync(library, { recursive: true, force: true })
  vi.useRealTimers()
})

it('reports changes of this and other connections since the watch began, each topic once', async () => {
  addSmallDataset(store, 'before')
  const watched = changes.watch()
  const first = watched.next()
  const films = addSmallDataset(store, 'films')
  const other = openStore(library)
  other.datasets.rename(films.id, 'movies')
  vi.advanceTimersByTime(1000)
  expect(await first).toEqual({ done: false, value: { changed: ['datasets'] } })
  const second = watched.next()
  other.datasets.delete(films.id)
  other.settings.write({ theme: 'dark' })
  other.close()
  vi.advanceTimersByTime(1000)
  expect(await second).toEqual({ done: false, value: { changed: ['datasets'] } })
})

it('reads the tables only if something was written, and nothing while nobody watches', async () => {
  const shown = vi.spyOn(store.changes, 'shown')
  const mark = vi.spyOn(store.changes, 'mark')
  const left = new AbortController()
  const watched = changes.watch(left.signal)
  const next = watched.next()
  vi.advanceTimersByTime(5000)
  expect(shown).toHaveBeenCalledTimes(1)
  expect(mark).toHaveBeenCalledTimes(6)
  left.abort()
  expect(await next).toMatchObject({ done: true })
  vi.advanceTimersByTime(5000)
  expect(mark).toHaveBeenCalledTimes(6)
})

it('ends with the engine, and with a database that cannot be read', async () => {
  const ended = changes.watch().next()
  changes.close()
  expect(await ended).toMatchObject({ done: true })
  changes = new LibraryChanges(store.changes)
  const failed = changes.watch().next()
  vi.spyOn(store.changes, 'mark').mockImplementation(() => {
    throw new Error('gone')
  })
  vi.advanceTimersByTime(1000)
  await expect(failed).rejects.toThrow('gone')
})

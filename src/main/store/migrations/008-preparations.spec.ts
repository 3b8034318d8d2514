import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultPreparation } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('008 from 007: a library can keep preparations by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 7), join(folder, 'backups'))
  database.close()
  const store = openStore(folder)
  expect(store.preparations.list()).toEqual([])
  const first = store.preparations.save('core', { ...defaultPreparation, minPerItem: 5 })
  expect(store.preparations.save('core', { ...defaultPreparation, minPerItem: 9 }).id).toBe(first.id)
  expect(store.preparations.list().map(({ preparation }) => preparation.minPerItem)).toEqual([9])
  store.preparations.delete(first.id)
  expect(() => store.preparations.delete(first.id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

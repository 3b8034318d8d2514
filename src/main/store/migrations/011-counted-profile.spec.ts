import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetId } from '../../../shared/ids'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('011 from 010: data sets have no counted profile yet, and can be given one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 10), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z');
  `)
  database.close()
  const store = openStore(folder)
  const films = datasetId.parse(1)
  expect(store.datasets.countedProfile(films)).toBeNull()
  const profile = {
    popularity: [{ rank: 1, interactions: 3 }],
    perItem: [{ from: 2, to: 3, items: 1 }],
    topTenthShare: 1,
    coldItems: 1,
    coldBelow: 5,
    cold: [{ interactions: 3, items: 1 }],
    overTime: [],
    genres: [],
  }
  store.datasets.saveProfile(films, profile)
  expect(store.datasets.countedProfile(films)).toEqual(profile)
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetId } from '../../../shared/ids'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('009 from 008: items stay as they were, and can be given attributes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 8), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at, items)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z', 1);
    INSERT INTO item (dataset, position, external_id, title, genres, folded) VALUES (1, 0, '7', 'Heat', 'Crime', 'heat 7');
  `)
  database.close()
  const store = openStore(folder)
  const films = datasetId.parse(1)
  expect(store.datasets.items(films)).toEqual([{ index: 0, externalId: '7', title: 'Heat', genres: ['Crime'] }])
  store.datasets.describeItems(films, [{ externalId: '7', title: null, genres: [], attributes: { year: '1995' } }])
  expect(store.datasets.items(films)).toMatchObject([
    { title: 'Heat', genres: ['Crime'], attributes: { year: '1995' } },
  ])
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

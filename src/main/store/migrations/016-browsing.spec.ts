import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetId } from '../../../shared/ids'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('016 from 015: existing rows are found by the new indexes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 15), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at, users, items, interactions)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z', 2, 2, 3);
    INSERT INTO item (dataset, position, external_id, title, genres, folded, interactions)
      VALUES (1, 0, '7', 'Heat', 'Crime', 'heat 7', 1), (1, 1, '8', 'Alien', '', 'alien 8', 2);
    INSERT INTO history (dataset, user, external_id, size, items) VALUES (1, 0, 'ann', 1, x'0100'), (1, 1, 'bob', 2, x'00000100');
  `)
  database.close()
  const store = openStore(folder)
  const page = { id: datasetId.parse(1), query: '', direction: 'descending', offset: 0, limit: 1 } as const
  expect(store.datasets.listUsers({ ...page, by: 'interactions' }).rows).toMatchObject([{ externalId: 'bob' }])
  expect(store.datasets.listItems({ ...page, by: 'interactions' }).rows).toMatchObject([{ title: 'Alien' }])
  expect(store.datasets.listItems({ ...page, by: 'title' }).rows).toMatchObject([{ title: 'Heat' }])
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetId, runId } from '../../../shared/ids'
import { defaultPreparation, defaultSplit } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { tablesOf } from '../row-checksum'
import { migrations } from './all'
import { schemaVersion } from './apply'
import { migrate } from './migrate'

test('014 from 013: rows get a checksum of their content, and runs, maps and experiments record their numbers of rows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const file = join(folder, 'library.db')
  const database = openDatabase(file)
  migrate(database, migrations.slice(0, 13), join(folder, 'backups'))
  const [preparation, split] = [defaultPreparation, defaultSplit].map((settings) => JSON.stringify(settings))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at, items)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z', 1);
    INSERT INTO item (dataset, position, external_id, title, genres, folded) VALUES (1, 0, '7', 'Heat', 'Crime', 'heat 7');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (1, 'old', 1, 'ease', '{}', 1, '${preparation}', '${split}', 'finished', '2026-01-01T00:00:00Z');
    INSERT INTO metric VALUES (1, 'test', 'ndcg@100', 0.5, 0.1, 9), (1, 'test', 'recall@20', 0.4, 0.1, 9), (1, 'test', 'recall@50', 0.6, 0.1, 9);
  `)
  database.close()

  const store = openStore(folder)
  expect(store.runs.get(runId.parse(1)).test?.['ndcg@100']?.mean).toBe(0.5)
  store.datasets.describeItems(datasetId.parse(1), [
    { externalId: '7', title: 'Heat (1995)', genres: [], attributes: {} },
  ])
  expect(store.datasets.items(datasetId.parse(1))[0]?.title).toBe('Heat (1995)')
  store.close()

  const after = openDatabase(file)
  for (const table of tablesOf(after))
    expect(after.prepare(`SELECT count(*) FROM ${table} WHERE checksum IS NULL`).pluck().get(), table).toBe(0)
  // As a flipped bit would: behind the back of the triggers.
  after.exec('DROP TRIGGER metric_checksum_update')
  after.exec(`UPDATE metric SET mean = 0.9 WHERE metric = 'ndcg@100'`)
  expect(schemaVersion(after)).toBe(migrations.length)
  expect(() => after.exec(`UPDATE item SET checksum = checksum + 1`)).not.toThrow()
  expect(() => after.exec(`UPDATE item SET title = 'x'`)).toThrow(expect.objectContaining({ code: 'DAMAGED_FILE' }))
  after.close()
  // Without its trigger the schema is another one, and that is damage, too.
  expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'DAMAGED_FILE' }))
  rmSync(folder, { recursive: true, force: true })
})

test('rows that are gone are missed: of a finished run and of a data set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 13), join(folder, 'backups'))
  const [preparation, split] = [defaultPreparation, defaultSplit].map((settings) => JSON.stringify(settings))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at, items)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z', 2);
    INSERT INTO item (dataset, position, external_id, title, genres, folded) VALUES (1, 0, '7', 'Heat', '', ''), (1, 1, '8', 'Ran', '', '');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (1, 'old', 1, 'ease', '{}', 1, '${preparation}', '${split}', 'finished', '2026-01-01T00:00:00Z');
    INSERT INTO metric VALUES (1, 'test', 'ndcg@100', 0.5, 0.1, 9), (1, 'test', 'recall@20', 0.4, 0.1, 9);
  `)
  migrate(database, migrations, join(folder, 'backups'))
  database.exec(`DELETE FROM metric WHERE metric = 'recall@20'; DELETE FROM item WHERE position = 1`)
  database.close()
  const store = openStore(folder)
  const missed = (words: string): unknown =>
    expect.objectContaining({ code: 'DAMAGED_FILE', message: expect.stringContaining(words) as string })
  expect(() => store.runs.list(null)).toThrow(missed('1 instead of 2 rows in its table “metric”'))
  expect(() => store.datasets.items(datasetId.parse(1))).toThrow(missed('1 instead of 2 items'))
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

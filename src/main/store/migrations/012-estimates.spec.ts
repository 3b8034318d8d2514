import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runId } from '../../../shared/ids'
import { defaultPreparation, defaultSplit } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('012 from 011: earlier runs have no estimate, and can be given one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 11), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at, peak_bytes)
      VALUES (1, 'old', 1, 'ease', '{}', 1, '${JSON.stringify(defaultPreparation)}', '${JSON.stringify(defaultSplit)}', 'finished', '2026-01-01T00:00:00Z', 5);
  `)
  database.close()
  const store = openStore(folder)
  const old = runId.parse(1)
  expect(store.runs.get(old)).toMatchObject({ peakBytes: 5, estimatedBytes: null })
  store.runs.saveEstimate(old, 7)
  expect(store.runs.get(old)).toMatchObject({ peakBytes: 5, estimatedBytes: 7 })
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

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

test('023 from 022: earlier runs repeat none and were not imported', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  try {
    const database = openDatabase(join(folder, 'library.db'))
    migrate(database, migrations.slice(0, 22), join(folder, 'backups'))
    database
      .prepare(
        `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
         VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z')`,
      )
      .run()
    database
      .prepare(
        `INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, environment, created_at)
         VALUES (1, 'old', 1, 'vasp', '{}', 1, ?, ?, 'cancelled', ?, '2026-01-01T00:00:00Z')`,
      )
      .run(
        JSON.stringify(defaultPreparation),
        JSON.stringify(defaultSplit),
        JSON.stringify({ backend: 'wasm', version: '4.22.0', device: 'a processor', threads: 1 }),
      )
    database.close()
    const store = openStore(folder)
    const id = runId.parse(1)
    expect(store.runs.get(id)).toMatchObject({
      repeats: null,
      imported: null,
      environment: { backend: 'wasm', threads: 1, app: null, commit: null, kernels: null },
    })
    const repeats = { run: runId.parse(7), name: 'old', outcome: null }
    store.runs.saveRepetition(id, repeats)
    expect(store.runs.get(id)).toMatchObject({ repeats })
    store.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

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

test('025 from 024: no earlier run was stopped early', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  try {
    const database = openDatabase(join(folder, 'library.db'))
    migrate(database, migrations.slice(0, 24), join(folder, 'backups'))
    database
      .prepare(
        `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
         VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z')`,
      )
      .run()
    database
      .prepare(
        `INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
         VALUES (1, 'old', 1, 'vasp', '{}', 1, ?, ?, 'cancelled', '2026-01-01T00:00:00Z')`,
      )
      .run(JSON.stringify(defaultPreparation), JSON.stringify(defaultSplit))
    database.close()
    const store = openStore(folder)
    expect(store.runs.get(runId.parse(1))).toMatchObject({ name: 'old', stoppedEarly: false })
    store.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

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

test('024 from 023: the times of earlier runs and epochs are not known, and they are not tracked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  try {
    const database = openDatabase(join(folder, 'library.db'))
    migrate(database, migrations.slice(0, 23), join(folder, 'backups'))
    database
      .prepare(
        `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
         VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z')`,
      )
      .run()
    database
      .prepare(
        `INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
         VALUES (1, 'old', 1, 'yew', '{}', 1, ?, ?, 'cancelled', '2026-01-01T00:00:00Z')`,
      )
      .run(JSON.stringify(defaultPreparation), JSON.stringify(defaultSplit))
    const figure = { mean: 0.5, se: 0.1, users: 60 }
    const validation = { 'ndcg@100': figure, 'recall@20': figure, 'recall@50': figure }
    database
      .prepare(
        `INSERT INTO epoch (run, epoch, label, loss, validation, seconds, rows_per_second)
         VALUES (1, 1, 'lr 1e-3', '{}', ?, 2, 100)`,
      )
      .run(JSON.stringify(validation))
    database.close()
    const store = openStore(folder)
    const id = runId.parse(1)
    const before = store.runs.get(id)
    expect(before).toMatchObject({ startedAt: null, endedAt: null, trackers: [] })
    expect(before.epochs).toEqual([
      { epoch: 1, label: 'lr 1e-3', loss: {}, validation, seconds: 2, rowsPerSecond: 100 },
    ])
    const at = '2026-11-30T09:00:00.000Z'
    store.runs.addEpoch(id, { ...before.epochs[0]!, epoch: 2, at })
    expect(store.runs.get(id).epochs.map((point) => point.at)).toEqual([undefined, at])
    store.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

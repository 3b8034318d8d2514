import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultPreparation, defaultSplit } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate } from './migrate'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 17), join(folder, 'backups'))
  database
    .prepare(
      `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
       VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z')`,
    )
    .run()
  const run = database.prepare(
    `INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, stored_rows, created_at)
     VALUES (?, 'run', 1, 'vasp', '{}', 1, ?, ?, ?, ?, '2026-01-01T00:00:00Z')`,
  )
  const stored = JSON.stringify({ epoch: 2, metric: 3, user_metric: 4, segments: 1, split: 1, held_out: 2 })
  const add = (id: number, state: string, rows: string | null) =>
    run.run(id, JSON.stringify(defaultPreparation), JSON.stringify(defaultSplit), state, rows)
  add(1, 'finished', stored)
  add(2, 'finished', stored)
  add(3, 'running', null)
  for (const id of [1, 3])
    database.prepare(`INSERT INTO checkpoint (run, path, sha256, bytes, epoch) VALUES (?, 'w', 'x', 1, 1)`).run(id)
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('018 from 017: finished runs count their weights, and those without weights count none', () => {
  migrate(database, migrations, join(folder, 'backups'))
  const stored = database
    .prepare<[], { id: number; checkpoint: number | null; epoch: number | null }>(
      `SELECT id, json_extract(stored_rows, '$.checkpoint') AS checkpoint, json_extract(stored_rows, '$.epoch') AS epoch
       FROM run ORDER BY id`,
    )
    .all()
  expect(stored).toEqual([
    { id: 1, checkpoint: 1, epoch: 2 },
    { id: 2, checkpoint: 0, epoch: 2 },
    { id: 3, checkpoint: null, epoch: null },
  ])
})

test('a damaged row gets no valid checksum', () => {
  database.exec(`UPDATE run SET name = 'another', checksum = 1 WHERE id = 1`)
  expect(() => migrate(database, migrations, join(folder, 'backups'))).toThrow(
    expect.objectContaining({ code: 'DAMAGED_FILE' }),
  )
})

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
  migrate(database, migrations.slice(0, 18), join(folder, 'backups'))
  database
    .prepare(
      `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
       VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z')`,
    )
    .run()
  database
    .prepare(
      `INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
       VALUES (1, 'run', 1, 'vasp', '{}', 1, ?, ?, 'failed', '2026-01-01T00:00:00Z')`,
    )
    .run(JSON.stringify(defaultPreparation), JSON.stringify(defaultSplit))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('019 from 018: earlier runs have no states and never went on', () => {
  migrate(database, migrations, join(folder, 'backups'))
  expect(database.prepare('SELECT id, continued FROM run').all()).toEqual([{ id: 1, continued: null }])
  expect(database.prepare('SELECT count(*) AS states FROM run_state').get()).toEqual({ states: 0 })
  // The checksum includes the new column.
  database.exec(`UPDATE run SET continued = '[]' WHERE id = 1`)
  database.exec(`UPDATE run SET name = 'renamed' WHERE id = 1`)
})

test('a damaged row gets no valid checksum', () => {
  database.exec(`UPDATE run SET name = 'another', checksum = 1 WHERE id = 1`)
  expect(() => migrate(database, migrations, join(folder, 'backups'))).toThrow(
    expect.objectContaining({ code: 'DAMAGED_FILE' }),
  )
})

test('a deleted state lists its files: its tensors and the best weights of its time', () => {
  migrate(database, migrations, join(folder, 'backups'))
  const add = database.prepare(
    `INSERT INTO run_state (run, path, sha256, bytes, position, seconds, best, saved_at)
     VALUES (1, ?, 'x', 1, '{}', 1, ?, '2026-01-01T00:00:00Z')`,
  )
  add.run('weights/a', null)
  add.run('weights/b', JSON.stringify({ path: 'weights/w' }))
  database.exec('DELETE FROM run_state')
  expect(database.prepare('SELECT path, owner FROM pending_file ORDER BY path').all()).toEqual(
    ['weights/a', 'weights/b', 'weights/w'].map((path) => ({ path, owner: null })),
  )
})

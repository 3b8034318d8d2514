import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { schemaVersion } from './apply'
import { migrate } from './migrate'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  database = openDatabase(join(folder, 'library.db'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('003 from 002: runs stay as they were, and results by segment go with them', () => {
  migrate(database, migrations.slice(0, 2), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (7, 'old', 1, 'ease', '{}', 1, '{}', '{}', 'finished', '2026-01-01T00:00:00Z');
  `)
  migrate(database, migrations.slice(0, 3), join(folder, 'backups'))
  expect(schemaVersion(database)).toBe(3)
  expect(database.prepare('SELECT id, name FROM run').all()).toEqual([{ id: 7, name: 'old' }])
  database.prepare('INSERT INTO segments VALUES (?, ?)').run(7, '[]')
  database.prepare('DELETE FROM run').run()
  expect(database.prepare('SELECT * FROM segments').all()).toEqual([])
})

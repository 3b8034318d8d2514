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

test('005 from 004: runs of before have no members', () => {
  migrate(database, migrations.slice(0, 4), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at) VALUES (1, 'd', 'ready', 1, 1, '[]', '{}', '');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (1, 'r', 1, 'vasp', '{}', 1, '{}', '{}', 'finished', '')`)
  migrate(database, migrations.slice(0, 5), join(folder, 'backups'))
  expect(schemaVersion(database)).toBe(5)
  expect(database.prepare('SELECT name, members FROM run').all()).toEqual([{ name: 'r', members: null }])
})

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

test('006 from 005: splits stay unchanged, without data that were not stored', () => {
  migrate(database, migrations.slice(0, 5), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (7, 'old', 1, 'ease', '{}', 1, '{}', '{}', 'finished', '2026-01-01T00:00:00Z');
    INSERT INTO split VALUES (7, x'01', x'02', x'03', x'04', '{}');
  `)
  migrate(database, migrations.slice(0, 6), join(folder, 'backups'))
  expect(schemaVersion(database)).toBe(6)
  expect(database.prepare('SELECT hex(test_users) AS users, train_counts FROM split').all()).toEqual([
    { users: '04', train_counts: null },
  ])
  database.exec(`
    INSERT INTO held_out VALUES (7, 'test', x'', x'', x'', x'');
    DELETE FROM run;
  `)
  expect(database.prepare('SELECT run FROM held_out').all()).toEqual([])
})

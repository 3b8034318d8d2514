import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { schemaVersion } from './apply'
import { migrate } from './migrate'
import type { Migration } from './migration'

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
const backups = (): string => join(folder, 'backups')

const tables = (of: Database): unknown[] =>
  of
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
    .pluck()
    .all()

test('are numbered without gaps', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1))
})

test('001 from an empty file: every table, nothing to back up', () => {
  migrate(database, migrations.slice(0, 1), backups())
  expect(schemaVersion(database)).toBe(1)
  expect(tables(database)).toEqual([
    'checkpoint',
    'dataset',
    'epoch',
    'export',
    'history',
    'item',
    'job',
    'metric',
    'reject',
    'run',
    'setting',
    'split',
    'user_metric',
  ])
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(database.pragma('auto_vacuum', { simple: true })).toBe(2)
  expect(readdirSync(folder)).not.toContain('backups')
})

test('002 from 001: the maps, deleted with their run', () => {
  migrate(database, migrations.slice(0, 1), backups())
  const before = tables(database)
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at) VALUES (1, 'd', 'ready', 1, 1, '[]', '{}', '');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (1, 'r', 1, 'vasp', '{}', 1, '{}', '{}', 'finished', '')`)
  migrate(database, migrations.slice(0, 2), backups())
  expect(tables(database)).toEqual([...before, 'map', 'map_plot'].sort())
  database.exec(`
    INSERT INTO map (id, run, settings, epoch, seconds, items, popularity, created_at) VALUES (1, 1, '{}', 1, 1, x'', x'', '');
    INSERT INTO map_plot (map, position, name, divergence, x, y) VALUES (1, 0, 'joint', 1, x'', x'');
    DELETE FROM run`)
  expect(database.prepare('SELECT count(*) FROM map_plot').pluck().get()).toBe(0)
})

const next: Migration = {
  version: migrations.length + 1,
  name: 'add a column',
  sql: 'ALTER TABLE dataset ADD COLUMN note TEXT',
}

test('an older library is backed up before it is changed', () => {
  migrate(database, migrations, backups())
  database.prepare(`INSERT INTO setting (key, value) VALUES ('theme', '"dark"')`).run()
  migrate(database, [...migrations, next], backups())
  expect(schemaVersion(database)).toBe(next.version)
  const [copy, ...more] = readdirSync(backups()).filter((name) => name.endsWith('.db'))
  expect(more).toEqual([])
  const backup = openDatabase(join(backups(), copy ?? ''))
  expect(schemaVersion(backup)).toBe(migrations.length)
  expect(backup.prepare('SELECT key FROM setting').pluck().all()).toEqual(['theme'])
  backup.close()
})

test('a step that fails leaves the library as it was and names the backup', () => {
  migrate(database, migrations, backups())
  const broken: Migration = { ...next, sql: `${next.sql}; UPDATE nowhere SET a = 1` }
  expect(() => migrate(database, [...migrations, broken], backups())).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('add a column') as string,
      next: expect.stringContaining(backups()) as string,
    }),
  )
  expect(schemaVersion(database)).toBe(migrations.length)
  expect(
    database
      .prepare('SELECT * FROM dataset')
      .columns()
      .map(({ name }) => name),
  ).not.toContain('note')
})

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate, schemaVersion } from './migrate'
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

const next: Migration = {
  version: migrations.length + 1,
  name: 'add a column',
  sql: 'ALTER TABLE dataset ADD COLUMN note TEXT',
}

test('an older library is backed up before it is changed', () => {
  migrate(database, migrations, backups())
  database.prepare(`INSERT INTO setting VALUES ('theme', '"dark"')`).run()
  migrate(database, [...migrations, next], backups())
  expect(schemaVersion(database)).toBe(next.version)
  const [copy, ...more] = readdirSync(backups())
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

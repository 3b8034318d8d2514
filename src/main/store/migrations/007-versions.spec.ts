import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate } from './migrate'

test('007 from 006: data sets become first versions, runs name the content that they had', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 6), join(folder, 'backups'))
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, fingerprint, created_at)
      VALUES (3, 'films', 'ready', 1, 0, '[]', '{}', 'abc', '');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (7, 'old', 3, 'ease', '{}', 1, '{}', '{}', 'finished', '');
  `)
  migrate(database, migrations.slice(0, 7), join(folder, 'backups'))
  expect(database.prepare('SELECT series, version, origin FROM dataset').all()).toEqual([
    { series: 3, version: 1, origin: 'import' },
  ])
  expect(database.prepare('SELECT fingerprint FROM run').pluck().all()).toEqual(['abc'])
  const version = (number: number): void => {
    database
      .prepare(
        `INSERT INTO dataset (name, series, version, state, owner_pid, touched_at, source, import_settings, created_at)
         VALUES ('films', 3, ?, 'ready', 1, 0, '[]', '{}', '')`,
      )
      .run(number)
  }
  version(2)
  expect(() => version(2)).toThrow(/UNIQUE/)
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate } from './migrate'

test('from 003, a library with runs: they stay, and experiments can name them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const backups = join(folder, 'backups')
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 3), backups)
  database
    .prepare(
      `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
       VALUES (1, 'old', 'ready', 1, 0, '[]', '{}', '')`,
    )
    .run()
  database
    .prepare(
      `INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
       VALUES (7, 'old', 1, 'ease', '{}', 1, '{}', '{}', 'finished', '')`,
    )
    .run()
  migrate(database, migrations.slice(0, 4), backups)
  database.prepare(`INSERT INTO experiment (id, name, recipe, created_at) VALUES (1, 'first', '{}', '')`).run()
  database.prepare('INSERT INTO experiment_run (experiment, position, dataset, run) VALUES (1, 0, 1, 7)').run()
  expect(database.prepare('SELECT id FROM run').pluck().all()).toEqual([7])
  database.prepare('DELETE FROM run').run()
  expect(database.prepare('SELECT run FROM experiment_run').pluck().all()).toEqual([null])
  database.prepare('DELETE FROM dataset').run()
  expect(database.prepare('SELECT id FROM experiment').pluck().all()).toEqual([])
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

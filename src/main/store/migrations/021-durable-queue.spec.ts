import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate } from './migrate'

test('021 from 020: jobs keep their order, and none is held', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  try {
    migrate(database, migrations.slice(0, 20), join(folder, 'backups'))
    database.exec(
      `INSERT INTO job (id, kind, label, specification, state, pid, created_at)
       VALUES (4, 'train', 'Training', '{}', 'queued', 1, '2026-01-01T00:00:00Z'),
              (9, 'train', 'Training', '{}', 'finished', 1, '2026-01-01T00:00:00Z')`,
    )
    migrate(database, migrations, join(folder, 'backups'))
    expect(database.prepare('SELECT id, place, hold, after_run, wanted FROM job ORDER BY id').all()).toEqual(
      [4, 9].map((id) => ({ id, place: id, hold: null, after_run: null, wanted: null })),
    )
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

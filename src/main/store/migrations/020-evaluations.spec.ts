import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate } from './migrate'

test('020 from 019: there are no evaluations yet, and later ones have a checksum', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  try {
    migrate(database, migrations.slice(0, 19), join(folder, 'backups'))
    migrate(database, migrations, join(folder, 'backups'))
    expect(database.prepare('SELECT count(*) AS evaluations FROM evaluation').get()).toEqual({ evaluations: 0 })
    database.pragma('foreign_keys = OFF')
    database.exec(`INSERT INTO evaluation (run, chosen, result, made_at) VALUES (1, 0, '{}', '2026-01-01T00:00:00Z')`)
    expect(database.prepare('SELECT checksum IS NOT NULL AS checked FROM evaluation').get()).toEqual({ checked: 1 })
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

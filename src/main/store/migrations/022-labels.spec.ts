import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../connection'
import { migrations } from './all'
import { migrate } from './migrate'

test('022 from 021: no run has a label and there are no views; later ones have a checksum', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  try {
    migrate(database, migrations.slice(0, 21), join(folder, 'backups'))
    migrate(database, migrations, join(folder, 'backups'))
    expect(database.prepare('SELECT count(*) AS labels FROM run_label').get()).toEqual({ labels: 0 })
    database.exec(`INSERT INTO run_view (name, value) VALUES ('mine', '{}')`)
    expect(database.prepare('SELECT checksum IS NOT NULL AS checked FROM run_view').get()).toEqual({ checked: 1 })
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

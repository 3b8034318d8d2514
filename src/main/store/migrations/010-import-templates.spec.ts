import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TemplateSettings } from '../../../shared/import-templates'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { importTemplates } from './010-import-templates'
import { migrate } from './migrate'

test('a library of the version before can keep import templates by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, importTemplates.version - 1), join(folder, 'backups'))
  database.close()
  const store = openStore(folder)
  const settings: TemplateSettings = {
    mapping: { user: 'who', item: 'what', rating: null, time: null, count: 'n' },
    itemMapping: null,
    duplicates: 'count',
    reading: { delimiter: ';', decimalComma: true },
    table: null,
  }
  expect(store.templates.list()).toEqual([])
  const first = store.templates.save('shop', 'shape', settings)
  expect(first).toMatchObject({ name: 'shop', shape: 'shape', settings })
  expect(store.templates.save('shop', 'other', { ...settings, duplicates: 'last' }).id).toBe(first.id)
  const second = store.templates.save('plays', 'shape', settings)
  expect(store.templates.list().map(({ name }) => name)).toEqual(['plays', 'shop'])
  expect(() => store.templates.rename(second.id, 'shop')).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  expect(store.templates.rename(second.id, 'listens').name).toBe('listens')
  store.templates.delete(first.id)
  expect(store.templates.list().map(({ name }) => name)).toEqual(['listens'])
  expect(() => store.templates.delete(first.id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './connection'
import { migrations } from './migrations/all'
import { openStore } from './open'
import { addSmallDataset } from './small-dataset.fixture'

let folder: string
let library: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-store-'))
  library = join(folder, 'library')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('opening a library', () => {
  test('makes one in a folder that does not exist', () => {
    const store = openStore(library)
    expect(store.readOnly).toBe(false)
    expect(store.datasets.list()).toEqual([])
    store.close()
    expect(readdirSync(library).sort()).toEqual(['backups', 'exports', 'library.db', 'uploads', 'weights'])
  })

  test('finds what was stored before', () => {
    const first = openStore(library)
    const { id } = addSmallDataset(first)
    first.settings.write({ theme: 'dark' })
    first.close()
    const second = openStore(library)
    expect(second.datasets.get(id).users).toBe(3)
    expect(second.settings.read().theme).toBe('dark')
    second.close()
  })

  test('a database of a newer version is read, not written', () => {
    const before = openStore(library)
    const { id } = addSmallDataset(before)
    before.close()
    const database = openDatabase(join(library, 'library.db'))
    database.exec('CREATE TABLE later (a)')
    database.pragma(`user_version = ${migrations.length + 1}`)
    database.close()

    const store = openStore(library)
    expect(store.readOnly).toBe(true)
    expect(store.datasets.list()).toHaveLength(1)
    expect([...store.datasets.histories(id)]).toHaveLength(3)
    const refused: unknown = expect.objectContaining({
      code: 'NEWER_DATABASE',
      next: expect.stringContaining('Update') as string,
    })
    expect(() => store.datasets.delete(id)).toThrow(refused)
    expect(() => store.datasets.rename(id, 'other')).toThrow(refused)
    expect(() => store.datasets.write({ name: 'new', source: [], importSettings: {} })).toThrow(refused)
    expect(() => store.settings.write({ theme: 'light' })).toThrow(refused)
    store.close()
  })

  test('a damaged file is named', () => {
    mkdirSync(library)
    writeFileSync(
      join(library, 'library.db'),
      'this is no database, though it is long enough to look like one'.repeat(100),
    )
    expect(() => openStore(library)).toThrow(
      expect.objectContaining({ code: 'DAMAGED_FILE', message: expect.stringContaining(library) as string }),
    )
  })

  test('another program’s database is left alone', () => {
    mkdirSync(library)
    const foreign = openDatabase(join(library, 'library.db'))
    foreign.exec('CREATE TABLE theirs (a)')
    foreign.close()
    expect(() => openStore(library)).toThrow(expect.objectContaining({ code: 'DAMAGED_FILE' }))
    const again = openDatabase(join(library, 'library.db'))
    expect(again.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['theirs'])
    again.close()
  })

  test('a file where the folder should be is refused', () => {
    writeFileSync(library, '')
    expect(() => openStore(library)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  test('a folder without write permission is named', () => {
    mkdirSync(library)
    chmodSync(library, 0o555)
    chmodSync(folder, 0o755)
    // Permissions do not bind root: be somebody else meanwhile.
    const root = process.geteuid?.() === 0
    if (root) process.seteuid?.(65534)
    try {
      expect(() => openStore(library)).toThrow(
        expect.objectContaining({ code: 'NO_PERMISSION', message: expect.stringContaining(library) as string }),
      )
    } finally {
      if (root) process.seteuid?.(0)
      chmodSync(library, 0o755)
    }
    expect(existsSync(join(library, 'library.db'))).toBe(false)
  })
})

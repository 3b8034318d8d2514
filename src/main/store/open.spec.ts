import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultPreparation, defaultSplit } from '../../shared/runs'
import { openDatabase } from './connection'
import { backUpBeforeMigration } from './maintenance/backups'
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
    expect(readdirSync(library).sort()).toEqual([
      'backups',
      'exports',
      'library.db',
      'processes',
      'reserve',
      'uploads',
      'weights',
    ])
  })

  test('finds rows that were stored before', () => {
    const first = openStore(library)
    const { id } = addSmallDataset(first)
    first.settings.write({ theme: 'dark' })
    first.close()
    const second = openStore(library)
    expect(second.datasets.get(id).users).toBe(3)
    expect(second.settings.read().theme).toBe('dark')
    second.close()
  })

  test('takes a path as long as its database can be opened at, and refuses a longer one before it makes anything', () => {
    const ofBytes = (bytes: number): string => {
      const long = join(folder, 'd'.repeat(200))
      return join(long, 'd'.repeat(bytes - long.length - 1))
    }
    const store = openStore(ofBytes(392))
    store.close()
    const database = openDatabase(join(ofBytes(392), 'library.db'))
    backUpBeforeMigration(database, ofBytes(392), 99)
    database.close()
    rmSync(ofBytes(392), { recursive: true })
    const link = join(folder, 'link')
    symlinkSync(join(folder, 'd'.repeat(200)), link)
    for (const path of [
      ofBytes(393),
      join(link, 'd'.repeat(200)),
      join(folder, ...Array<string>(16).fill('d'.repeat(200))),
    ])
      expect(() => openStore(path)).toThrow(
        expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(/too long/) as string }),
      )
    expect(readdirSync(join(folder, 'd'.repeat(200)))).toEqual([])
  })

  test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'says of a read-only disk that it is one, with and without a library on it (needs root to mount it)',
    () => {
      openStore(library).close()
      rmSync(join(library, 'backups'), { recursive: true })
      const disk = join(folder, 'disk')
      mkdirSync(disk)
      execFileSync('mount', ['--bind', folder, disk])
      try {
        execFileSync('mount', ['-o', 'remount,bind,ro', disk])
        for (const path of [join(disk, 'library'), join(disk, 'new'), join(disk, 'new', 'below')])
          expect(() => openStore(path)).toThrow(
            expect.objectContaining({
              code: 'NO_PERMISSION',
              message: `The library folder ${path} is on a read-only disk.`,
            }),
          )
      } finally {
        execFileSync('umount', [disk])
      }
    },
  )

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

  test('a file in place of the folder is refused', () => {
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

  test('is private to its owner, even if an earlier version made it for everybody', () => {
    const before = process.umask(0o022)
    try {
      openStore(library).close()
      expect(modesOf(library)).toEqual({ folder: 0o700, weights: 0o700, 'library.db': 0o600 })
      for (const name of ['', 'weights']) chmodSync(join(library, name), 0o755)
      chmodSync(join(library, 'library.db'), 0o644)
      openStore(library).close()
      expect(modesOf(library)).toEqual({ folder: 0o700, weights: 0o700, 'library.db': 0o600 })
    } finally {
      process.umask(before)
    }
  })

  test('of an earlier version gets weights and backups that are its owner’s alone, too', () => {
    openStore(library).close()
    const made = ['weights/run-1-epoch-1-a.safetensors', 'backups/old.db', 'exports/export-1.csv'].map((name) =>
      join(library, name),
    )
    for (const file of made) writeFileSync(file, 'x', { mode: 0o644 })
    openStore(library).close()
    expect(made.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  })

  test('does not change a folder that others use', () => {
    mkdirSync(library)
    chmodSync(library, 0o755)
    writeFileSync(join(library, 'notes.txt'), 'theirs', { mode: 0o644 })
    openStore(library).close()
    openStore(library).close()
    expect(modesOf(library)).toEqual({ folder: 0o755, weights: 0o700, 'library.db': 0o600 })
    expect(statSync(join(library, 'notes.txt')).mode & 0o777).toBe(0o644)
  })

  test.each(['its log', 'its reserve'])('whose database is gone but for %s is not taken for a new one', (left) => {
    openStore(library).close()
    rmSync(join(library, 'library.db'))
    if (left === 'its log') {
      rmSync(join(library, 'reserve'))
      writeFileSync(join(library, 'library.db-wal'), 'changes')
    }
    expect(() => openStore(library)).toThrow(expect.objectContaining({ code: 'DAMAGED_FILE' }))
    openStore(library, { newLibrary: true }).close()
    const aside = existsSync(join(library, 'set-aside')) ? readdirSync(join(library, 'set-aside')) : []
    expect(aside).toHaveLength(left === 'its log' ? 1 : 0)
    for (const name of aside)
      expect(readFileSync(join(library, 'set-aside', name, 'library.db-wal'), 'utf8')).toBe('changes')
  })

  test('whose number of the schema is lost is called damaged, not another program’s', () => {
    openStore(library).close()
    const database = openDatabase(join(library, 'library.db'))
    database.pragma('user_version = 0')
    database.close()
    expect(() => openStore(library)).toThrow(
      expect.objectContaining({ code: 'DAMAGED_FILE', message: expect.stringContaining('schema 0') as string }),
    )
  })

  const modesOf = (of: string): Record<string, number> => ({
    folder: statSync(of).mode & 0o777,
    weights: statSync(join(of, 'weights')).mode & 0o777,
    'library.db': statSync(join(of, 'library.db')).mode & 0o777,
  })

  for (const [what, damage] of [
    ['missing', (file: string) => rmSync(file)],
    ['empty', (file: string) => truncateSync(file)],
  ] as const)
    test(`whose database is ${what} is not begun anew beside weights, and no number is used again`, () => {
      openStore(library).close()
      writeFileSync(join(library, 'weights', 'run-7-epoch-2.safetensors'), 'weights')
      writeFileSync(join(library, 'exports', 'export-4.csv'), 'lists')
      damage(join(library, 'library.db'))
      expect(() => openStore(library)).toThrow(
        expect.objectContaining({
          code: 'DAMAGED_FILE',
          message: expect.stringMatching(`${what}.*1 file of weights, 1 export`) as string,
          next: expect.stringContaining('--new-library') as string,
        }),
      )
      const store = openStore(library, { newLibrary: true })
      const { id } = addSmallDataset(store)
      const run = store.runs.create({
        name: 'first',
        dataset: id,
        model: 'pine',
        preset: null,
        config: {},
        seed: 1,
        preparation: defaultPreparation,
        split: defaultSplit,
      })
      expect(run.id).toBe(8)
      expect(store.exports.create({ run: run.id, fileName: 'a.csv', users: 1, unknown: 0, k: 1 }).id).toBe(5)
      store.close()
      expect(readdirSync(join(library, 'weights'))).toEqual(['run-7-epoch-2.safetensors'])
    })
})

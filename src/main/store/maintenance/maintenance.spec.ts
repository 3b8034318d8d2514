import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type * as FileSystem from 'node:fs'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { toErrorShape } from '../../../shared/errors'
import type { LibraryBackup } from '../../../shared/library'
import { defaultPreparation, defaultSplit } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { migrations } from '../migrations/all'
import { openStore } from '../open'
import { addSmallDataset } from '../small-dataset.fixture'
import { ownIdIn } from '../process-lock'
import type { Store } from '../store'
import { backupsIn, outdated } from './backup-files'
import { makeBackup } from './backups'
import { checkLibrary } from './check'
import { repairLibrary } from './repair'
import { restoreLibrary } from './restore'
import { newAside, swapDatabase } from './set-aside'

/** As on macOS and Windows, where there is no /proc, while it shows nobody. */
const system = vi.hoisted(() => ({ showsNobody: false }))
vi.mock('node:fs', async (load) => {
  const fs = await load<typeof FileSystem>()
  return {
    ...fs,
    readdirSync: (path: string, ...rest: []) => {
      if (system.showsNobody && path.startsWith('/proc')) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
      return fs.readdirSync(path, ...rest)
    },
  }
})

let library: string
beforeEach(() => (library = mkdtempSync(join(tmpdir(), 'vasp-maintenance-'))))
afterEach(() => {
  vi.useRealTimers()
  rmSync(library, { recursive: true, force: true })
})

const context = { progress: () => undefined, signal: new AbortController().signal }
const policy = { newest: 3, daily: 7, weekly: 4 }
const backUp = (onlyIfChanged = false): Promise<LibraryBackup | null> =>
  makeBackup(library, 'scheduled', { policy, onlyIfChanged }, context)
const within = <T>(work: (store: Store) => T): T => {
  const store = openStore(library)
  try {
    return work(store)
  } finally {
    store.close()
  }
}
const addRun = (store: Store, dataset = store.datasets.list()[0]): number => {
  if (!dataset) throw new Error('There is no data set.')
  return store.runs.create({
    name: 'run',
    dataset: dataset.id,
    model: 'pine',
    preset: null,
    config: {},
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  }).id
}
const names = (): string[] => within((store) => store.datasets.list().map(({ name }) => name))
const scribble = (file: string, at: number): void => {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, at, at + 200)
  writeFileSync(file, bytes)
}

describe('a backup', () => {
  test('of a killed process are removed at the next start, those of a living process are not', () => {
    within(() => undefined)
    const alive = openStore(library)
    const [begun, dying] = [ownIdIn(library), randomBytes(16).toString('hex')].map((owner) =>
      ['', '-wal', '-shm', '-journal'].map((end) => `library-schema-6-migration.db.${owner}.part${end}`),
    )
    const backups = join(library, 'backups')
    for (const name of [...(begun ?? []), ...(dying ?? [])]) writeFileSync(join(backups, name), 'half')
    within(() => undefined)
    expect(readdirSync(backups).sort()).toEqual([...(begun ?? [])].sort())
    alive.close()
  })

  test('is made while others write, is checked, and is skipped if nothing changed', async () => {
    within((store) => addSmallDataset(store, 'first'))
    const open = openStore(library)
    const made = backUp()
    addSmallDataset(open, 'second')
    expect(await made).toMatchObject({ reason: 'scheduled', known: { schema: migrations.length } })
    expect(await backUp(true)).not.toBeNull()
    expect(await backUp(true)).toBeNull()
    open.settings.write({ theme: 'dark' })
    expect(await backUp(true)).toBeNull()
    open.close()
    expect(readdirSync(join(library, 'backups')).filter((name) => !/\.(db|json)$/.test(name))).toEqual([])
  })

  test('of a damaged database is not made, and takes no older one away', async () => {
    within((store) => addSmallDataset(store))
    const whole = await backUp()
    const database = openDatabase(join(library, 'library.db'))
    database.exec(`UPDATE item SET checksum = checksum + 1 WHERE position = 1`)
    database.close()
    await expect(backUp()).rejects.toMatchObject({
      code: 'DAMAGED_FILE',
      message: expect.stringMatching(/^No backup was made.*table “item”/s) as string,
    })
    expect(backupsIn(library)).toEqual([whole])
  })

  test('made while the clock was ahead, or by an earlier version, is not the newest for ever', async () => {
    within((store) => addSmallDataset(store, 'first'))
    const old = join(library, 'backups', 'library-2026-01-02T03-04-05-678Z-schema-14-scheduled.db')
    copyFileSync(join(library, 'library.db'), old)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2031-01-01T00:00:00Z') })
    const ahead = await backUp()
    vi.useRealTimers()
    expect(ahead).toMatchObject({ number: 1, createdAt: '2031-01-01T00:00:00.000Z' })
    within((store) => addSmallDataset(store, 'second'))
    const present = await backUp(true)
    expect(present).toMatchObject({ number: 2 })
    expect(await backUp(true)).toBeNull()
    expect(backupsIn(library).map(({ file }) => file)).toEqual([present?.file, ahead?.file, basename(old)])
    expect(backupsIn(library)[0]).toEqual(present)
    within((store) => addSmallDataset(store, 'third'))
    expect(await restoreLibrary(library, null, context)).toMatchObject({ backup: present })
    expect(names()).toEqual(['second', 'first'])
    // Two more, and it is not among the newest three of a policy that knows no days.
    for (const name of ['fourth', 'fifth']) {
      within((store) => addSmallDataset(store, name))
      await makeBackup(
        library,
        'scheduled',
        { policy: { newest: 3, daily: 0, weekly: 0 }, onlyIfChanged: true },
        context,
      )
    }
    // A copy that somebody put there stays.
    expect(backupsIn(library).map(({ number }) => number)).toEqual([4, 3, 2, null])
  })

  const backupAt = (
    day: number,
    reason: LibraryBackup['reason'],
    number: LibraryBackup['number'] = null,
  ): LibraryBackup => ({
    file: `library-${day}-${reason}.db`,
    number,
    createdAt: new Date(day * 86_400_000).toISOString(),
    bytes: 1,
    reason,
    known: null,
  })

  test('is kept by number and age', () => {
    const reasons = ['scheduled', 'migration', 'asked', 'repair', 'restore', 'unknown'] as const
    fc.assert(
      fc.property(
        // Clocks that were wrong: dates in any order, and in the future. The first are of an earlier version.
        fc.array(fc.tuple(fc.double({ min: 20_000, max: 20_800, noNaN: true }), fc.constantFrom(...reasons)), {
          maxLength: 60,
        }),
        fc.nat(60),
        (drawn, older) => {
          const backups = drawn.map(([day, reason], at) => backupAt(day, reason, at < older ? null : at + 1))
          const now = 20_400 * 86_400_000
          const gone = outdated(backups, policy, now)
          const left = backups.filter((backup) => !gone.includes(backup))
          // Nothing that a person asked for goes, the newest stay, and no more stay than the policy names.
          expect(gone.every(({ reason }) => reason === 'scheduled' || reason === 'migration')).toBe(true)
          const own = left.filter(({ reason }) => reason === 'scheduled' || reason === 'migration')
          expect(own.length).toBeLessThanOrEqual(3 + 7 + 4)
          const newest = backups
            .filter(({ reason }) => reason === 'scheduled' || reason === 'migration')
            .sort(
              (a, b) =>
                (b.number ?? 0) - (a.number ?? 0) ||
                b.createdAt.localeCompare(a.createdAt) ||
                b.file.localeCompare(a.file),
            )
            .slice(0, 3)
          for (const backup of newest) expect(left).toContain(backup)
          // Once done, nothing more goes.
          expect(outdated(left, policy, now)).toEqual([])
        },
      ),
    )
    const month = Array.from({ length: 40 }, (_, age) => backupAt(20_400 - age - 0.5, 'scheduled'))
    const stay = month.filter((backup) => !outdated(month, policy, 20_400 * 86_400_000).includes(backup))
    expect(stay.map(({ createdAt }) => 20_400 - Date.parse(createdAt) / 86_400_000 - 0.5)).toEqual(
      expect.arrayContaining([0, 1, 2, 3, 4, 5, 6]),
    )
    expect(stay.length).toBeGreaterThan(8)
    expect(stay.length).toBeLessThan(13)
  })
})

describe('restoring', () => {
  test('restores the backup, keeps the replaced database, and never reuses a number', async () => {
    within((store) => addSmallDataset(store, 'kept'))
    const backup = await backUp()
    within((store) => {
      expect(addRun(store)).toBe(1)
      addSmallDataset(store, 'later')
    })
    const weights = join(library, 'weights', 'run-1-epoch-1.safetensors')
    writeFileSync(weights, 'weights')
    const done = await restoreLibrary(library, null, context)
    expect(done).toMatchObject({ backup, findings: [] })
    expect(names()).toEqual(['kept'])
    expect(existsSync(join(done.setAside, 'library.db'))).toBe(true)
    expect(readFileSync(join(done.setAside, 'weights', 'run-1-epoch-1.safetensors'), 'utf8')).toBe('weights')
    expect(existsSync(weights)).toBe(false)
    within((store) => expect(addRun(store)).toBe(2))
    // And the other way round: what was set aside is whole.
    const aside = openDatabase(join(done.setAside, 'library.db'))
    expect(aside.prepare('SELECT name FROM dataset ORDER BY id').pluck().all()).toEqual(['kept', 'later'])
    aside.close()
  })

  test('refuses a damaged backup, and does not change the library', async () => {
    within((store) => addSmallDataset(store, 'first'))
    const backup = await backUp()
    const file = join(library, 'backups', backup?.file ?? '')
    within((store) => addSmallDataset(store, 'second'))
    scribble(file, 8192)
    await expect(restoreLibrary(library, null, context)).rejects.toMatchObject({
      code: 'DAMAGED_FILE',
      message: expect.stringContaining('SHA-256') as string,
    })
    // Without its description, too.
    rmSync(file.replace(/\.db$/, '.json'))
    await expect(restoreLibrary(library, null, context)).rejects.toMatchObject({ code: 'DAMAGED_FILE' })
    expect(names()).toEqual(['second', 'first'])
    expect(readdirSync(library).filter((name) => name.includes('restoring') || name === 'set-aside')).toEqual([])
    await expect(restoreLibrary(library, 'none.db', context)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('works if the database is missing, empty or random bytes', async () => {
    within((store) => addSmallDataset(store, 'kept'))
    await backUp()
    for (const damage of [
      (file: string) => rmSync(file),
      (file: string) => writeFileSync(file, ''),
      (file: string) => writeFileSync(file, Buffer.alloc(50_000, 3)),
    ]) {
      damage(join(library, 'library.db'))
      expect(() => openStore(library)).toThrow(expect.objectContaining({ code: 'DAMAGED_FILE' }))
      await restoreLibrary(library, null, context)
      expect(names()).toEqual(['kept'])
    }
  })

  test('works with an open store, which continues with the restored database', async () => {
    within((store) => addSmallDataset(store, 'kept'))
    await backUp()
    const store = openStore(library)
    addSmallDataset(store, 'later')
    const { prepareRestore } = await import('./restore')
    prepareRestore(library, null, context)
    store.restore()
    expect(store.datasets.list().map(({ name }) => name)).toEqual(['kept'])
    expect(addSmallDataset(store, 'after').users).toBe(3)
    store.close()
    expect(names()).toEqual(['after', 'kept'])
  })
})

describe('repairing', () => {
  test('a whole library changes nothing', async () => {
    within((store) => addSmallDataset(store))
    expect(await repairLibrary(library, false, context)).toEqual({ steps: [], setAside: null, findings: [] })
    expect(existsSync(join(library, 'set-aside'))).toBe(false)
  })

  test('saves every readable row of a damaged database, and says what is lost', async () => {
    within((store) => {
      for (let n = 0; n < 40; n++) addSmallDataset(store, `data set ${n} ${'x'.repeat(60)}`)
    })
    const database = openDatabase(join(library, 'library.db'))
    const page = Number(
      database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'history_user'`).pluck().get(),
    )
    database.close()
    scribble(join(library, 'library.db'), (page - 1) * 4096)
    expect((await checkLibrary(library, context)).findings).not.toEqual([])
    const done = await repairLibrary(library, false, context)
    expect(done.findings).toEqual([])
    expect(done.steps.join('\n')).toMatch(/kept as .*library\.db\.before/)
    within((store) => {
      expect(store.datasets.list()).toHaveLength(40)
      for (const { id } of store.datasets.list()) expect([...store.datasets.histories(id)]).toHaveLength(3)
    })
  })

  test('marks a run without its weights, removes a damaged data set only on request, and moves files without a row', async () => {
    within((store) => {
      addSmallDataset(store, 'whole')
      const run = addRun(store, addSmallDataset(store, 'damaged'))
      store.runs.saveCheckpoint(store.runs.list(null)[0]?.id ?? (run as never), {
        path: join('weights', 'run-1-epoch-1-00.safetensors'),
        sha256: 'none',
        bytes: 1,
        epoch: 1,
      })
    })
    writeFileSync(join(library, 'weights', 'run-9-epoch-1.safetensors'), 'nobody’s')
    const database = openDatabase(join(library, 'library.db'))
    database.exec(`UPDATE history SET checksum = checksum + 1 WHERE dataset = 2 AND user = 1`)
    database.close()

    const careful = await repairLibrary(library, false, context)
    expect(careful.steps.join('\n')).toMatch(/Run 1 .* without weights.*are missing/)
    expect(careful.steps.join('\n')).toMatch(/1 file that nothing in the library refers to was moved/)
    expect(careful.findings.map(({ message }) => message)).toEqual([expect.stringContaining('table “history”')])
    within((store) => {
      expect(store.runs.list(null)[0]?.usable).toBe(false)
      expect(() => [...store.datasets.histories(store.datasets.list()[0]?.id as never)]).toThrow(/checksum/)
    })
    const thorough = await repairLibrary(library, true, context)
    expect(thorough.findings).toEqual([])
    expect(names()).toEqual(['whole'])
  })

  test('is refused while another program has the library open', async () => {
    within((store) => addSmallDataset(store))
    scribble(join(library, 'library.db'), 9000)
    const other = spawn('tail', ['-f', join(library, 'library.db')], { stdio: 'ignore' })
    try {
      await expect
        .poll(async () => {
          try {
            await repairLibrary(library, false, context)
            return 'repaired'
          } catch (error) {
            return error instanceof Error ? error.message : ''
          }
        })
        .toContain(`“tail -f ${join(library, 'library.db')}” (process ${other.pid})`)
    } finally {
      other.kill()
    }
  })
})

describe('a program that holds its lock', () => {
  /** A process that works with the library as every version since 0.2 does. */
  async function atWork(): Promise<ChildProcess> {
    const lock = join(library, 'processes', `${'b'.repeat(32)}.lock`)
    writeFileSync(lock, '')
    const script = `
      const Database = require(${JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3'))})
      const lock = new Database(${JSON.stringify(lock)})
      lock.pragma('journal_mode = MEMORY')
      lock.exec('BEGIN EXCLUSIVE')
      const library = new Database(${JSON.stringify(join(library, 'library.db'))})
      library.pragma('user_version')
      console.log('at work')
      setInterval(() => [lock, library], 1000)`
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    return child
  }
  const refusal = (work: () => Promise<unknown>): Promise<{ code: string; message: string }> =>
    work().then(
      () => ({ code: 'DONE', message: '' }),
      (error: unknown) => toErrorShape(error),
    )
  const prepared = async (): Promise<void> => {
    within((store) => addSmallDataset(store, 'kept'))
    await backUp()
    within((store) => addSmallDataset(store, 'later'))
    mkdirSync(join(library, 'processes'), { recursive: true })
  }

  const named = process.platform === 'linux'
  test.each([
    ['where /proc tells nothing', true],
    ...(named ? [['where /proc names it', false] as const] : []),
  ] as const)('keeps the database from being exchanged, %s', async (_, isBlind) => {
    await prepared()
    const child = await atWork()
    system.showsNobody = isBlind
    try {
      const refused = await refusal(() => restoreLibrary(library, null, context))
      expect(refused).toMatchObject({ code: 'CONFLICT' })
      expect(refused.message).toContain(isBlind ? 'one whose name this system does not tell' : `(process ${child.pid})`)
      expect(refused.message).not.toContain('MainThread')
      expect(await refusal(() => repairLibrary(library, false, context))).toMatchObject({ code: 'CONFLICT' })
      expect(existsSync(join(library, 'set-aside'))).toBe(false)
    } finally {
      system.showsNobody = false
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    expect(names()).toEqual(['later', 'kept'])
    // A dead one's lock keeps nobody from anything.
    await restoreLibrary(library, null, context)
    expect(names()).toEqual(['kept'])
  })

  test.runIf(named)(
    'still does when its database was exchanged under it, as one without a lock does where /proc shows it',
    async () => {
      await prepared()
      const child = await atWork()
      const other = spawn('tail', ['-f', join(library, 'library.db')], { stdio: 'ignore' })
      try {
        await expect
          .poll(async () => (await refusal(() => restoreLibrary(library, null, context))).message)
          .toContain(`(process ${other.pid})`)
        const replacement = join(library, 'replacement.db')
        copyFileSync(join(library, 'library.db'), replacement)
        swapDatabase(library, newAside(library, 'restore'), replacement)
        const { message } = await refusal(() => restoreLibrary(library, null, context))
        expect(message).toContain(`(process ${child.pid})`)
        expect(message).toContain(`(process ${other.pid})`)
        child.kill('SIGKILL')
        await once(child, 'close')
        expect((await refusal(() => restoreLibrary(library, null, context))).message).toContain(
          `(process ${other.pid})`,
        )
      } finally {
        child.kill('SIGKILL')
        other.kill()
      }
    },
  )
})

test('unreadable files of a library are reported', async () => {
  within((store) => addSmallDataset(store))
  chmodSync(library, 0o500)
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    await expect(checkLibrary(library, context)).rejects.toMatchObject({
      message: expect.stringContaining('permission') as string,
    })
  } finally {
    if (root) process.seteuid?.(0)
    chmodSync(library, 0o700)
  }
})

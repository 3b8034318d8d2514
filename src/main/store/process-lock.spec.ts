import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type * as fileSystem from 'node:fs'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { holdLock, isAlive, mayBeAlive, ownIdIn, sweepLocks } from './process-lock'

/** Done once to the next lock file, in the moment between its making and its opening. */
const meanwhile = vi.hoisted((): { act: ((file: string) => void) | null } => ({ act: null }))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fileSystem>()
  const writeFile: typeof real.writeFileSync = (file, data, options) => {
    real.writeFileSync(file, data, options)
    const { act } = meanwhile
    if (typeof file !== 'string' || !act) return
    meanwhile.act = null
    act(file)
  }
  return { ...real, writeFileSync: writeFile }
})

const sqlite = createRequire(import.meta.url).resolve('better-sqlite3')
const other = 'a'.repeat(32)

let library: string
let holders: ChildProcess[]
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-lock-'))
  mkdirSync(join(library, 'processes'))
  holders = []
})
afterEach(() => {
  for (const holder of holders) holder.kill('SIGKILL')
  rmSync(library, { recursive: true, force: true })
})

const locks = (): string[] => readdirSync(join(library, 'processes'))
const lockOf = (owner: string): string => join(library, 'processes', `${owner}.lock`)

/** A process that holds the lock of `other` until it is killed. */
async function holder(command = process.execPath, ...before: string[]): Promise<ChildProcess> {
  writeFileSync(lockOf(other), '')
  const script = `
    const lock = new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(lockOf(other))})
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    console.log('held')
    setInterval(() => lock, 1000)`
  const child = spawn(command, [...before, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  holders.push(child)
  await once(child.stdout, 'data')
  return child
}

const killed = async (child: ChildProcess): Promise<void> => {
  child.kill('SIGKILL')
  await once(child, 'close')
}

it('holds an empty file for the life of the stores of a process, which all have one id', () => {
  const give = holdLock(library)
  const giveAgain = holdLock(join(library, '.'))
  const owner = ownIdIn(library)
  expect(owner).toMatch(/^[0-9a-f]{32}$/)
  expect(locks()).toEqual([`${owner}.lock`])
  expect(statSync(lockOf(owner)).size).toBe(0)
  give()
  give()
  expect(isAlive(library, owner)).toBe(true)
  sweepLocks(library)
  expect(locks()).toEqual([`${owner}.lock`])
  giveAgain()
  expect(isAlive(library, owner)).toBe(false)
  expect(locks()).toEqual([])
  const give2 = holdLock(library)
  expect(ownIdIn(library)).not.toBe(owner)
  give2()
})

it('distinguishes living from dead processes every time, and sweeps only the files of dead ones', async () => {
  const child = await holder()
  for (let asked = 0; asked < 20; asked++) expect(isAlive(library, other)).toBe(true)
  sweepLocks(library)
  expect(locks()).toEqual([`${other}.lock`])
  await killed(child)
  expect(isAlive(library, other)).toBe(false)
  expect(locks()).toEqual([`${other}.lock`])
  sweepLocks(library)
  expect(locks()).toEqual([])
  expect(isAlive(library, other)).toBe(false)
  expect(isAlive(library, '../library')).toBe(false)
})

it('takes another lock if another start sweeps its file before it is locked', () => {
  let swept = ''
  meanwhile.act = (file) => {
    swept = file
    rmSync(file)
  }
  const give = holdLock(library)
  const owner = ownIdIn(library)
  expect(swept).toMatch(/\.lock$/)
  expect(lockOf(owner)).not.toBe(swept)
  expect(locks()).toEqual([`${owner}.lock`])
  expect(isAlive(library, owner)).toBe(true)
  give()
})

it('another process sees this one as alive, after this one has been asked about itself, too', () => {
  const give = holdLock(library)
  const owner = ownIdIn(library)
  expect(isAlive(library, owner)).toBe(true)
  const script = `
    const lock = new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(lockOf(owner))}, { timeout: 0 })
    try { lock.exec('BEGIN'); lock.prepare('SELECT 1 FROM sqlite_schema').get(); console.log('free') } catch (error) { console.log(error.code) }`
  const asked = (): string => spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim()
  expect(asked()).toBe('SQLITE_BUSY')
  sweepLocks(library)
  expect(asked()).toBe('SQLITE_BUSY')
  give()
})

const mounts =
  spawnSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=64k small-disk "$d" && umount "$d" && rmdir "$d"'])
    .status === 0
it.runIf(mounts)('takes and gives back its lock on a disk without a free byte', () => {
  const disk = mkdtempSync(join(tmpdir(), 'vasp-full-'))
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'small-disk', disk])
  try {
    mkdirSync(join(disk, 'processes'))
    expect(() => writeFileSync(join(disk, 'filling'), Buffer.alloc(100_000))).toThrow('ENOSPC')
    const give = holdLock(disk)
    const owner = ownIdIn(disk)
    expect(readdirSync(join(disk, 'processes'))).toEqual([`${owner}.lock`])
    expect(isAlive(disk, owner)).toBe(true)
    give()
    expect(readdirSync(join(disk, 'processes'))).toEqual([])
  } finally {
    spawnSync('umount', [disk])
    rmSync(disk, { recursive: true, force: true })
  }
})

const unshares = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0
it.runIf(unshares)('sees a process of another PID namespace, whose id and /proc have no meaning here', async () => {
  const child = await holder('unshare', '--pid', '--fork', '--kill-child', '--mount-proc', process.execPath)
  expect(isAlive(library, other)).toBe(true)
  await killed(child)
  for (let tries = 0; isAlive(library, other) && tries < 100; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isAlive(library, other)).toBe(false)
})

it('treats the owner of a process id as alive if there is such a process, but never itself', () => {
  expect(mayBeAlive(process.ppid)).toBe(true)
  expect(mayBeAlive(process.pid)).toBe(false)
  expect(mayBeAlive(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false)
})

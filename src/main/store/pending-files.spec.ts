import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultPreparation, defaultSplit } from '../../shared/runs'
import type { TrainingPosition } from '../../shared/training-position'
import { openDatabase } from './connection'
import { openStore } from './open'
import { addSmallDataset } from './small-dataset.fixture'
import type { Store } from './store'
import { removeStrayFiles } from './stray-files'

let folder: string
let library: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-pending-'))
  library = join(folder, 'library')
  store = openStore(library)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Makes everything that this process has begun to write look like that of one that has died. */
function die(): void {
  const database = openDatabase(join(library, 'library.db'))
  database.prepare('UPDATE pending_file SET owner = ? WHERE owner IS NOT NULL').run('0'.repeat(32))
  database.close()
}

const write = (path: string): void => writeFileSync(join(library, path), '12345')
const weights = (): string[] => readdirSync(join(library, 'weights')).sort()

const addRun = (dataset = store.datasets.findByName('small') ?? addSmallDataset(store)) =>
  store.runs.create({
    name: 'Yew',
    dataset: dataset.id,
    model: 'yew',
    preset: null,
    config: {},
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  }).id

const checkpoint = (run: ReturnType<typeof addRun>, path: string, epoch: number): void =>
  store.runs.saveCheckpoint(run, { path, sha256: 'aa', bytes: 5, epoch })

const positionAtStart: TrainingPosition = {
  stage: 0,
  passed: 0,
  sinceBest: 0,
  epochs: 0,
  sweep: 0,
  steps: 0,
  losses: { sums: {}, rows: 0 },
  seconds: 0,
  model: { steps: 0, epoch: 1, sweep: 0, noise: [1, 2, 3, 4], optimisers: [0] },
}

describe('files of the library', () => {
  const path = join('weights', 'run-1-epoch-1.safetensors')

  it('stay while their writer lives, and go with their temporary ones when it has died', () => {
    store.pendingFiles.begin(path)
    for (const name of [path, `${path}.4711.tmp`, 'weights/run-1-epoch-11.safetensors']) write(name)
    expect(store.pendingFiles.removeLeft()).toEqual({ files: 0, bytes: 0 })
    die()
    expect(store.pendingFiles.removeLeft()).toEqual({ files: 2, bytes: 10 })
    expect(weights()).toEqual(['run-1-epoch-11.safetensors'])
    expect(store.pendingFiles.isNamed(path)).toBe(false)
  })

  it('stay once a row names them, even if their writer dies', () => {
    const run = addRun()
    store.pendingFiles.begin(path)
    write(path)
    checkpoint(run, path, 1)
    die()
    expect(store.pendingFiles.removeLeft().files).toBe(0)
    // Even where a restored database still has them down as to be removed.
    store.pendingFiles.discard(path)
    expect(store.pendingFiles.removeLeft().files).toBe(0)
    expect(weights()).toHaveLength(1)
  })

  it('go with a better epoch, with their run, and with its data set', () => {
    const [run, second] = [addRun(), addRun()]
    const [next, third] = ['weights/run-1-epoch-2.safetensors', 'weights/run-2-epoch-1.safetensors']
    for (const name of [path, next, third]) write(name)
    checkpoint(run, path, 1)
    checkpoint(run, next, 2)
    checkpoint(second, third, 1)
    expect(store.pendingFiles.removeLeft().files).toBe(1)
    expect(weights()).toEqual(['run-1-epoch-2.safetensors', 'run-2-epoch-1.safetensors'])
    store.runs.delete(run)
    expect(store.pendingFiles.removeLeft().files).toBe(1)
    const dataset = store.datasets.findByName('small')
    if (!dataset) throw new Error('the data set is there')
    store.datasets.delete(dataset.id)
    expect(store.pendingFiles.removeLeft().files).toBe(1)
    expect(weights()).toEqual([])
  })

  it('stay while a kept state of their run needs them: the last two states, and the best weights of their time', () => {
    const run = addRun()
    const state = (name: string, best: string | null, epochs: number): void => {
      write(name)
      store.runs.saveState(run, {
        path: name,
        sha256: 'bb',
        bytes: 5,
        position: { ...positionAtStart, epochs },
        seconds: 1,
        best: best === null ? null : { path: best, sha256: 'aa', bytes: 5, epoch: 1 },
      })
      store.pendingFiles.removeLeft()
    }
    const better = (name: string, epoch: number): void => {
      write(name)
      checkpoint(run, name, epoch)
      store.pendingFiles.removeLeft()
    }
    state('weights/s0', null, 0)
    better('weights/w1', 1)
    state('weights/s1', 'weights/w1', 1)
    better('weights/w2', 2)
    expect(weights()).toEqual(['s0', 's1', 'w1', 'w2'])
    // Back to the newest state: the epochs after it will be trained again.
    const [newest] = store.runs.states(run)
    if (!newest) throw new Error('two states are kept')
    store.runs.goOn(run, newest, 1)
    store.pendingFiles.removeLeft()
    expect(weights()).toEqual(['s0', 's1', 'w1'])
    expect(store.runs.get(run).bestEpoch).toBe(1)
    better('weights/w3', 2)
    state('weights/s2', 'weights/w3', 2)
    state('weights/s3', 'weights/w3', 3)
    expect(weights()).toEqual(['s2', 's3', 'w3'])
    expect(store.runs.states(run).map(({ path }) => path)).toEqual(['weights/s3', 'weights/s2'])
    expect(store.runs.get(run).stateBytes).toBe(10)
    store.runs.delete(run)
    store.pendingFiles.removeLeft()
    expect(weights()).toEqual([])
  })

  it('of the command line’s exports go with their process', () => {
    const run = addRun()
    const record = { run, fileName: 'a.csv', users: 1, unknown: 0, k: 1 }
    const kept = store.exports.create(record)
    const temporary = store.exports.create({ ...record, temporary: true })
    for (const { id } of [kept, temporary]) write(`exports/export-${id}.csv`)
    store.exports.deleteAbandoned()
    expect(store.exports.list()).toHaveLength(2)
    const database = openDatabase(join(library, 'library.db'))
    database.prepare('UPDATE export SET owner = ? WHERE owner IS NOT NULL').run('0'.repeat(32))
    database.close()
    store.exports.deleteAbandoned()
    expect(store.exports.list().map(({ id }) => id)).toEqual([kept.id])
    expect(store.pendingFiles.removeLeft().files).toBe(1)
    expect(readdirSync(join(library, 'exports'))).toEqual([`export-${kept.id}.csv`])
  })
})

describe('files outside of the library', () => {
  it('are removed only if they have the command line’s names and are files', () => {
    const named = (base: string): string => join(folder, `${base}.${randomUUID()}.part`)
    const [mine, directory, link, unmounted] = [
      named('a.csv'),
      named('b.csv'),
      named('c.csv'),
      join(folder, 'usb', 'd.csv'),
    ]
    const foreign = join(folder, 'precious.csv')
    for (const file of [mine, foreign]) writeFileSync(file, '12345')
    mkdirSync(directory)
    symlinkSync(foreign, link)
    const away = `${unmounted}.${randomUUID()}.part`
    for (const file of [mine, foreign, directory, link, away]) store.pendingFiles.begin(file)
    die()
    expect(store.pendingFiles.removeLeft()).toEqual({ files: 1, bytes: 5 })
    expect([mine, foreign, directory, link].map((file) => existsSync(file))).toEqual([false, true, true, true])
    expect(store.pendingFiles.isNamed(away)).toBe(true)
    mkdirSync(join(folder, 'usb'))
    writeFileSync(away, '12345')
    expect(store.pendingFiles.removeLeft().files).toBe(1)
  })
})

describe('stray files of version 0.1', () => {
  it('are removed if this database had a job for them, and stay if they may belong to another', () => {
    const [ended, running] = [addRun(), addRun()]
    for (const run of [ended, running])
      store.jobs.create({
        kind: 'train',
        label: 'Training',
        specification: { kind: 'train', run },
        dataset: null,
        run,
        export: null,
      })
    checkpoint(ended, `weights/run-${ended}-epoch-3.safetensors`, 3)
    store.runs.fail(ended, { code: 'WORKER_ENDED', message: 'It ended.', next: 'Start it again.' })
    const stay = [
      `run-${ended}-epoch-3.safetensors`,
      `run-${running}-epoch-1.safetensors`,
      'run-77-epoch-1.safetensors',
      'my-weights.safetensors',
    ]
    const go = [`run-${ended}-epoch-2.safetensors`, `run-${ended}-epoch-4.safetensors.${2 ** 22 + 1}.tmp`]
    for (const name of [...stay, ...go]) write(join('weights', name))
    expect(removeStrayFiles(store)).toEqual({ files: 2, bytes: 10 })
    expect(weights()).toEqual([...stay].sort())
    store.runs.delete(ended)
    store.pendingFiles.removeLeft()
    write(join('weights', `run-${ended}-epoch-2.safetensors`))
    expect(removeStrayFiles(store).files).toBe(1)
  })
})

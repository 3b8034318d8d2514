import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultPreparation, defaultSplit } from '../../shared/runs'
import type { JobId } from '../../shared/ids'
import { openDatabase } from '../store/connection'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import type { JobRow, Store } from '../store/store'
import { endWithoutJob, recoverJobs } from './recovery'
import { exportFilePath, recordEnd } from './record-end'

let library: string
let store: Store

beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-recovery-'))
  store = openStore(library)
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

/** Starts a job as a process would that has died since. */
function startAndDie(id: JobId): void {
  store.jobs.claim(id, 'cpu', () => true)
  const database = openDatabase(join(library, 'library.db'))
  database.prepare('UPDATE job SET owner = ? WHERE id = ?').run('0'.repeat(32), id)
  database.close()
}

function trainingJob(): JobRow {
  const dataset = store.datasets.findByName('small') ?? addSmallDataset(store)
  const run = store.runs.create({
    name: 'Yew',
    dataset: dataset.id,
    model: 'yew',
    preset: 'compact',
    config: {},
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  })
  const specification = { kind: 'train', run: run.id }
  return store.jobs.create({
    kind: 'train',
    label: 'Training Yew',
    specification,
    dataset: dataset.id,
    run: run.id,
    export: null,
  })
}

describe('recoverJobs', () => {
  it('lets the training of a dead program wait in the queue with its checkpoint', () => {
    const job = trainingJob()
    const run = job.run
    if (run === null) throw new Error('a training job has a run')
    startAndDie(job.id)
    store.runs.started(run, { backend: 'cpu', version: '1', device: 'CPU', threads: 1 })
    store.runs.saveCheckpoint(run, { path: 'weights/run-1.safetensors', sha256: 'aa', bytes: 1, epoch: 3 })

    const sentences = recoverJobs(store, () => false)
    expect(sentences).toEqual([
      'Training Yew stopped, because VASP Studio ended while it was running. It waits in the queue and can go on.',
    ])
    const reason = 'VASP Studio ended before this was done.'
    expect(store.jobs.get(job.id)).toMatchObject({ state: 'paused', reason, left: true, error: null })
    expect(store.runs.get(run)).toMatchObject({ status: { state: 'paused', reason }, usable: true, bestEpoch: 3 })
    expect(recoverJobs(store, () => false)).toEqual([])
  })

  it('leaves the jobs of this engine and of other living hosts alone', () => {
    const own = trainingJob()
    startAndDie(own.id)
    expect(recoverJobs(store, (id) => id === own.id)).toEqual([])
    store.jobs.end(own.id, 'cancelled', null)

    const theirs = store.jobs.create({
      kind: 'train',
      label: 'Theirs',
      specification: {},
      dataset: null,
      run: null,
      export: null,
    })
    store.jobs.claim(theirs.id, 'cpu', () => true)
    expect(recoverJobs(store, () => false)).toEqual([])
  })

  it('fails an export that goes with its program, and removes its half-written file', () => {
    const { run, dataset } = trainingJob()
    if (run === null) throw new Error('a training job has a run')
    const record = store.exports.create({ run, fileName: 'top.csv', users: 1, unknown: 0, k: 1 })
    const file = exportFilePath(record.id)
    const job = store.jobs.create({
      kind: 'export',
      label: 'Exporting',
      specification: { kind: 'export', export: record.id, run, users: 'all', k: 1, file, temporary: true },
      dataset,
      run,
      export: record.id,
    })
    startAndDie(job.id)
    mkdirSync(join(library, 'exports'), { recursive: true })
    writeFileSync(join(library, `${file}.1234.part`), 'half')
    writeFileSync(join(library, 'exports', 'export-77.csv'), 'another')
    recoverJobs(store, (id) => id !== job.id)
    expect(store.exports.get(record.id).state).toBe('failed')
    expect(readdirSync(join(library, 'exports'))).toEqual(['export-77.csv'])
  })

  it('cancels what waits for a run that was deleted', () => {
    const job = trainingJob()
    startAndDie(job.id)
    if (job.run !== null) store.runs.delete(job.run)
    expect(recoverJobs(store, () => false)).toEqual([])
    expect(store.jobs.get(job.id)).toMatchObject({ state: 'cancelled', run: null })
  })

  it('keeps a job finished if its worker had stored the result', () => {
    const job = trainingJob()
    startAndDie(job.id)
    store.transaction(() => store.jobs.finish(job.id, { users: 3 }))
    expect(recoverJobs(store, () => false)).toEqual([])
    expect(store.jobs.get(job.id)).toMatchObject({ state: 'finished', result: { users: 3 }, error: null })
  })

  it('ends runs and exports without a job', () => {
    const job = trainingJob()
    const run = job.run
    if (run === null) throw new Error('a training job has a run')
    const record = store.exports.create({ run, fileName: 'top.csv', users: 1, unknown: 0, k: 1 })
    endWithoutJob(store)
    expect(store.runs.get(run).status.state).toBe('queued')
    expect(store.exports.get(record.id).state).toBe('failed')
    store.jobs.end(job.id, 'cancelled', null)
    endWithoutJob(store)
    expect(store.runs.get(run).status).toMatchObject({ state: 'failed', error: { code: 'WORKER_ENDED' } })
  })
})

describe('recordEnd', () => {
  const failed = { type: 'failed', error: { code: 'INTERNAL', message: 'No.', next: 'Ask.' } } as const

  it('has nothing to record of a run that was deleted meanwhile, and ends its job', () => {
    const job = trainingJob()
    if (job.run === null) throw new Error('a training job has a run')
    store.jobs.claim(job.id, 'cpu', () => true)
    store.runs.delete(job.run)
    expect(recordEnd(store, job, failed)).toEqual(failed)
    expect(store.jobs.get(job.id)).toMatchObject({ state: 'failed', run: null })
  })

  it('lets the first end stand: a worker that was killed after it had stored its result has finished', () => {
    const job = trainingJob()
    store.jobs.claim(job.id, 'cpu', () => true)
    store.jobs.finish(job.id, { run: 1 })
    expect(recordEnd(store, job, failed)).toEqual({ type: 'finished', result: { run: 1 } })
    expect(recordEnd(store, job, { type: 'cancelled' })).toEqual({ type: 'finished', result: { run: 1 } })
    if (job.run === null) throw new Error('a training job has a run')
    expect(store.runs.get(job.run).status.state).toBe('queued')
  })

  it('stores nothing from a worker whose job has already ended', () => {
    const job = trainingJob()
    recordEnd(store, job, failed)
    const commit = (): void =>
      store.transaction(() => {
        store.settings.write({ lastRun: job.run })
        store.jobs.finish(job.id, {})
      })
    expect(commit).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    expect(store.settings.read().lastRun).toBeNull()
  })
})

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultPreparation, defaultSplit } from '../../shared/runs'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import type { JobRow, Store } from '../store/store'
import { recoverJobs } from './recovery'
import { exportFilePath } from './settle'

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

/** The id of a process that has just ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

function trainingJob(): JobRow {
  const dataset = store.datasets.findByName('small') ?? addSmallDataset(store)
  const run = store.runs.create({
    name: 'VASP',
    dataset: dataset.id,
    model: 'vasp',
    preset: 'compact',
    config: {},
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  })
  const specification = { kind: 'train', run: run.id }
  return store.jobs.create({
    kind: 'train',
    label: 'Training VASP',
    specification,
    dataset: dataset.id,
    run: run.id,
    export: null,
  })
}

describe('recoverJobs', () => {
  it('fails what a dead program left running, and leaves the run its checkpoint', () => {
    const job = trainingJob()
    const run = job.run
    if (run === null) throw new Error('a training job has a run')
    store.jobs.start(job.id, deadPid())
    store.runs.started(run, { backend: 'cpu', version: '1', device: 'CPU', threads: 1 })
    store.runs.saveCheckpoint(run, { path: 'weights/run-1.safetensors', sha256: 'aa', bytes: 1, epoch: 3 })

    const sentences = recoverJobs(store, () => false)
    expect(sentences).toEqual(['Training VASP stopped, because VASP Studio ended while it was running.'])
    expect(store.jobs.get(job.id)).toMatchObject({ state: 'failed', error: { code: 'WORKER_ENDED' } })
    expect(store.runs.get(run)).toMatchObject({ status: { state: 'failed' }, usable: true, bestEpoch: 3, job: null })
    expect(recoverJobs(store, () => false)).toEqual([])
  })

  it('leaves the jobs of this engine and of other living hosts alone', () => {
    const own = trainingJob()
    store.jobs.start(own.id, deadPid())
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
    store.jobs.start(theirs.id, process.ppid)
    expect(recoverJobs(store, () => false)).toEqual([])
  })

  it('removes the half-written file of an export', () => {
    const { run, dataset } = trainingJob()
    if (run === null) throw new Error('a training job has a run')
    const record = store.exports.create({ run, fileName: 'top.csv', users: 1, k: 1 })
    const file = exportFilePath(record.id)
    const job = store.jobs.create({
      kind: 'export',
      label: 'Exporting',
      specification: { kind: 'export', export: record.id, run, users: 'all', k: 1, file },
      dataset,
      run,
      export: record.id,
    })
    store.jobs.start(job.id, deadPid())
    mkdirSync(join(library, 'exports'), { recursive: true })
    writeFileSync(join(library, `${file}.1234.part`), 'half')
    writeFileSync(join(library, 'exports', 'export-77.csv'), 'another')
    recoverJobs(store, (id) => id !== job.id)
    expect(store.exports.get(record.id).state).toBe('failed')
    expect(readdirSync(join(library, 'exports'))).toEqual(['export-77.csv'])
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exportId, jobId, runId, type RunId } from '../../shared/ids'
import type { Metrics, Segment, TestMetrics } from '../../shared/metrics'
import { defaultPreparation, defaultSplit, type EpochPoint, type Run, type SplitSummary } from '../../shared/runs'
import { csrFromRows } from '../numeric/csr'
import { openDatabase } from './connection'
import { openStore } from './open'
import { addSmallDataset } from './small-dataset.fixture'
import type { JobRow, Store } from './store'

let library: string
let store: Store
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-runs-'))
  store = openStore(library)
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const metrics = (mean: number): Metrics => ({
  'ndcg@100': { mean, se: 0.01, users: 60 },
  'recall@20': { mean: mean / 2, se: 0.02, users: 60 },
  'recall@50': { mean: mean / 3, se: 0.03, users: 60 },
})
const segments: Segment[] = [
  {
    by: 'item-popularity',
    name: 'tail',
    low: 1,
    high: 4,
    members: 9,
    metrics: { 'ndcg@100': { mean: 0.1, se: 0.01, users: 30 } },
  },
]
const tested = (mean: number): TestMetrics => ({ ...metrics(mean), 'coverage@20': { mean: 0.4, se: 0.1, users: 60 } })
const environment = { backend: 'tensorflow', version: '2.21.0', device: 'CPU', threads: 2 }
const failure = { code: 'WORKER_ENDED', message: 'It ended.', next: 'Start it again.' } as const
const summary: SplitSummary = {
  items: 2,
  trainUsers: 1,
  validationUsers: 1,
  testUsers: 1,
  trainInteractions: 3,
  droppedUsers: 0,
  filters: [],
  validationFrom: null,
  recallDenominator: 'min(k, |R|)',
}
const point = (epoch: number): EpochPoint => ({
  epoch,
  label: 'lr 1e-3',
  loss: { total: 0.5, kl: 0.1 },
  validation: metrics(epoch / 10),
  seconds: 1.5,
  rowsPerSecond: 400,
})

const addRun = (dataset = (store.datasets.findByName('small') ?? addSmallDataset(store)).id): Run =>
  store.runs.create({
    name: 'first',
    dataset,
    model: 'yew',
    preset: 'compact',
    config: { hidden: 512, stages: '1e-3x15', augment: true },
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  })

describe('a run', () => {
  test('goes from queued to finished, and keeps all its data', () => {
    const { id, dataset, ...created } = addRun()
    expect(created).toMatchObject({
      status: { state: 'queued' },
      job: null,
      usable: false,
      test: null,
      datasetName: 'small',
    })
    const job = store.jobs.create({ kind: 'train', label: 'Train', specification: {}, dataset, run: id, export: null })
    store.runs.started(id, environment)
    const split = {
      catalogue: Int32Array.of(0, 2),
      trainUsers: Int32Array.of(1),
      validationUsers: Int32Array.of(0),
      testUsers: Int32Array.of(2),
      trainCounts: Int32Array.of(1, 1),
      validation: { foldIn: csrFromRows([[0]], 2), targets: csrFromRows([[1]], 2) },
      test: { foldIn: csrFromRows([[1]], 2), targets: csrFromRows([[0]], 2) },
    }
    store.runs.saveSplit(id, split, summary)
    store.runs.addEpoch(id, point(1))
    store.runs.addEpoch(id, point(2))
    store.runs.saveCheckpoint(id, { path: 'weights/run-1.safetensors', sha256: 'a', bytes: 10, epoch: 1 })
    store.runs.saveCheckpoint(id, { path: 'weights/run-1.safetensors', sha256: 'b', bytes: 12, epoch: 2 })
    expect(store.runs.get(id)).toMatchObject({ status: { state: 'running' }, job: job.id, usable: true, bestEpoch: 2 })
    store.runs.saveUserMetric(id, 'test', 'ndcg@100', Float32Array.of(0.25, 1))
    store.runs.saveUserMetric(id, 'test', 'diversity@20', Float32Array.of(Number.NaN, 1))
    store.runs.finish(id, {
      bestEpoch: 2,
      validation: metrics(0.2),
      test: tested(0.3),
      segments,
      seconds: 3,
      rowsPerSecond: 400,
      peakBytes: 1e9,
      parameters: 1234,
    })
    store.jobs.end(job.id, 'finished', null)

    const other = openStore(library)
    expect(other.runs.get(id)).toMatchObject({
      status: { state: 'finished' },
      job: null,
      usable: true,
      bestEpoch: 2,
      validation: metrics(0.2),
      test: tested(0.3),
      segments,
      config: { hidden: 512, stages: '1e-3x15', augment: true },
      preparation: defaultPreparation,
      split: defaultSplit,
      splitSummary: summary,
      environment,
      epochs: [point(1), point(2)],
      checkpointBytes: 12,
      parameters: 1234,
    })
    expect(other.runs.split(id)).toEqual(split)
    expect(other.runs.checkpoint(id)).toEqual({ path: 'weights/run-1.safetensors', sha256: 'b', bytes: 12, epoch: 2 })
    expect(other.runs.userMetric(id, 'test', 'ndcg@100')).toEqual(Float32Array.of(0.25, 1))
    expect(other.runs.userMetric(id, 'test', 'diversity@20')).toEqual(Float32Array.of(Number.NaN, 1))
    expect(other.runs.userMetric(id, 'validation', 'ndcg@100')).toBeNull()
    other.close()
  })

  test('of version 0.1, with the headline metrics and a split without later settings, opens as it was', () => {
    const { id } = addRun()
    store.runs.finish(id, {
      bestEpoch: 1,
      validation: metrics(0.2),
      test: metrics(0.3),
      segments,
      seconds: 3,
      rowsPerSecond: 400,
      peakBytes: 1e9,
      parameters: 1,
    })
    store.close()
    const database = openDatabase(join(library, 'library.db'))
    database.exec(
      `DELETE FROM segments; UPDATE run SET stored_rows = NULL, preparation = '{"threshold":4,"minInteractions":5}', split = '{"seed":3,"test":null,"validation":2,"foldIn":0.8}'`,
    )
    database.close()
    store = openStore(library)
    const { test: kept, segments: none, split, preparation } = store.runs.get(id)
    expect(preparation).toEqual(defaultPreparation)
    expect(kept).toEqual(metrics(0.3))
    expect(none).toEqual([])
    expect(split).toEqual({ ...defaultSplit, seed: 3, validation: 2 })
  })

  test('ends once: later ends change nothing', () => {
    const { id } = addRun()
    store.runs.started(id, environment)
    store.runs.fail(id, failure)
    store.runs.cancel(id)
    store.runs.started(id, environment)
    expect(store.runs.get(id).status).toEqual({ state: 'failed', error: failure })
  })

  test('that does not exist is answered with those that do', () => {
    expect(() => store.runs.get(runId.parse(12))).toThrow('There is no run 12. Runs: none yet.')
    const { id, dataset } = addRun()
    addRun(dataset)
    store.runs.rename(id, 'renamed')
    expect(store.runs.get(id).name).toBe('renamed')
    for (const ask of [
      () => store.runs.get(runId.parse(12)),
      () => store.runs.delete(runId.parse(12)),
      () => store.runs.addEpoch(runId.parse(12), point(1)),
      () => store.runs.split(runId.parse(12)),
    ])
      expect(ask).toThrow(expect.objectContaining({ code: 'NOT_FOUND', message: 'There is no run 12. Runs: 1, 2.' }))
  })

  test('is listed newest first, by data set or of all', () => {
    const first = addRun()
    const second = addRun(addSmallDataset(store, 'other').id)
    expect(store.runs.list(null).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(store.runs.list(first.dataset).map(({ id }) => id)).toEqual([first.id])
  })

  test('is deleted with its data set, and its id is never reused', () => {
    const { id, dataset } = addRun()
    store.runs.addEpoch(id, point(1))
    const exported = store.exports.create({ run: id, fileName: 'a.csv', users: 3, unknown: 0, k: 10 })
    const job = store.jobs.create({
      kind: 'export',
      label: 'Export',
      specification: {},
      dataset,
      run: id,
      export: exported.id,
    })
    store.datasets.delete(dataset)
    expect(store.runs.list(null)).toEqual([])
    expect(store.exports.list()).toEqual([])
    expect(store.jobs.get(job.id)).toMatchObject({ dataset: null, run: null, export: null })
    expect(addRun().id).toBeGreaterThan(id)
  })
})

test('split files are stored once, by their content', () => {
  const file = { name: 'split.json', sha256: 'ab'.repeat(32) }
  expect(store.splitFiles.has(file.sha256)).toBe(false)
  expect(() => store.splitFiles.text(file)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  store.splitFiles.save(file.sha256, '{"catalogue":["é"]}')
  store.splitFiles.save(file.sha256, 'the same hash')
  expect(store.splitFiles.has(file.sha256)).toBe(true)
  expect(store.splitFiles.text(file)).toBe('{"catalogue":["é"]}')
})

describe('a job', () => {
  test('is queued by this process, run and ended once', () => {
    const specification = { kind: 'import', files: ['a'] }
    const job = store.jobs.create({
      kind: 'import',
      label: 'Import',
      specification,
      dataset: null,
      run: null,
      export: null,
    })
    expect(store.jobs.open()).toMatchObject([
      { job, owned: true, ours: true, running: false, hold: null, device: null },
    ])
    expect(store.jobs.claim(job.id, 'cpu', () => false)).toBe(false)
    expect(store.jobs.claim(job.id, 'cpu', (open) => open.length === 1)).toBe(true)
    expect(store.jobs.claim(job.id, 'cpu', () => true)).toBe(false)
    expect(store.jobs.open()).toMatchObject([
      { job: { id: job.id, state: 'running', startedAt: expect.any(String) }, running: true, device: 'cpu' },
    ])
    store.jobs.end(job.id, 'failed', failure)
    store.jobs.end(job.id, 'finished', null)
    const ended = { state: 'failed', error: failure, startedAt: expect.any(String), endedAt: expect.any(String) }
    expect(store.jobs.get(job.id)).toEqual({ ...job, ...ended })
    expect(store.jobs.open()).toEqual([])
    expect(store.jobs.list()).toHaveLength(1)
    expect(() => store.jobs.get(jobId.parse(9))).toThrow('There is no job 9. Jobs: 1.')
  })

  const training = (after: RunId | null = null): JobRow => {
    const run = addRun()
    const specification = { kind: 'train', run: run.id }
    return store.jobs.create({
      kind: 'train',
      label: 'Training',
      specification,
      dataset: run.dataset,
      run: run.id,
      export: null,
      after,
    })
  }
  const order = (): number[] => store.jobs.open().map(({ job }) => job.id)

  test('has a place in the queue, which people change', () => {
    const [first, second, third] = [training(), training(), training()]
    store.jobs.move(third.id, first.id)
    expect(order()).toEqual([third.id, first.id, second.id])
    store.jobs.move(third.id, null)
    expect(order()).toEqual([first.id, second.id, third.id])
    const fourth = training()
    expect(order().at(-1)).toBe(fourth.id)
    expect(() => store.jobs.move(jobId.parse(99), first.id)).toThrow('There is no job 99')
  })

  test('that is put back waits with its run, in its place, and says why it is held', () => {
    const [first, second] = [training(), training()]
    const run = first.run ?? runId.parse(1)
    store.jobs.claim(first.id, 'cpu', () => true)
    store.runs.started(run, { backend: 'cpu', version: '1', device: 'CPU', threads: 1 })
    store.jobs.putBack(first.id, 'person')
    expect(order()).toEqual([first.id, second.id])
    expect(store.jobs.get(first.id)).toMatchObject({ state: 'paused', reason: 'Paused by hand.', left: false })
    expect(store.runs.get(run).status).toEqual({ state: 'paused', reason: 'Paused by hand.' })
    store.jobs.hold(first.id, null)
    expect(store.runs.get(run).status).toEqual({ state: 'queued' })
    store.jobs.end(first.id, 'cancelled', null)
    store.jobs.putBack(first.id, null)
    expect(store.jobs.get(first.id).state).toBe('cancelled')
  })

  test('knows how far the run is that it should follow', () => {
    const first = training()
    const run = first.run ?? runId.parse(1)
    const follower = training(run)
    const after = (): unknown => store.jobs.open().find(({ job }) => job.id === follower.id)?.after
    expect(after()).toBe('open')
    store.runs.cancel(run)
    expect(after()).toBe('not finished')
    store.runs.delete(run)
    expect(after()).toBeNull()
  })

  test('belongs to one living process: another one cannot take it over', () => {
    const job = training()
    expect(store.jobs.adopt(job.id)).toBe(true)
    store.jobs.claim(job.id, 'cpu', () => true)
    expect(store.jobs.adopt(job.id)).toBe(false)
  })
})

describe('the trackers of a run', () => {
  const tracker = { kind: 'mlflow', folder: '/data/runs', problem: null, ended: false } as const

  test('are stored with it, and known to lack its end until they have it', () => {
    const run = addRun()
    store.runs.saveTrackers(run.id, [tracker])
    expect(store.runs.get(run.id).trackers).toEqual([tracker])
    expect(store.runs.endedBeforeTrackers()).toEqual([])
    store.runs.cancel(run.id)
    expect(store.runs.endedBeforeTrackers()).toEqual([run.id])
    store.runs.saveTrackers(run.id, [{ ...tracker, ended: true }])
    expect(store.runs.endedBeforeTrackers()).toEqual([])
  })
})

test('a run keeps the time of its first start, and has an end until it goes on', () => {
  const { id } = addRun()
  const times = (): (string | null)[] => [store.runs.get(id).startedAt, store.runs.get(id).endedAt]
  expect(times()).toEqual([null, null])
  store.runs.started(id, environment)
  const [began, none] = times()
  expect([began, none]).toEqual([expect.any(String), null])
  store.runs.fail(id, failure)
  expect(times()).toEqual([began, expect.any(String)])
  store.runs.requeue(id)
  store.runs.started(id, environment)
  expect(times()).toEqual([began, null])
})

describe('an export', () => {
  test('runs with its job and stores the result', () => {
    const run = addRun()
    const record = store.exports.create({ run: run.id, fileName: 'list.csv', users: 3, unknown: 0, k: 10 })
    const job = store.jobs.create({
      kind: 'export',
      label: 'Export',
      specification: {},
      dataset: run.dataset,
      run: run.id,
      export: record.id,
    })
    store.jobs.claim(job.id, 'cpu', () => true)
    expect(store.exports.get(record.id)).toMatchObject({ state: 'running', job: job.id, runName: 'first' })
    store.exports.finish(record.id, { rows: 30, bytes: 900, users: 3, popular: 1, leftOut: 2 })
    store.exports.fail(record.id, failure)
    store.jobs.end(job.id, 'finished', null)
    expect(store.exports.list()).toEqual([
      { ...record, state: 'finished', rows: 30, bytes: 900, job: null, popular: 1, leftOut: 2 },
    ])
    store.exports.delete(record.id)
    expect(() => store.exports.get(exportId.parse(record.id))).toThrow('There is no export 1. Exports: none yet.')
  })
})

test('settings outlive the process and keep values that a patch leaves out', () => {
  const fresh = {
    theme: 'system',
    lastRun: null,
    navigationCollapsed: false,
    automaticBackups: true,
    keptBackups: { newest: 3, daily: 7, weekly: 4 },
    queueRules: { left: 'ask', onlyOnMains: false, onlyWhenIdle: false, notBetween: null },
    notifications: true,
    keepStates: false,
    trackers: {},
  }
  expect(store.settings.read()).toEqual(fresh)
  store.settings.write({ theme: 'dark' })
  store.settings.write({ lastRun: 3 })
  const other = openStore(library)
  expect(other.settings.read()).toEqual({ ...fresh, theme: 'dark', lastRun: 3 })
  other.close()
})

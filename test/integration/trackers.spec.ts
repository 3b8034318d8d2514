import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DatasetId } from '../../src/shared/ids'
import { pausedBecause } from '../../src/shared/jobs'
import { runDetail, trainResult, type RunDetail } from '../../src/shared/runs'
import { exportedToTracker, trackerKinds } from '../../src/shared/trackers'
import { endOf, fewItems, importSample, resultOf, startStudio, tinyVasp, waitFor } from './studio.fixture'
import { Reader, readMlflow, readTensorboard, tensorboardRuns, trackerPackages } from './trackers.fixture'
import { ended, newDesk, type Desk } from './vasp.fixture'

let desk: Desk
let dataset: DatasetId
beforeAll(async () => {
  desk = newDesk()
  const studio = await startStudio(desk.library)
  dataset = await importSample(studio.engine)
  await studio.close()
})
afterAll(() => desk.remove())

/** The log folder of TensorBoard and the file store of MLflow of one test. */
let logs: string
let store: string
let tests = 0
beforeEach(() => {
  const folder = join(desk.folder, `trackers-${tests++}`)
  ;[logs, store] = [join(folder, 'logs'), join(folder, 'store')]
})

const train = (stages: string, ...more: string[]): string[] => [
  ...['train', '--data', String(dataset), '--model', 'vasp', '--most-popular', '20%', '--test', '60'],
  ...['--validation', '60', '--set', 'hidden=32', '--set', 'latent=16', '--set', `stages=${stages}`, ...more],
]
const tracked = (): string[] => ['--tensorboard', logs, '--mlflow', store]
const runOf = (id: number): Promise<RunDetail> => desk.json(runDetail, 'run', 'show', String(id))

const f32 = Math.fround
const only = <T>(values: Readonly<Record<string, T>>): T => {
  const [[, value] = [], ...more] = Object.entries(values)
  if (value === undefined || more.length > 0) throw new Error(`Not one: ${Object.keys(values).join(', ')}`)
  return value
}

/** Every figure of a run: by name, the values with their steps and times (in milliseconds). */
function figuresOf(run: RunDetail): Map<string, [at: number, step: number, value: number][]> {
  const figures = new Map<string, [number, number, number][]>()
  const add = (name: string, at: string | null | undefined, step: number, value: number | null): void => {
    if (value === null) return
    figures.set(name, [...(figures.get(name) ?? []), [Date.parse(at ?? 'missing'), step, value]])
  }
  for (const { at, epoch, loss, validation, label, seconds, rowsPerSecond } of run.epochs) {
    for (const [name, value] of Object.entries(loss)) add(`loss/${name}`, at, epoch, value)
    for (const [name, { mean }] of Object.entries(validation)) add(`validation/${name}`, at, epoch, mean)
    add('training/seconds_per_epoch', at, epoch, seconds)
    add('training/rows_per_second', at, epoch, rowsPerSecond)
    if (label.startsWith('lr ')) add('training/learning_rate', at, epoch, Number(label.slice(3)))
  }
  const { endedAt, bestEpoch } = run
  if (run.status.state !== 'finished' || bestEpoch === null) return figures
  for (const [name, { mean }] of Object.entries(run.validation ?? {}))
    add(`best_validation/${name}`, endedAt, bestEpoch, mean)
  for (const [name, metric] of Object.entries(run.test ?? {})) {
    if (!metric) continue
    const { mean, se } = metric
    add(`test/${name}`, endedAt, bestEpoch, mean)
    add(`test_standard_error/${name}`, endedAt, bestEpoch, se)
  }
  add('run/best_epoch', endedAt, bestEpoch, bestEpoch)
  add('run/seconds', endedAt, bestEpoch, run.seconds)
  add('run/rows_per_second', endedAt, bestEpoch, run.rowsPerSecond)
  add('run/peak_bytes', endedAt, bestEpoch, run.peakBytes)
  add('run/parameters', endedAt, bestEpoch, run.parameters)
  return figures
}

/** TensorBoard has each figure once, as float32, with times in seconds. */
const inTensorboard = (run: RunDetail) =>
  Object.fromEntries(
    [...figuresOf(run)].map(([name, points]) => [
      name,
      points.map(([at, step, value]) => [at / 1000, step, f32(value)]),
    ]),
  )
/** MLflow has each as it is. */
const inMlflow = (run: RunDetail) =>
  Object.fromEntries([...figuresOf(run)].map(([name, points]) => [name.replace('@', '_at_'), points]))

const settingsOf = (run: RunDetail): Record<string, string | number> => ({
  ...run.config,
  'run.model': run.model,
  'run.preset': run.preset ?? 'none',
  'run.seed': run.seed,
  'data.name': run.datasetName,
  'data.fingerprint': run.fingerprint,
  'split.method': run.split.method,
  'preparation.min_per_item': run.preparation.minPerItem,
  'environment.device': run.environment?.device ?? 'not known',
  'environment.commit': run.environment?.commit ?? 'not known',
  'environment.version': run.environment?.version ?? 'not known',
})

/** Both trackers, read by their own programs, have this run alone, with all of its figures. */
async function expectBoth(run: RunDetail): Promise<void> {
  const { runs, sessions } = await readTensorboard(logs)
  const shown = only(runs)
  expect(shown.scalars).toEqual(inTensorboard(run))
  expect(shown.hparams.settings).toMatchObject(settingsOf(run))
  expect(shown.hparams.start).toBe(Date.parse(run.startedAt ?? '') / 1000)
  expect(shown.texts['run/text_summary']).toHaveLength(1)
  expect(Object.keys(sessions)).toEqual(Object.keys(runs))

  const there = only(only(await readMlflow(store)))
  expect(there.metrics).toEqual(inMlflow(run))
  expect(there.params).toMatchObject(
    Object.fromEntries(Object.entries(settingsOf(run)).map(([name, value]) => [name, String(value)])),
  )
  expect(there.start).toBe(Date.parse(run.startedAt ?? ''))
}

describe.skipIf(trackerPackages === undefined)('read by the real TensorBoard and MLflow', () => {
  it('a training is there with every figure, its settings, tags, note and end', async () => {
    const labels = ['--tag', 'baseline', '--tag', 'the new one', '--note', '**Why**: a | b\nand more']
    const { run: id } = await desk.json(trainResult, ...train('1e-3x2,1e-4x2', ...labels, ...tracked()))
    const run = await runOf(id)
    expect(run.epochs).toHaveLength(4)
    expect(run.trackers.map(({ problem, ended: whole }) => [problem, whole])).toEqual([
      [null, true],
      [null, true],
    ])
    await expectBoth(run)
    const { runs, sessions } = await readTensorboard(logs)
    const [name = ''] = Object.keys(runs)
    expect(runs[name]!.hparams).toMatchObject({ status: 'STATUS_SUCCESS', end: Date.parse(run.endedAt!) / 1000 })
    expect(runs[name]!.texts['run/text_summary']![0]).toContain(run.note)
    expect(sessions[name]).toMatchObject({ status: 'STATUS_SUCCESS' })
    expect(sessions[name]!.settings).toEqual(expect.arrayContaining(['latent', 'run.seed']))
    expect(Object.keys(sessions[name]!.metrics)).toContain('|test/ndcg@100')

    const experiments = await readMlflow(store)
    expect(Object.keys(experiments)).toEqual([run.datasetName])
    const there = only(only(experiments))
    expect(there).toMatchObject({ name: run.name, status: 'FINISHED', end: Date.parse(run.endedAt!) })
    expect(there.tags).toMatchObject({
      baseline: 'true',
      'the new one': 'true',
      'mlflow.note.content': run.note,
      'mlflow.runName': run.name,
    })
    expect(there.artifacts).toEqual(['run.json'])
  })

  it('a training that was killed goes on there, with each epoch once, also in a TensorBoard that shows it', async () => {
    const host = desk.start(...train('1e-3x60', '--set', 'patience=0', ...tracked()))
    const end = ended(host)
    await expect.poll(() => linesOfLoss(), { timeout: 60_000 }).toBeGreaterThan(5)
    await expect.poll(() => keptStates(), { timeout: 60_000 }).toBeGreaterThan(0)
    host.kill('SIGKILL')
    await end
    // A worker that has lost its host ends in a moment.
    await wait(1500)
    const before = linesOfLoss()
    const reader = new Reader('tensorboard', logs, tensorboardRuns)
    try {
      const shown = only((await reader.first()).runs)
      expect(shown.scalars['loss/total']!.length).toBeGreaterThan(5)
      expect(shown.hparams.status).toBeUndefined()
      expect(only(only(await readMlflow(store)))).toMatchObject({ status: 'RUNNING', end: null })
      // The next program that shows the library finds that it waits.
      const studio = await startStudio(desk.library, 'browser')
      await studio.close()
      const waits = only(only(await readMlflow(store)))
      expect(waits).toMatchObject({ status: 'SCHEDULED', end: null })
      expect(waits.tags['vasp_studio.paused']).toBe(pausedBecause(null))

      const [{ id } = { id: 0 }] = await listed()
      const { run } = await desk.json(trainResult, 'resume', String(id))
      const resumed = await runOf(run)
      expect(resumed.continued).toHaveLength(1)
      expect(resumed.continued[0]!.epochs).toBeLessThanOrEqual(before + 1)
      expect(resumed.epochs).toHaveLength(60)
      await expectBoth(resumed)
      expect(only((await reader.again()).runs).scalars).toEqual(inTensorboard(resumed))
      expect(only(only(await readMlflow(store)))).toMatchObject({ status: 'FINISHED' })
    } finally {
      reader.close()
    }
  })

  it('a training that is paused waits there, when its program has ended, too, and runs there again when it goes on', async () => {
    const there = async () => only(only(await readMlflow(store)))
    mkdirSync(store, { recursive: true })
    const first = await startStudio(desk.library)
    const { run, job } = await first.engine.client.runs.train({
      ...{ dataset, model: 'vasp', preset: null, overrides: { ...tinyVasp, stages: '1e-3x4000', patience: 0 } },
      ...{ seed: 1, name: null, preparation: { threshold: 4, minInteractions: 5, ...fewItems } },
      split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
      trackers: { mlflow: store },
    })
    await waitFor(first.engine, job, ({ type }) => type === 'epoch')
    expect(await there()).toMatchObject({ status: 'RUNNING', end: null })
    await first.engine.client.jobs.pause({ job })
    await expect.poll(there, { timeout: 60_000 }).toMatchObject({ status: 'SCHEDULED', end: null })
    expect((await there()).tags['vasp_studio.paused']).toBe(pausedBecause('person'))

    await first.engine.client.jobs.goOn({ jobs: [job] })
    await expect.poll(async () => (await there()).status, { timeout: 60_000 }).toBe('RUNNING')
    expect((await there()).tags).not.toHaveProperty('vasp_studio.paused')
    await first.close()
    const left = await there()
    expect(left).toMatchObject({ status: 'SCHEDULED', end: null })
    expect(left.tags['vasp_studio.paused']).toBe(pausedBecause(null))
    expect(Object.keys(left.metrics)).toContain('loss/total')

    const second = await startStudio(desk.library)
    await second.engine.client.jobs.cancel({ job })
    await second.close()
    const cancelled = await runOf(run)
    expect(await there()).toMatchObject({ status: 'KILLED', end: Date.parse(cancelled.endedAt!) })
  })

  it('a training that was cancelled has ended there', async () => {
    const host = desk.start(...train('1e-3x400', '--set', 'patience=0', ...tracked()))
    const end = ended(host)
    await expect.poll(() => linesOfLoss(), { timeout: 60_000 }).toBeGreaterThan(2)
    host.kill('SIGINT')
    await end
    const [{ id } = { id: 0 }] = await listed()
    const run = await runOf(id)
    expect(run.status.state).toBe('cancelled')
    await expectBoth(run)
    expect(only(only(await readMlflow(store)))).toMatchObject({ status: 'KILLED', end: Date.parse(run.endedAt!) })
  })

  it('runs that have ended are written there afterwards, several at once, as if they had been tracked', async () => {
    const candidates = ['train', '--data', String(dataset), '--model', 'ease', '--set', 'lambdas=100,200']
    const { run: first } = await desk.json(trainResult, ...train('1e-3x2'))
    const { run: second } = await desk.json(trainResult, ...candidates, '--most-popular', '20%')
    const runs = [await runOf(first), await runOf(second)]
    for (const [kind, folder] of [
      ['tensorboard', logs],
      ['mlflow', store],
    ] as const) {
      const exported = await desk.json(exportResult, 'run', 'export', `${first},${second}`, folder, '--to', kind)
      expect(exported).toMatchObject({ to: kind, folder })
      expect(exported.runs.map(({ run, epochs, estimatedTimes }) => [run, epochs, estimatedTimes])).toEqual(
        runs.map(({ id, epochs }) => [id, epochs.length, false]),
      )
    }
    const shown = await readTensorboard(logs)
    const experiment = only(await readMlflow(store))
    for (const run of runs) {
      const name = Object.keys(shown.runs).find((one) => one.includes(`-run-${run.id}-`)) ?? ''
      expect(shown.runs[name]?.scalars).toEqual(inTensorboard(run))
      const there = Object.values(experiment).find(({ tags }) => tags['vasp_studio.run'] === String(run.id))
      expect(there?.metrics).toEqual(inMlflow(run))
    }
    expect(figuresOf(runs[1]!).has('training/learning_rate')).toBe(false)
    expect(Object.values(experiment).map(({ tags }) => tags['vasp_studio.best_epoch'])).toEqual(
      expect.arrayContaining([expect.stringMatching(/^epoch \d \(λ = \d+\)$/)]),
    )
  })
})

const exportResult = z.object({ to: z.string(), folder: z.string(), runs: z.array(exportedToTracker) })
const listed = async (): Promise<{ id: number }[]> =>
  (await desk.json(z.object({ runs: z.array(z.object({ id: z.number() })) }), 'runs')).runs

/** States from which runs of the library can go on. */
function keptStates(): number {
  const database = new Database(join(desk.library, 'library.db'), { readonly: true })
  try {
    return database.prepare<[], number>('SELECT count(*) FROM run_state').pluck().get() ?? 0
  } finally {
    database.close()
  }
}

/** Epochs that the only run of the file store has; 0 before there is one. */
function linesOfLoss(): number {
  if (!existsSync(store)) return 0
  const file = readdirSync(store, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('loss/total'))
  return file === undefined ? 0 : readFileSync(join(store, file), 'utf8').split('\n').length - 1
}

describe('runs that are written for trackers afterwards', () => {
  it('are refused where they are, unless they are to be written again; nothing is written if one is refused', async () => {
    const { run: first } = await desk.json(trainResult, ...train('1e-3x1'))
    const { run: second } = await desk.json(trainResult, ...train('1e-3x1', '--seed', '2'))
    for (const kind of trackerKinds) {
      const folder = join(desk.folder, `again-${kind}`)
      await desk.json(exportResult, 'run', 'export', String(first), folder, '--to', kind)
      const before = readdirSync(folder, { recursive: true }).length
      const refused = await desk.failure('run', 'export', `${second},${first}`, folder, '--to', kind)
      expect(refused).toMatchObject({ code: 'CONFLICT' })
      expect(refused.next).toContain('--force')
      expect(readdirSync(folder, { recursive: true })).toHaveLength(before)
      await desk.json(exportResult, 'run', 'export', `${second},${first}`, folder, '--to', kind, '--force')
      expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(before)
    }
  })

  it('are refused with a file in the way, a folder of something else, options of files, or several runs for a file', async () => {
    const { run } = await desk.json(trainResult, ...train('1e-3x1'))
    const file = join(desk.folder, 'file.txt')
    writeFileSync(file, '')
    const to = ['run', 'export', String(run)]
    expect(await desk.failure(...to, file, '--to', 'mlflow')).toMatchObject({ message: expect.stringContaining(file) })
    expect(await desk.failure(...to, desk.folder, '--to', 'mlflow')).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('no experiment'),
    })
    expect(await desk.failure(...to, logs, '--to', 'tensorboard', '--with-data')).toMatchObject({ code: 'BAD_INPUT' })
    expect(await desk.failure('run', 'export', `${run},${run}`, 'x.vasprun')).toMatchObject({ code: 'BAD_INPUT' })
    expect(await desk.failure('run', 'export', '999', logs, '--to', 'tensorboard')).toMatchObject({ code: 'NOT_FOUND' })
    expect(existsSync(logs)).toBe(false)
  })
})

describe('the folder of a tracker', () => {
  const request = (folder: string, stages: string) => ({
    ...{ dataset, model: 'vasp', preset: null, overrides: { ...tinyVasp, stages }, seed: 1, name: null },
    preparation: { threshold: 4, minInteractions: 5, ...fewItems },
    split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
    trackers: { mlflow: folder },
  })
  const linesIn = (folder: string): number[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('metrics/validation/'))
      .map((name) => readFileSync(join(folder, name), 'utf8').split('\n').length - 1)

  it('that can no longer be written does not fail the training, and the run says so', async () => {
    mkdirSync(store, { recursive: true })
    const studio = await startStudio(desk.library)
    try {
      const { run, job } = await studio.engine.client.runs.train(request(store, '1e-3x2'))
      rmSync(store, { recursive: true })
      writeFileSync(store, '')
      expect((await endOf(studio.engine, job)).type).toBe('finished')
      const detail = await studio.engine.client.runs.get({ run })
      expect(detail.epochs).toHaveLength(2)
      expect(detail.trackers).toEqual([
        { kind: 'mlflow', folder: store, problem: expect.stringContaining(store) as string, ended: false },
      ])
    } finally {
      await studio.close()
    }
    const [{ id } = { id: 0 }] = await listed()
    const { stderr } = await desk.vasp('run', 'show', String(id))
    expect(stderr).toContain(`could not be written to MLflow in ${store}`)
    expect(stderr).toContain(`vasp run export ${id} "${store}" --to mlflow`)
  })

  it('that is there again has all of the run at its end, and nothing is said', async () => {
    mkdirSync(store, { recursive: true })
    const studio = await startStudio(desk.library)
    try {
      const { run, job } = await studio.engine.client.runs.train(request(store, '1e-3x12'))
      rmSync(store, { recursive: true })
      writeFileSync(store, '')
      await waitFor(studio.engine, job, ({ type }) => type === 'epoch')
      expect((await studio.engine.client.runs.get({ run })).trackers[0]?.problem).toContain(store)
      rmSync(store)
      mkdirSync(store)
      await resultOf(studio.engine, job)
      const { trackers, epochs } = await studio.engine.client.runs.get({ run })
      expect(trackers).toMatchObject([{ problem: null, ended: true }])
      const lines = linesIn(store)
      expect(new Set(lines)).toEqual(new Set([epochs.length]))
    } finally {
      await studio.close()
    }
  })

  it('of the setting has the runs of every training, and must exist', async () => {
    const studio = await startStudio(desk.library)
    const { client } = studio.engine
    try {
      await expect(client.system.writeSettings({ trackers: { mlflow: store } })).rejects.toMatchObject({
        data: { code: 'NOT_FOUND' },
      })
      await expect(client.system.writeSettings({ trackers: { mlflow: 'runs' } })).rejects.toThrow()
      mkdirSync(store, { recursive: true })
      expect((await client.system.writeSettings({ trackers: { mlflow: store } })).trackers).toEqual({ mlflow: store })
      const { trackers: _, ...without } = request(store, '1e-3x1')
      const { job, run } = await client.runs.train(without)
      await resultOf(studio.engine, job)
      expect((await client.runs.get({ run })).trackers).toMatchObject([{ kind: 'mlflow', folder: store, ended: true }])
      expect(linesIn(store)).toHaveLength(3)
    } finally {
      await client.system.writeSettings({ trackers: {} })
      await studio.close()
    }
  })
})

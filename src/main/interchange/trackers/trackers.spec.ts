import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { trackerKinds } from '../../../shared/trackers'
import { aPoint, aTrackedRun } from './tracked.fixture'
import { trackedEpoch, trackedRun } from './tracked-run'
import { mlflow } from './mlflow'
import { tensorboard } from './tensorboard'
import { trackers } from './trackers'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'vasp-trackers-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const running = { status: { state: 'running' }, endedAt: null } as const
const epoch = (number: number) => trackedEpoch(aPoint(number), Date.parse(aPoint(number).at!))
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
const contents = (): Map<string, string> =>
  // The name of an event file has the time at which it was begun, an experiment that at which it was made.
  new Map(
    filesBelow(folder)
      .filter((file) => statSync(file).size > 0)
      .map((file) => [
        file.replace(/(?<=tfevents\.)\d+/, 'T'),
        readFileSync(file, 'latin1').replace(/(creation|last_update)_time: \d+/g, ''),
      ]),
  )

describe.each(trackerKinds)('%s', (kind) => {
  it('has the same files whether epochs were added one by one or written together', async () => {
    const log = await trackers[kind].write(folder, trackedRun(aTrackedRun([aPoint(1)], running)))
    await log.add(epoch(2))
    await log.add(epoch(3))
    const whole = trackedRun(aTrackedRun([1, 2, 3].map((number) => aPoint(number))))
    await log.end(whole)
    const added = contents()
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    await trackers[kind].write(folder, whole)
    expect(contents()).toEqual(added)
  })

  it('has what is known now, and nothing of what was written before', async () => {
    await trackers[kind].write(folder, trackedRun(aTrackedRun([1, 2, 3].map((number) => aPoint(number)))))
    const back = trackedRun(aTrackedRun([aPoint(1)], running))
    const { path } = await trackers[kind].write(folder, back)
    const again = contents()
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    await trackers[kind].write(folder, back)
    expect(again).toEqual(contents())
    expect(await trackers[kind].find(folder, back)).toBe(path)
  })

  it('finds a run under its new name, and no other run', async () => {
    const { path } = await trackers[kind].write(folder, trackedRun(aTrackedRun([aPoint(1)])))
    expect(await trackers[kind].find(folder, trackedRun(aTrackedRun([], { name: 'renamed' })))).toBe(path)
    expect(await trackers[kind].find(folder, trackedRun(aTrackedRun([], { seed: 2 })))).toBeNull()
  })

  it('gives its files the permissions of the folder', async () => {
    chmodSync(folder, 0o775)
    const umask = process.umask(0o077)
    try {
      const { path } = await trackers[kind].write(folder, trackedRun(aTrackedRun([aPoint(1)])))
      expect(statSync(path).mode & 0o777).toBe(0o775)
      for (const file of filesBelow(folder)) expect(statSync(file).mode & 0o777, file).toBe(0o664)
    } finally {
      process.umask(umask)
    }
  })

  it('does not begin a file anew that somebody has removed', async () => {
    const log = await trackers[kind].write(folder, trackedRun(aTrackedRun([aPoint(1)], running)))
    rmSync(log.path, { recursive: true })
    await expect(log.add(epoch(2))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('TensorBoard', () => {
  it('leaves event files of others alone', async () => {
    const { path } = await tensorboard.write(folder, trackedRun(aTrackedRun([aPoint(1)])))
    writeFileSync(join(path, 'events.out.tfevents.1.other'), '')
    await expect(tensorboard.write(folder, trackedRun(aTrackedRun([])))).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(readdirSync(path)).toHaveLength(2)
  })

  it('names a newer file so that it is read later, although the clock went back', async () => {
    const { path } = await tensorboard.write(folder, trackedRun(aTrackedRun([aPoint(1)])))
    const [first = ''] = readdirSync(path)
    await tensorboard.write(folder, trackedRun(aTrackedRun([aPoint(1)])))
    const names = readdirSync(path).sort()
    expect(names).toHaveLength(2)
    expect(names.map((name) => statSync(join(path, name)).size > 0)).toEqual([false, true])
    expect(names[0]).toBe(first)
  })
})

describe('MLflow', () => {
  const meta = (...path: string[]): unknown => parse(readFileSync(join(folder, ...path, 'meta.yaml'), 'utf8'))

  it('uses the experiment of that name, also one that MLflow has made', async () => {
    mkdirSync(join(folder, '123'))
    const text = "artifact_location: file:///x\nexperiment_id: '123'\nlifecycle_stage: active\nname: MovieLens small\n"
    writeFileSync(join(folder, '123', 'meta.yaml'), text)
    const { path } = await mlflow.write(folder, trackedRun(aTrackedRun([aPoint(1)])))
    expect(path.startsWith(join(folder, '123'))).toBe(true)
    expect(readdirSync(folder)).toEqual(['123'])
  })

  it('writes names as texts, whatever they look like', async () => {
    await mlflow.write(folder, trackedRun(aTrackedRun([], { name: '2026-01-01', datasetName: 'yes: no' })))
    const [experiment = ''] = readdirSync(folder)
    expect(meta(experiment)).toMatchObject({ name: 'yes: no', experiment_id: experiment })
    const [run = ''] = readdirSync(join(folder, experiment)).filter((name) => name !== 'meta.yaml')
    expect(meta(experiment, run)).toMatchObject({ run_name: '2026-01-01', status: 3, run_id: run })
  })

  it.each([
    ['finished', 3],
    ['failed', 4],
    ['cancelled', 5],
    ['running', 1],
  ] as const)('has the status of a run that is %s', async (state, number) => {
    const error = { code: 'INTERNAL', message: 'It broke.', next: 'Again.' } as const
    const status = state === 'failed' ? { state, error } : { state }
    const { path } = await mlflow.write(folder, trackedRun(aTrackedRun([aPoint(1)], { status })))
    expect(parse(readFileSync(join(path, 'meta.yaml'), 'utf8'))).toMatchObject({
      status: number,
      end_time: state === 'running' ? null : Date.parse('2026-11-01T10:00:09.000Z'),
    })
  })

  it('keeps tags that are names in MLflow or of files from being taken for these', async () => {
    const tags = ['mlflow.runName', 'a/b', '..', 'größe 2']
    const { path } = await mlflow.write(folder, trackedRun(aTrackedRun([], { tags })))
    expect(readFileSync(join(path, 'tags', 'mlflow.runName'), 'utf8')).toBe('Baseline, größer')
    expect(readdirSync(join(path, 'tags'))).toEqual(
      expect.arrayContaining(['_mlflow.runName', 'a_b', '_..', 'größe 2']),
    )
  })

  it('is not made in a folder with files of something else', async () => {
    writeFileSync(join(folder, 'notes.txt'), '')
    await expect(mlflow.check(folder)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(mlflow.write(folder, trackedRun(aTrackedRun([])))).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(readdirSync(folder)).toEqual(['notes.txt'])
  })
})

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetId, ExperimentId, JobId } from '../../src/shared/ids'
import { defaultMapSettings } from '../../src/shared/maps'
import { defaultPreparation, defaultSplit } from '../../src/shared/runs'
import {
  endOf,
  importSample,
  ratingsMapping,
  startStudio,
  startTraining,
  fewItems,
  tinyVasp,
  waitFor,
  writeRatings,
  type Studio,
} from './studio.fixture'

let studio: Studio
let dataset: DatasetId

beforeAll(async () => {
  studio = await startStudio()
  dataset = await importSample(studio.engine)
})
afterAll(() => studio.remove())

/** What the product promises, in milliseconds. */
const promised = 2000
/** Moments after a job began, in milliseconds: while it starts, prepares, and works. */
const moments = [0, 150, 700, 1500, 3000]

async function cancelInTime(job: JobId): Promise<void> {
  const asked = performance.now()
  await studio.engine.client.jobs.cancel({ job })
  expect(performance.now() - asked).toBeLessThan(promised)
  const found = (await studio.engine.client.jobs.list()).find(({ id }) => id === job)
  expect(['cancelled', 'finished']).toContain(found?.state)
}

/** The job that trains for an experiment, as soon as there is one. */
async function trainingOf(id: ExperimentId): Promise<JobId> {
  for await (const { job } of await studio.engine.client.experiments.watch({ id })) if (job !== null) return job
  throw new Error(`Experiment ${id} ended without training.`)
}

function isRunning(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? NaN, 0)
  } catch {
    return false
  }
}

const startImport = async (name: string): Promise<JobId> => {
  const file = join(studio.library, 'ratings.csv')
  const { job } = await studio.engine.client.datasets.import({
    name,
    ratings: [studio.engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
  })
  return job
}

describe('cancelling takes less than two seconds', () => {
  it('of an import, which leaves nothing behind', async () => {
    writeRatings(join(studio.library, 'ratings.csv'), 20_000, 60)
    for (const moment of moments) {
      const job = await startImport(`cancelled at ${moment}`)
      await pause(moment)
      await cancelInTime(job)
    }
    const { client } = studio.engine
    const finished = (await client.jobs.list()).filter((job) => job.kind === 'import' && job.state === 'finished')
    expect((await client.datasets.list()).length).toBe(finished.length)
  })

  it('of training, whose best epoch stays usable', async () => {
    for (const moment of moments) {
      const { job } = await startTraining(studio.engine, dataset, 'vasp', { stages: '1e-3x100' })
      await pause(moment)
      await cancelInTime(job)
    }
    const { run, job } = await startTraining(studio.engine, dataset, 'vasp', {
      ...tinyVasp,
      stages: '1e-3x500',
      patience: 0,
    })
    await waitFor(studio.engine, job, ({ type }) => type === 'epoch')
    await cancelInTime(job)
    const detail = await studio.engine.client.runs.get({ run })
    expect(detail).toMatchObject({ status: { state: 'cancelled' }, usable: true, job: null })
    const who = { kind: 'user', user: '1' } as const
    expect((await studio.engine.client.explore.recommend({ run, who, k: 5 })).items.length).toBe(5)
  })

  it('of solving EASE', async () => {
    for (const moment of moments) {
      const { job } = await startTraining(studio.engine, dataset, 'ease', {})
      await pause(moment)
      await cancelInTime(job)
    }
    const { job } = await startTraining(studio.engine, dataset, 'ease', {})
    await waitFor(studio.engine, job, (event) => event.type === 'progress' && event.progress.stage.includes('Solv'))
    await cancelInTime(job)
  })

  it('of an export removes its file', async () => {
    const { client } = studio.engine
    const { run, job } = await startTraining(studio.engine, dataset, 'popularity', {})
    await endOf(studio.engine, job)
    for (const moment of [0, 300, 1200]) {
      const started = await client.exports.create({ run, users: 'all', k: 1000 })
      await pause(moment)
      await cancelInTime(started.job)
      const record = (await client.exports.list()).find(({ id }) => id === started.export)
      expect(['cancelled', 'finished']).toContain(record?.state)
      if (record?.state === 'cancelled') {
        const left = readdirSync(join(studio.library, 'exports')).filter((name) => name.includes(`-${started.export}.`))
        expect(left).toEqual([])
      }
    }
  })

  it('of a sensitivity map during t-SNE stores nothing', async () => {
    const { client } = studio.engine
    const { run, job: training } = await startTraining(studio.engine, dataset, 'vasp', tinyVasp, fewItems)
    expect((await endOf(studio.engine, training)).type).toBe('finished')
    const settings = { ...defaultMapSettings, items: null, iterations: 20_000 }
    const { job } = await client.maps.create({ run, settings })
    await waitFor(
      studio.engine,
      job,
      (event) => event.type === 'progress' && event.progress.stage === 'Placing items' && event.progress.done > 0,
    )
    await cancelInTime(job)
    expect(await endOf(studio.engine, job)).toEqual({ type: 'cancelled' })
    expect(await client.maps.list({ run })).toEqual([])
    expect(isRunning(studio.workers.at(-1))).toBe(false)
  })

  it('of an experiment while one of its runs trains, whose table then has nothing of that run', async () => {
    const { client } = studio.engine
    const { id } = await client.experiments.create({
      name: null,
      subject: { kind: 'table-1', presets: 'small' },
      datasets: [dataset],
      preparations: [defaultPreparation],
      splits: [{ ...defaultSplit, test: 60, validation: 60 }],
      seeds: [1],
      reuse: true,
    })
    const job = await trainingOf(id)
    await waitFor(studio.engine, job, ({ type }) => type === 'epoch')
    const asked = performance.now()
    expect(await client.experiments.cancel({ id })).toEqual({ cancelled: true })
    expect(performance.now() - asked).toBeLessThan(promised)
    expect(await client.experiments.get({ id })).toMatchObject({ state: 'stopped', finished: 0, job: null })
    expect((await client.jobs.list()).filter(({ state }) => state === 'running' || state === 'queued')).toEqual([])
    const [table] = await client.experiments.tables({ id, metrics: ['ndcg@100'], heldOut: 'test' })
    expect(table?.rows.map(({ cells, runs, missing }) => ({ cells, runs, missing }))).toEqual(
      Array.from({ length: 3 }, () => ({ cells: {}, runs: [], missing: 1 })),
    )
    expect(isRunning(studio.workers.at(-1))).toBe(false)
  })
})

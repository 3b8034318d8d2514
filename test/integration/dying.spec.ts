import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayBeAlive } from '../../src/main/store/process-lock'
import type { DatasetId } from '../../src/shared/ids'
import {
  appRoot,
  endOf,
  importSample,
  newLibrary,
  ratingsMapping,
  startStudio,
  startTraining,
  fewItems,
  tinyVasp,
  waitFor,
  writeRatings,
  type Studio,
} from './studio.fixture'

const endless = { ...tinyVasp, stages: '1e-3x1000', patience: 0 }
const who = { kind: 'user', user: '1' } as const

describe('a worker that is killed', () => {
  let studio: Studio
  let dataset: DatasetId

  beforeAll(async () => {
    studio = await startStudio()
    // A backup that falls due between would be the newest worker, and be killed in place of the job's.
    await studio.engine.client.system.writeSettings({ automaticBackups: false })
    dataset = await importSample(studio.engine)
  })
  afterAll(() => studio.remove())

  it('leaves a failed run with the reason, and its best epoch usable', async () => {
    const { client } = studio.engine
    const { run, job } = await startTraining(studio.engine, dataset, 'vasp', endless, fewItems)
    await waitFor(studio.engine, job, ({ type }) => type === 'epoch')
    process.kill(studio.workers.at(-1) ?? 0, 'SIGKILL')
    expect(await endOf(studio.engine, job)).toMatchObject({ type: 'failed', error: { code: 'WORKER_ENDED' } })
    const detail = await client.runs.get({ run })
    expect(detail).toMatchObject({ status: { state: 'failed' }, usable: true, job: null })
    expect(detail.status.state === 'failed' && detail.status.error.message).toMatch(/SIGKILL.*memory\.$/)
    expect((await client.explore.recommend({ run, who, k: 5 })).items.length).toBe(5)
    expect((await client.jobs.list())[0]).toMatchObject({ id: job, state: 'failed' })
  })

  it('does not keep the next job from running', async () => {
    const { job } = await startTraining(studio.engine, dataset, 'popularity', {})
    expect((await endOf(studio.engine, job)).type).toBe('finished')
  })

  it('leaves nothing of an import', async () => {
    const file = join(studio.library, 'ratings.csv')
    writeRatings(file, 20_000, 60)
    const { job } = await studio.engine.client.datasets.import({
      name: 'killed',
      ratings: [studio.engine.registerFile(file)],
      items: null,
      mapping: ratingsMapping,
      itemMapping: null,
    })
    await waitFor(studio.engine, job, ({ type }) => type === 'progress')
    process.kill(studio.workers.at(-1) ?? 0, 'SIGKILL')
    expect(await endOf(studio.engine, job)).toMatchObject({ type: 'failed', error: { code: 'WORKER_ENDED' } })
    expect((await studio.engine.client.datasets.list()).map(({ name }) => name)).not.toContain('killed')
    const database = new Database(join(studio.library, 'library.db'), { readonly: true })
    const left = database.prepare("SELECT count(*) FROM dataset WHERE state = 'importing'").pluck()
    for (let tries = 0; left.get() !== 0 && tries < 100; tries++) await pause(100)
    expect(left.get()).toBe(0)
    database.close()
    expect(readdirSync(join(studio.library, 'scratch'))).toEqual([])
  })

  it('is replaced when it served the explorer', async () => {
    const { client } = studio.engine
    const [run] = (await client.runs.list({ dataset })).filter(({ usable }) => usable)
    if (!run) throw new Error('no usable run')
    await client.explore.recommend({ run: run.id, who, k: 1 })
    process.kill(studio.workers.at(-1) ?? 0, 'SIGKILL')
    expect((await client.explore.recommend({ run: run.id, who, k: 1 })).items.length).toBe(1)
  })
})

describe('a host that is killed', () => {
  it('ends its worker; its training waits in the queue with the reason, keeps its checkpoint and can go on', async () => {
    const library = newLibrary()
    const first = await startStudio(library)
    await importSample(first.engine)
    await first.close()

    const host = fork(join(appRoot, 'out/main/cli.js'), trainArguments(library), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    })
    const second = await startStudio(library)
    try {
      const { client } = second.engine
      const run = await firstEpoch(second)
      expect((await client.jobs.list())[0]).toMatchObject({ state: 'running' })
      await expect(client.datasets.delete({ id: run.dataset })).rejects.toMatchObject({ data: { code: 'CONFLICT' } })
      const job = run.job
      if (job === null) throw new Error('a running run has a job')

      const watched = waitFor(second.engine, job, ({ type }) => type === 'paused')
      await killed(host)
      const reason = 'VASP Studio ended before this was done.'
      expect(await watched).toEqual({ type: 'paused', reason })
      const found = await client.runs.get({ run: run.id })
      expect(found).toMatchObject({ status: { state: 'paused', reason }, usable: true, job })
      expect((await client.explore.recommend({ run: run.id, who, k: 3 })).items.length).toBe(3)
      await second.close()

      const third = await startStudio(library)
      expect((await third.engine.client.jobs.list())[0]).toMatchObject({ id: job, state: 'paused', left: true })
      await third.engine.client.jobs.goOn({ jobs: null })
      await waitFor(third.engine, job, ({ type }) => type === 'epoch')
      expect(await third.engine.client.jobs.cancel({ job })).toEqual({ cancelled: true })
      expect(readdirSync(join(library, 'uploads'))).toEqual([])
      await third.remove()
    } finally {
      host.kill('SIGKILL')
      await second.remove()
    }
  })
})

describe('a host that is killed during an import', () => {
  it('leaves temporary files; the next start removes them and says so once', async () => {
    const library = newLibrary()
    const file = join(library, 'ratings.csv')
    writeRatings(file, 20_000, 60)
    const host = fork(join(appRoot, 'out/main/cli.js'), ['--library', library, 'import', file, '--name', 'killed'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    })
    const temporary = join(library, 'scratch')
    let worker = 0
    const atWork = (): boolean => {
      if (!existsSync(join(library, 'library.db'))) return false
      const database = new Database(join(library, 'library.db'), { readonly: true })
      try {
        worker = Number(database.prepare("SELECT owner_pid FROM dataset WHERE state = 'importing'").pluck().get() ?? 0)
      } catch (error) {
        // Its tables may not be there yet.
        if (!(error instanceof Database.SqliteError)) throw error
      } finally {
        database.close()
      }
      return worker > 0
    }
    for (let tries = 0; !atWork() && tries < 600; tries++) await pause(50)
    // Both at once, as when the power fails: a host that outlives its worker would tidy up.
    const ended = killed(host)
    process.kill(worker, 'SIGKILL')
    await ended
    for (let tries = 0; mayBeAlive(worker) && tries < 100; tries++) await pause(50)
    expect(readdirSync(temporary)).toHaveLength(1)

    const next = await startStudio(library)
    const { client } = next.engine
    expect(readdirSync(temporary)).toEqual([])
    expect((await client.system.about()).cleanedUp).toMatch(
      /^Removed what interrupted work had left: temporary files of imports \(.*\)\.$/,
    )
    expect(await client.datasets.list()).toEqual([])
    await next.close()
    const later = await startStudio(library)
    expect((await later.engine.client.system.about()).cleanedUp).toBeNull()
    await later.remove()
  })
})

const trainArguments = (library: string): string[] => [
  ...['--library', library, 'train', '--data', 'MovieLens latest-small', '--model', 'vasp'],
  ...['--most-popular', '20%'],
  ...Object.entries(endless).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
]

async function firstEpoch({ engine }: Studio): Promise<{
  id: Awaited<ReturnType<typeof engine.client.runs.list>>[number]['id']
  dataset: DatasetId
  job: Awaited<ReturnType<typeof engine.client.runs.list>>[number]['job']
}> {
  for (let tries = 0; tries < 300; tries++) {
    const [run] = await engine.client.runs.list({ dataset: null })
    if (run?.usable) return run
    await pause(200)
  }
  throw new Error('The other host trained nothing within a minute.')
}

const killed = (host: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    host.once('exit', () => resolve())
    host.kill('SIGKILL')
  })

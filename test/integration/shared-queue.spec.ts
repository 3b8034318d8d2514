import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { runId, type DatasetId, type JobId, type RunId } from '../../src/shared/ids'
import { isOpen, type Job } from '../../src/shared/jobs'
import { ended, startCli, type Ended } from './processes.fixture'
import { importSample, newLibrary, startStudio, type Studio } from './studio.fixture'

/** Long enough to be looked at, and cancelled by the tests that use it. */
const long = [
  '--model',
  'vasp',
  '--set',
  'hidden=32',
  '--set',
  'latent=16',
  '--set',
  'stages=1e-3x100000',
  '--set',
  'patience=0',
]
const short = ['--model', 'popularity']

let library: string
let dataset: DatasetId
let studio: Studio
const programs: ChildProcess[] = []

beforeAll(async () => {
  library = newLibrary()
  const preparing = await startStudio(library)
  dataset = await importSample(preparing.engine)
  await preparing.close()
})
afterAll(() => rmSync(library, { recursive: true, force: true }))
beforeEach(async () => {
  studio = await startStudio(library)
})
afterEach(async () => {
  for (const job of await open()) await studio.engine.client.jobs.cancel({ job: job.id })
  await studio.close()
  for (const program of programs.splice(0)) program.kill('SIGKILL')
})

const open = async (): Promise<Job[]> => (await studio.engine.client.jobs.list()).filter(isOpen)
const jobOf = async (id: JobId): Promise<Job> => {
  const found = (await studio.engine.client.jobs.list()).find((job) => job.id === id)
  if (!found) throw new Error(`There is no job ${id}.`)
  return found
}
const training = (settings: readonly string[]): string[] => [
  'train',
  '--data',
  String(dataset),
  '--most-popular',
  '5%',
  ...settings,
]

/** Another program on the library. */
function program(...args: string[]): { process: ChildProcess; ended: Promise<Ended> } {
  const process = startCli(library, args)
  programs.push(process)
  return { process, ended: ended(process) }
}
const vasp = (...args: string[]): Promise<Ended> => program(...args).ended

/** The newest open job, once another program has added it and it has reached a state. */
async function arrived(state: Job['state'], not: readonly JobId[] = []): Promise<Job> {
  let found: Job | undefined
  await expect
    .poll(async () => {
      found = (await open()).findLast((job) => job.state === state && !not.includes(job.id))
      return found?.state
    })
    .toBe(state)
  if (!found) throw new Error('No job has arrived.')
  return found
}

async function submit(model: string, overrides: Record<string, string | number> = {}, after?: RunId) {
  const { defaultPreparation, defaultSplit } = await import('../../src/shared/runs')
  const preparation = { ...defaultPreparation, mostPopular: { share: 0.05 } }
  return studio.engine.client.runs.train({
    ...{ dataset, model, preset: null, overrides, seed: 1, name: null, members: null, after: after ?? null },
    preparation,
    split: defaultSplit,
  })
}

/** How often each job was started, as the library has counted it. */
const startsAtOnce = (): number => {
  const database = new Database(join(library, 'library.db'), { readonly: true })
  try {
    return Number(database.prepare(`SELECT count(*) FROM job WHERE state = 'running'`).pluck().get())
  } finally {
    database.close()
  }
}

describe('two programs on one library', () => {
  it('compute one after the other, in one order, and each can move and cancel the jobs of the other', async () => {
    const theirs = program(...training(long))
    const first = await arrived('running')
    const mine = await submit('popularity')
    const waiting = program(...training(short))
    const last = await arrived('queued', [mine.job])
    expect(startsAtOnce()).toBe(1)
    expect((await open()).map(({ id }) => id)).toEqual([first.id, mine.job, last.id])
    await studio.engine.client.jobs.move({ job: last.id, before: mine.job })
    expect((await open()).map(({ id }) => id)).toEqual([first.id, last.id, mine.job])
    // Progress of the other program’s training.
    await expect.poll(async () => (await jobOf(first.id)).progress?.unit).toBe('steps')

    expect(await studio.engine.client.jobs.cancel({ job: first.id })).toEqual({ cancelled: true })
    expect((await theirs.ended).stderr).toContain('cancelled')
    expect((await waiting.ended).code).toBe(0)
    await expect.poll(async () => (await jobOf(mine.job)).state).toBe('finished')
    const [startedSecond, startedThird] = [(await jobOf(last.id)).startedAt, (await jobOf(mine.job)).startedAt]
    expect(Date.parse(startedSecond ?? '')).toBeLessThan(Date.parse(startedThird ?? ''))
  })

  it('pauses and resumes a training of another program, which follows it to its end', async () => {
    const theirs = program(...training(long), '--json')
    const job = await arrived('running')
    await expect
      .poll(async () => (await studio.engine.client.runs.get({ run: runId.parse(job.run) })).epochs.length)
      .toBeGreaterThan(2)
    const { code, stdout } = await vasp('queue', 'pause', String(job.id), '--json')
    expect([code, JSON.parse(stdout)]).toEqual([0, { paused: [job.id] }])
    expect(await jobOf(job.id)).toMatchObject({ state: 'paused', left: false, reason: 'Paused by hand.' })
    const run = await studio.engine.client.runs.get({ run: runId.parse(job.run) })
    expect(run.status).toEqual({ state: 'paused', reason: 'Paused by hand.' })
    expect(run.resumesAfter?.epochs).toBeGreaterThan(2)

    expect((await vasp('queue', 'resume', String(job.id))).code).toBe(0)
    await expect.poll(async () => (await jobOf(job.id)).state).toBe('running')
    await expect
      .poll(async () => (await studio.engine.client.runs.get({ run: runId.parse(job.run) })).continued)
      .toMatchObject([{ epochs: run.resumesAfter?.epochs }])
    await studio.engine.client.jobs.cancel({ job: job.id })
    expect(JSON.parse((await theirs.ended).stdout)).toMatchObject({ error: { code: 'CANCELLED' } })
  })

  it('takes over what a killed program has left, once somebody says so', async () => {
    const theirs = program(...training(long))
    const running = await arrived('running')
    const second = program(...training(short))
    const waiting = await arrived('queued')
    await expect
      .poll(async () => (await studio.engine.client.runs.get({ run: runId.parse(running.run) })).epochs.length)
      .toBeGreaterThan(2)
    theirs.process.kill('SIGKILL')
    second.process.kill('SIGKILL')
    await Promise.all([theirs.ended, second.ended])
    const left = { state: 'paused', left: true, reason: 'VASP Studio ended before this was done.' }
    await expect.poll(async () => (await open()).map(({ state }) => state)).toEqual(['paused', 'paused'])
    expect(await jobOf(waiting.id)).toMatchObject(left)
    expect(await jobOf(running.id)).toMatchObject(left)

    const { stdout } = await vasp('queue')
    expect(stdout).toContain('VASP Studio ended before this was done.')
    await studio.engine.client.jobs.goOn({ jobs: [waiting.id] })
    await expect.poll(async () => (await jobOf(waiting.id)).state).toBe('finished')
    expect((await jobOf(running.id)).state).toBe('paused')
    await studio.engine.client.jobs.goOn({ jobs: null })
    await expect.poll(async () => (await jobOf(running.id)).state).toBe('running')
  })

  it('leaves its jobs to the next when it closes, in their order', async () => {
    const first = await submit('vasp', { hidden: 32, latent: 16, stages: '1e-3x100000', patience: 0 })
    const second = await submit('popularity')
    await expect
      .poll(async () => (await studio.engine.client.runs.get({ run: first.run })).epochs.length)
      .toBeGreaterThan(2)
    await studio.close()
    studio = await startStudio(library)
    expect((await open()).map(({ id, left }) => [id, left])).toEqual([
      [first.job, true],
      [second.job, true],
    ])
    const { stdout, code } = await vasp('queue', 'resume', String(second.job), '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ resumed: [second.job], ended: [{ id: second.job, state: 'finished' }] })
    await studio.engine.client.jobs.goOn({ jobs: [first.job] })
    await expect.poll(async () => (await studio.engine.client.runs.get({ run: first.run })).continued.length).toBe(1)
  })
})

describe('a run that follows another', () => {
  it('starts when that has finished', async () => {
    const first = await submit('popularity')
    const { code, stdout } = await vasp(...training(short), '--after', String(first.run), '--json')
    expect(code).toBe(0)
    const { run } = JSON.parse(stdout) as { run: number }
    expect((await studio.engine.client.runs.get({ run: runId.parse(run) })).status.state).toBe('finished')
  })

  it('is held if that is cancelled, and can be let go on', async () => {
    const first = await submit('vasp', { hidden: 32, latent: 16, stages: '1e-3x100000', patience: 0 })
    const second = await submit('popularity', {}, first.run)
    await studio.engine.client.jobs.cancel({ job: first.job })
    await expect
      .poll(async () => (await jobOf(second.job)).reason)
      .toBe('The run that it should follow did not finish.')
    await expect(submit('popularity', {}, first.run)).rejects.toMatchObject({ data: { code: 'BAD_INPUT' } })
    await studio.engine.client.jobs.goOn({ jobs: [second.job] })
    await expect.poll(async () => (await jobOf(second.job)).state).toBe('finished')
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runId, type JobId } from '../../shared/ids'
import type { HoldReason, JobEvent } from '../../shared/jobs'
import { openStore } from '../store/open'
import type { Store } from '../store/store'
import { forkedWorker } from './forked-worker'
import { JobQueue, type NewJob } from './queue'
import { superviseJob } from './supervisor'

const entry = join(import.meta.dirname, '../../../test/fixtures/workers/scripted-worker.mjs')

type Behaviour = 'finish' | 'refuse' | 'report' | 'wait' | 'deaf' | 'killed' | 'crash' | 'babble'

/** An import: a lane of its own. */
const importing = (behaviour: Behaviour): NewJob => ({
  label: `Importing ${behaviour}`,
  specification: {
    kind: 'import',
    name: behaviour,
    ratings: [{ path: '/nowhere', name: 'ratings.csv' }],
    items: null,
    mapping: { user: 'u', item: 'i', rating: null, time: null },
    itemMapping: null,
    into: null,
  },
})
/** An evaluation: the compute lane. */
const evaluating = (behaviour: Behaviour): NewJob => ({
  label: `Evaluating ${behaviour}`,
  specification: { kind: 'evaluate', run: runId.parse(1), users: [behaviour] },
})

/** A set-up: a lane of its own, too. */
const settingUp: NewJob = { label: 'Setting up', specification: { kind: 'setup', variant: 'cuda12' } }

let library: string
let store: Store
let queue: JobQueue
let forbidden: HoldReason | null

function queueOn(of: Store): JobQueue {
  const workers = { library, appRoot: library, spawn: forkedWorker(entry) }
  return new JobQueue(of, {
    startJob: (job, specification, onEvent) => superviseJob(workers, specification, job, onEvent),
    device: () => 'cpu',
    forbidden: () => forbidden,
  })
}

beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-queue-'))
  store = openStore(library)
  forbidden = null
  queue = queueOn(store)
})
afterEach(async () => {
  await queue.close()
  store.close()
  rmSync(library, { recursive: true, force: true })
})

async function eventsOf(id: JobId): Promise<JobEvent[]> {
  const events: JobEvent[] = []
  for await (const event of queue.watch(id)) events.push(event)
  return events
}

/** Reads a watcher up to the first event of a type. */
async function until(id: JobId, type: JobEvent['type']): Promise<JobEvent[]> {
  const events: JobEvent[] = []
  for await (const event of queue.watch(id)) {
    events.push(event)
    if (event.type === type) break
  }
  return events
}

describe('JobQueue', () => {
  it('runs a job and gives its result to every watcher, then or later', async () => {
    const { id } = queue.submit(importing('finish'))
    const events = await eventsOf(id)
    expect(events.at(-1)).toEqual({ type: 'finished', result: { done: true } })
    expect(store.jobs.get(id).state).toBe('finished')
    expect(await eventsOf(id)).toEqual([{ type: 'finished', result: { done: true } }])
  })

  it('passes a refusal on as the worker worded it', async () => {
    const { id } = queue.submit(importing('refuse'))
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'failed', error: { message: 'The file is empty.' } })
    expect(store.jobs.get(id)).toMatchObject({ state: 'failed', error: { code: 'BAD_INPUT' } })
  })

  it('shows a second watcher the job’s state, and both every later event', async () => {
    const { id } = queue.submit(importing('report'))
    await until(id, 'progress')
    const both = Promise.all([eventsOf(id), eventsOf(id)])
    await queue.cancel(id)
    const [first, second] = await both
    expect(second).toEqual(first)
    expect(first[0]).toEqual({ type: 'started' })
    expect(first).toContainEqual(expect.objectContaining({ type: 'progress' }))
    expect(first.at(-1)).toEqual({ type: 'cancelled' })
  })

  it('lets a watcher go without ending the job', async () => {
    const { id } = queue.submit(importing('wait'))
    const stop = new AbortController()
    const watching = (async () => {
      for await (const event of queue.watch(id, stop.signal)) expect(event.type).toBe('started')
    })()
    stop.abort()
    await watching
    expect(queue.list().find((job) => job.id === id)?.state).toBe('running')
  })

  it('computes one job at a time, imports and sets up beside it, and says how many are ahead', async () => {
    const first = queue.submit(evaluating('wait'))
    const second = queue.submit(evaluating('wait'))
    const third = queue.submit(evaluating('finish'))
    const beside = queue.submit(importing('finish'))
    expect(queue.submit(settingUp).state).toBe('running')
    expect([first, second, third, beside].map(({ state }) => state)).toEqual(['running', 'queued', 'queued', 'running'])
    expect(await until(third.id, 'queued')).toEqual([{ type: 'queued', ahead: 2 }])
    await eventsOf(beside.id)
    await queue.cancel(first.id)
    expect(queue.list().find((job) => job.id === second.id)?.state).toBe('running')
    expect(await until(third.id, 'queued')).toEqual([{ type: 'queued', ahead: 1 }])
    await queue.cancel(second.id)
    expect((await eventsOf(third.id)).at(-1)?.type).toBe('finished')
  })

  it('cancels a waiting job without starting it, and an ended one not at all', async () => {
    const first = queue.submit(evaluating('wait'))
    const second = queue.submit(evaluating('finish'))
    expect(await queue.cancel(second.id)).toBe(true)
    expect(await eventsOf(second.id)).toEqual([{ type: 'cancelled' }])
    expect(store.jobs.get(second.id).state).toBe('cancelled')
    expect(await queue.cancel(second.id)).toBe(false)
    expect(await queue.cancel(first.id)).toBe(true)
  })

  it('kills a worker that does not respond to the cancel, within two seconds', async () => {
    const { id } = queue.submit(evaluating('deaf'))
    await until(id, 'started')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const asked = performance.now()
    expect(await queue.cancel(id)).toBe(true)
    expect(performance.now() - asked).toBeLessThan(2000)
    expect(store.jobs.get(id).state).toBe('cancelled')
  })

  it('fails a job whose worker is killed or crashes, and continues with the next', async () => {
    const killed = queue.submit(evaluating('killed'))
    const crashed = queue.submit(evaluating('crash'))
    const next = queue.submit(evaluating('finish'))
    expect((await eventsOf(next.id)).at(-1)?.type).toBe('finished')
    expect(store.jobs.get(killed.id).error).toMatchObject({ code: 'WORKER_ENDED' })
    expect(store.jobs.get(killed.id).error?.message).toContain('SIGKILL')
    expect(store.jobs.get(crashed.id).error?.message).toMatch(/exit code 7.*the library exploded/)
  })

  it('fails a job whose worker sends invalid messages', async () => {
    const { id } = queue.submit(evaluating('babble'))
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'failed', error: { code: 'INTERNAL' } })
  })

  it('refuses to watch or cancel a job that does not exist', async () => {
    const missing = 999 as JobId
    expect(() => queue.watch(missing)).toThrow(/999/)
    await expect(queue.cancel(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('leaves in the queue what can be done later when it closes, and cancels the rest', async () => {
    const running = queue.submit(evaluating('wait'))
    const waiting = queue.submit(evaluating('wait'))
    const files = queue.submit(importing('wait'))
    const watching = eventsOf(waiting.id)
    await until(running.id, 'started')
    await queue.close()
    expect([running, waiting, files].map(({ id }) => store.jobs.get(id).state)).toEqual([
      'paused',
      'paused',
      'cancelled',
    ])
    expect((await watching).at(-1)).toEqual({ type: 'paused', reason: 'VASP Studio ended before this was done.' })
  })

  it('pauses a running and a waiting job, and lets both go on in their places', async () => {
    const first = queue.submit(evaluating('wait'))
    const second = queue.submit(evaluating('finish'))
    const third = queue.submit(evaluating('finish'))
    await until(first.id, 'started')
    await queue.pause(first.id)
    await queue.pause(third.id)
    expect((await eventsOf(second.id)).at(-1)?.type).toBe('finished')
    expect(await until(first.id, 'paused')).toEqual([{ type: 'paused', reason: 'Paused by hand.' }])
    expect(queue.list().find(({ id }) => id === third.id)).toMatchObject({ state: 'paused', left: false })
    queue.goOn([third.id])
    expect((await eventsOf(third.id)).at(-1)?.type).toBe('finished')
    queue.goOn([first.id])
    await until(first.id, 'started')
    expect(await queue.cancel(first.id)).toBe(true)
  })

  it('does not pause an import, whose files are only there while it runs', async () => {
    const { id } = queue.submit(importing('wait'))
    await expect(queue.pause(id)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('starts jobs in the order that people choose', async () => {
    const first = queue.submit(evaluating('wait'))
    const second = queue.submit(evaluating('finish'))
    const third = queue.submit(evaluating('wait'))
    queue.move(third.id, second.id)
    expect(await until(second.id, 'queued')).toEqual([{ type: 'queued', ahead: 2 }])
    expect(() => queue.move(first.id, null)).toThrow('has no place in the queue')
    await queue.cancel(first.id)
    await until(third.id, 'started')
    expect(store.jobs.get(second.id).state).toBe('queued')
    await queue.cancel(third.id)
    expect((await eventsOf(second.id)).at(-1)?.type).toBe('finished')
  })

  it('holds jobs while a rule forbids computing, and lets them go on afterwards', async () => {
    forbidden = 'battery'
    const { id } = queue.submit(evaluating('finish'))
    const watching = eventsOf(id)
    const byHand = queue.submit(evaluating('finish'))
    await queue.pause(byHand.id)
    expect(queue.list().find((job) => job.id === id)?.reason).toMatch(/battery/)
    forbidden = null
    expect((await watching).at(-1)?.type).toBe('finished')
    expect(store.jobs.get(byHand.id).reason).toBe('Paused by hand.')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Experiment, Subject } from '../../shared/experiments'
import { jobId, type ExperimentId, type JobId, type RunId } from '../../shared/ids'
import type { TrainRequest } from '../../shared/runs'
import type { Store } from '../store/store'
import { ExperimentScheduler } from './scheduler'
import { finishRun, plantRun, plantedLibrary, requestOf, type PlantedLibrary } from './planted-runs.fixture'

const tableOne: Subject = { kind: 'table-1', presets: 'small' }

/** Trains nothing: each run ends when the test says how. */
class Rehearsal {
  readonly requests: TrainRequest[] = []
  readonly complaints: unknown[] = []
  readonly #open = new Map<JobId, { run: RunId; ended: () => void }>()

  constructor(private readonly store: Store) {}

  readonly train = (request: TrainRequest): { run: RunId; job: JobId } => {
    this.requests.push(request)
    if (request.overrides['loss'] === this.refused) throw new Error('No room for it.')
    const run = plantRun(this.store, request)
    const job = jobId.parse(this.requests.length)
    this.#over.set(job, new Promise((resolve) => this.#open.set(job, { run, ended: resolve })))
    return { run, job }
  }
  refused: string | null = null
  /** Runs that were interrupted. */
  readonly interrupted = new Set<RunId>()
  readonly goOn = (run: RunId): JobId | null => {
    if (!this.interrupted.delete(run)) return null
    const job = jobId.parse(1000 + run)
    this.#over.set(job, new Promise((resolve) => this.#open.set(job, { run, ended: resolve })))
    return job
  }
  readonly #over = new Map<JobId, Promise<void>>()
  readonly ended = (job: JobId): Promise<void> => this.#over.get(job) ?? Promise.resolve()
  readonly cancel = (job: JobId): Promise<boolean> => {
    this.end((run) => this.store.runs.cancel(run), job)
    return Promise.resolve(true)
  }
  readonly failed = (error: unknown): void => void this.complaints.push(error)

  /** Ends the job that is being trained, or the one named. */
  end(how: (run: RunId) => void, job = [...this.#open.keys()][0]): void {
    const open = job === undefined ? undefined : this.#open.get(job)
    if (!open || job === undefined) throw new Error('Nothing is being trained.')
    this.#open.delete(job)
    how(open.run)
    open.ended()
  }
}

let library: PlantedLibrary
let rehearsal: Rehearsal
let scheduler: ExperimentScheduler
beforeEach(() => {
  library = plantedLibrary()
  rehearsal = new Rehearsal(library.store)
  scheduler = new ExperimentScheduler(library.store, rehearsal)
})
afterEach(() => library.remove())

const finish = (run: RunId): void => finishRun(library.store, run, [0.1, 0.2, 0.3], 4)
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const last = async (id: ExperimentId): Promise<Experiment | undefined> => {
  let now: Experiment | undefined
  for await (const event of scheduler.watch(id)) now = event
  return now
}

describe('an experiment', () => {
  it('trains its runs one after the other, and says how far it has come', async () => {
    const { id, state, total } = scheduler.create(requestOf(library.dataset, tableOne))
    expect({ state, total }).toEqual({ state: 'running', total: 3 })
    const events: Experiment[] = []
    const watching = (async () => {
      for await (const event of scheduler.watch(id)) events.push(event)
    })()
    for (let n = 1; n <= 3; n++) {
      expect(rehearsal.requests).toHaveLength(n)
      rehearsal.end(finish)
      await soon()
    }
    await watching
    expect(rehearsal.requests.map(({ overrides }) => overrides['loss'])).toEqual(['mse', 'cosine', 'focal'])
    expect(events.at(-1)).toMatchObject({ state: 'finished', finished: 3, job: null, secondsLeft: null })
    expect(events.some(({ finished, secondsLeft }) => finished === 1 && secondsLeft === 8)).toBe(true)
    expect(() => scheduler.resume(id)).toThrow('All runs of the experiment')
    expect(rehearsal.complaints).toEqual([])
  })

  it('continues after a run that fails or cannot be started, and trains both when it is resumed', async () => {
    rehearsal.refused = 'mse'
    const { id } = scheduler.create(requestOf(library.dataset, tableOne))
    await soon()
    rehearsal.end((run) => library.store.runs.fail(run, { code: 'INTERNAL', message: 'It broke.', next: 'Again.' }))
    await soon()
    rehearsal.end(finish)
    expect(await last(id)).toMatchObject({ state: 'stopped', finished: 1, failed: 2 })
    expect(scheduler.detail(id).runs.map(({ state, error }) => [state, error?.message])).toEqual([
      ['failed', 'No room for it.'],
      ['failed', 'It broke.'],
      ['finished', undefined],
    ])
    rehearsal.refused = null
    expect(scheduler.resume(id).state).toBe('running')
    expect(() => scheduler.resume(id)).toThrow('is running already')
    rehearsal.end(finish)
    await soon()
    rehearsal.end(finish)
    expect(await last(id)).toMatchObject({ state: 'finished', finished: 3, failed: 0 })
    expect(rehearsal.requests).toHaveLength(5)
  })

  it('goes on with an interrupted run instead of training it anew', async () => {
    const { id } = scheduler.create(requestOf(library.dataset, tableOne))
    expect(await scheduler.cancel(id)).toBe(true)
    const [first] = scheduler.detail(id).runs
    if (!first?.run) throw new Error('The first run has begun.')
    rehearsal.interrupted.add(first.run)
    scheduler.resume(id)
    expect(rehearsal.requests).toHaveLength(1)
    library.store.runs.requeue(first.run)
    for (let n = 1; n <= 3; n++) {
      rehearsal.end(finish)
      await soon()
    }
    expect(await last(id)).toMatchObject({ state: 'finished', finished: 3 })
    expect(scheduler.detail(id).runs[0]?.run).toBe(first.run)
  })

  it('is cancelled with its current run; the others are not started', async () => {
    const { id } = scheduler.create(requestOf(library.dataset, tableOne))
    rehearsal.end(finish)
    await soon()
    expect(() => scheduler.delete(id)).toThrow('is running')
    expect(await scheduler.cancel(id)).toBe(true)
    expect(await scheduler.cancel(id)).toBe(false)
    expect(scheduler.detail(id)).toMatchObject({ state: 'stopped', finished: 1 })
    expect(scheduler.detail(id).runs.map(({ state }) => state)).toEqual(['finished', 'cancelled', 'waiting'])
    expect(rehearsal.requests).toHaveLength(2)
    scheduler.delete(id)
    expect(scheduler.list()).toEqual([])
    expect(library.store.runs.list(null)).toHaveLength(2)
  })

  it('reuses identical finished runs on request', async () => {
    const { id } = scheduler.create(requestOf(library.dataset, tableOne))
    for (let n = 0; n < 3; n++) {
      rehearsal.end(finish)
      await soon()
    }
    await last(id)
    const again = scheduler.create(requestOf(library.dataset, tableOne))
    expect(await last(again.id)).toMatchObject({ state: 'finished', finished: 3, reused: 3 })
    expect(scheduler.detail(again.id).runs.map(({ run }) => run)).toEqual(
      scheduler.detail(id).runs.map(({ run }) => run),
    )
    expect(rehearsal.requests).toHaveLength(3)

    const other = requestOf(library.dataset, tableOne, { seeds: [2] })
    expect(scheduler.create(other).reused).toBe(0)
    expect(rehearsal.requests).toHaveLength(4)
    scheduler.create(requestOf(library.dataset, tableOne, { reuse: false }))
    expect(rehearsal.requests).toHaveLength(5)
  })

  it('makes an ensemble of its members’ runs, once they have finished', async () => {
    const tableTwo: Subject = { kind: 'table-2', presets: 'small' }
    const { id } = scheduler.create(requestOf(library.dataset, tableTwo))
    rehearsal.end(finish)
    await soon()
    rehearsal.end((run) => library.store.runs.fail(run, { code: 'INTERNAL', message: 'It broke.', next: 'Again.' }))
    await soon()
    // Without NEASE there is no ensemble; the next is trained at once.
    expect(rehearsal.requests.map(({ model }) => model)).toEqual(['flvae', 'nease', 'vasp'])
    expect(scheduler.detail(id).runs[2]).toMatchObject({ state: 'failed', run: null })
    rehearsal.end(finish)
    await soon()
    rehearsal.end(finish)
    await last(id)

    scheduler.resume(id)
    rehearsal.end(finish)
    await soon()
    const runs = scheduler.detail(id).runs.map(({ run }) => run)
    expect(rehearsal.requests.at(-1)).toMatchObject({
      model: 'hadamard',
      preset: null,
      overrides: {},
      members: [runs[0], runs[1]],
      split: { test: null, validation: null },
    })
    rehearsal.end(finish)
    expect(await last(id)).toMatchObject({ state: 'finished', finished: 5 })

    const again = scheduler.create(requestOf(library.dataset, tableTwo))
    expect(await last(again.id)).toMatchObject({ state: 'finished', reused: 5 })
    const other = scheduler.create(requestOf(library.dataset, tableTwo, { reuse: false }))
    rehearsal.end(finish)
    await soon()
    rehearsal.end(finish)
    await soon()
    expect(rehearsal.requests.at(-1)?.members).toEqual(
      scheduler
        .detail(other.id)
        .runs.slice(0, 2)
        .map(({ run }) => run),
    )
  })

  it('stops with its host and can be resumed by the next', async () => {
    const { id } = scheduler.create(requestOf(library.dataset, tableOne))
    const { closed } = scheduler.close()
    rehearsal.end((run) => library.store.runs.cancel(run))
    await closed
    expect(rehearsal.requests).toHaveLength(1)
    const next = new ExperimentScheduler(library.store, rehearsal)
    expect(next.detail(id).state).toBe('stopped')
    next.goOnLeft()
    expect(next.detail(id).state).toBe('running')
    expect(await next.cancel(id)).toBe(true)
    next.goOnLeft()
    expect(next.detail(id).state).toBe('stopped')
    expect(next.resume(id).state).toBe('running')
  })

  it('of nothing known is refused', () => {
    expect(() => scheduler.create(requestOf(99 as typeof library.dataset, tableOne))).toThrow('There is no data set 99')
    expect(() =>
      scheduler.create(
        requestOf(library.dataset, {
          kind: 'custom',
          systems: [{ model: 'nease', preset: null, overrides: { loss: 'hinge' }, label: null }],
        }),
      ),
    ).toThrow('“hinge” cannot be used')
    expect(scheduler.list()).toEqual([])
  })
})

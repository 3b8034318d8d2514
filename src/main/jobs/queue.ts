import { setTimeout as wait } from 'node:timers/promises'
import { StudioError, toErrorShape } from '../../shared/errors'
import type { DatasetId, ExportId, JobId, RunId } from '../../shared/ids'
import type { Job, JobEvent, JobKind } from '../../shared/jobs'
import type { JobRow, Store } from '../store/store'
import { LiveJob } from './live-job'
import { log } from './log'
import { recoverJobs } from './recovery'
import { recordEnd } from './record-end'
import type { JobSpecification } from './specification'
import type { JobOutcome, LiveEvent, SupervisedJob } from './supervisor'
import { watchLive } from './watch'

/** Jobs of one lane run one after the other. Importing and set-up need no accelerator and little memory, so they have lanes of their own. */
const lanes = ['compute', 'import', 'setup'] as const
type Lane = (typeof lanes)[number]
const laneOf = (kind: JobKind): Lane => (kind === 'import' || kind === 'setup' ? kind : 'compute')

/** How often a job of another host (process) is read for its watchers, in milliseconds. */
const foreignInterval = 500
/** Time before an end that could not be recorded (full disk) is recorded again, in milliseconds. */
const recordInterval = 5000

export interface NewJob {
  readonly label: string
  readonly specification: JobSpecification
  readonly dataset?: DatasetId
  readonly run?: RunId
  readonly export?: ExportId
}

type StartJob = (job: JobRow, specification: JobSpecification, onEvent: (event: LiveEvent) => void) => SupervisedJob

/** The job queue of this host; each lane runs one job at a time. Jobs of other hosts on the same library are only shown. */
export class JobQueue {
  readonly #live = new Map<JobId, LiveJob>()
  readonly #waiting: LiveJob[] = []
  readonly #busy = new Map<Lane, LiveJob>()
  readonly #ended: ((specification: JobSpecification, outcome: JobOutcome) => void)[] = []
  #closing = false

  constructor(
    private readonly store: Store,
    private readonly startJob: StartJob,
  ) {}

  /** Called after a job's end is recorded. */
  onEnded(listener: (specification: JobSpecification, outcome: JobOutcome) => void): void {
    this.#ended.push(listener)
  }

  /** @param wanted creates the job, with the run or export that it is for, in one transaction: a killed host leaves both or neither */
  submit(wanted: NewJob | (() => NewJob)): Job {
    const { row, specification } = this.store.transaction(() => {
      const job = typeof wanted === 'function' ? wanted() : wanted
      const row = this.store.jobs.create({
        kind: job.specification.kind,
        label: job.label,
        specification: job.specification,
        dataset: job.dataset ?? null,
        run: job.run ?? null,
        export: job.export ?? null,
      })
      return { row, specification: job.specification }
    })
    const live = new LiveJob(row, specification, this.#ahead(row.kind))
    this.#live.set(row.id, live)
    this.#waiting.push(live)
    this.#advance()
    return live.describe()
  }

  /** Newest first, with the progress of those that run in this process. */
  list(): Job[] {
    this.#recover()
    return this.#all()
  }

  #all(): Job[] {
    return this.store.jobs.list().map((row) => {
      const live = this.#live.get(row.id)
      if (live) return live.describe()
      const { specification: _, result: __, ...job } = row
      return job
    })
  }

  /** Queued and running jobs of this and other living hosts. */
  unfinished(): Job[] {
    const living = new Set(this.store.jobs.unfinished().flatMap(({ job, owned }) => (owned ? [job.id] : [])))
    const isUnfinished = ({ id, state }: Job): boolean =>
      (state === 'queued' || state === 'running') && (living.has(id) || this.#live.has(id))
    return this.#all().filter(isUnfinished)
  }

  /** Throws NOT_FOUND at once; the events follow. */
  watch(id: JobId, signal?: AbortSignal): AsyncGenerator<JobEvent, void, void> {
    const live = this.#live.get(id)
    if (live) return watchLive(live, signal)
    this.store.jobs.get(id)
    return this.#watchForeign(id, signal)
  }

  /** Resolves when the job has ended: true if this call cancelled it. Throws CONFLICT for another host's job. */
  async cancel(id: JobId): Promise<boolean> {
    const live = this.#live.get(id)
    if (!live) {
      const row = this.store.jobs.get(id)
      if (row.state !== 'queued' && row.state !== 'running') return false
      throw new StudioError({
        code: 'CONFLICT',
        message: `${row.label} runs in another VASP Studio (another window, server or command line) on this library.`,
        next: 'Cancel it there.',
      })
    }
    if (live.outcome) return false
    if (live.supervised) {
      live.supervised.cancel()
      await live.supervised.outcome
      return live.wasCancelled
    }
    this.#waiting.splice(this.#waiting.indexOf(live), 1)
    this.#end(live, { type: 'cancelled' })
    return true
  }

  /** Cancels all running and waiting jobs, and resolves when all workers have ended. */
  async close(): Promise<void> {
    this.#closing = true
    const unfinished = [...this.#live.values()].filter((job) => !job.outcome)
    await Promise.all(unfinished.map((job) => this.cancel(job.row.id)))
  }

  /** Another host may die while this one runs. */
  #recover(): void {
    recoverJobs(this.store, (id) => this.#live.has(id))
  }

  #ahead(kind: JobKind): number {
    const lane = laneOf(kind)
    const waiting = this.#waiting.filter((job) => laneOf(job.row.kind) === lane).length
    return waiting + (this.#busy.has(lane) ? 1 : 0)
  }

  #advance(): void {
    if (this.#closing) return
    for (const lane of lanes) {
      const next = this.#waiting.find((job) => laneOf(job.row.kind) === lane)
      if (next && !this.#busy.has(lane)) this.#start(lane, next)
      let ahead = this.#busy.has(lane) ? 1 : 0
      for (const job of this.#waiting) if (laneOf(job.row.kind) === lane) job.moveUp(ahead++)
    }
  }

  #start(lane: Lane, job: LiveJob): void {
    this.#waiting.splice(this.#waiting.indexOf(job), 1)
    this.#busy.set(lane, job)
    try {
      this.store.jobs.start(job.row.id)
    } catch (error) {
      this.#busy.delete(lane)
      this.#end(job, { type: 'failed', error: toErrorShape(error) })
      return
    }
    const supervised = this.startJob(job.row, job.specification, (event) => job.onEvent(event))
    job.start(supervised)
    void supervised.outcome.then((outcome) => {
      this.#busy.delete(lane)
      this.#end(job, outcome)
    })
  }

  #end(job: LiveJob, outcome: JobOutcome): void {
    const recorded = this.#record(job, outcome)
    job.end(recorded)
    for (const listener of this.#ended) listener(job.specification, recorded)
    this.#advance()
  }

  /** @param said the reason that was already logged */
  #record(job: LiveJob, outcome: JobOutcome, said: string | null = null): JobOutcome {
    try {
      return recordEnd(this.store, job.row, outcome)
    } catch (error) {
      // Watchers still get the end. On a full disk the row is updated when there is space again, or at the next start.
      const reason = toErrorShape(error).message
      if (reason !== said) log(`The end of job ${job.row.id} could not be recorded yet: ${reason}`)
      if (!this.#closing) setTimeout(() => !this.#closing && this.#record(job, outcome, reason), recordInterval).unref()
      return outcome
    }
  }

  async *#watchForeign(id: JobId, signal: AbortSignal | undefined): AsyncGenerator<JobEvent, void, void> {
    let announced: Job['state'] | null = null
    const epochs = new Set<number>()
    while (!signal?.aborted) {
      const row = this.store.jobs.get(id)
      if (row.state === 'queued' && announced !== 'queued') yield { type: 'queued', ahead: 0 }
      if (row.state === 'running' && announced !== 'running') yield { type: 'started' }
      announced = row.state
      for (const point of row.kind === 'train' && row.run !== null ? this.store.runs.get(row.run).epochs : []) {
        if (epochs.has(point.epoch)) continue
        epochs.add(point.epoch)
        yield { type: 'epoch', point }
      }
      if (row.state === 'finished') return yield { type: 'finished', result: row.result }
      if (row.state === 'cancelled') return yield { type: 'cancelled' }
      if (row.state === 'failed') {
        return yield { type: 'failed', error: row.error ?? toErrorShape(new Error(`${row.label} failed.`)) }
      }
      await wait(foreignInterval)
      this.#recover()
    }
  }
}

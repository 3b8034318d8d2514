import { setTimeout as wait } from 'node:timers/promises'
import { badInput, StudioError, toErrorShape } from '../../shared/errors'
import type { DatasetId, ExportId, JobId, RunId } from '../../shared/ids'
import { isOpen, pausedBecause, type HoldReason, type Job, type JobEvent } from '../../shared/jobs'
import type { JobRow, OpenJob, Store } from '../store/store'
import { isNext, lanes, laneOf, type Lane } from './lanes'
import { LiveJob } from './live-job'
import { log } from './log'
import { recoverJobs } from './recovery'
import { recordEnd } from './record-end'
import { isDurable, jobSpecification, type JobSpecification } from './specification'
import type { JobOutcome, LiveEvent, SupervisedJob, WorkerOutcome } from './supervisor'
import { watchLive } from './watch'

/** How often the queue looks for what other programs ask, start or end, in milliseconds. */
const lookInterval = 500
/** How often the progress of a running job is stored for other programs, in milliseconds. */
const progressInterval = 2000
/** Time before an end that could not be recorded (full disk) is recorded again, in milliseconds. */
const recordInterval = 5000
/** How long another process is waited for that is asked to pause or cancel its job, in milliseconds: it may keep a large state. */
const answerPatience = 40_000
/** How many jobs that have ended are listed. */
const listedEnded = 200

export interface NewJob {
  readonly label: string
  readonly specification: JobSpecification
  readonly dataset?: DatasetId
  readonly run?: RunId
  readonly export?: ExportId
  /** It starts after this run has finished. */
  readonly after?: RunId | null
}

/** What the queue needs to know of this machine. */
export interface QueueMachine {
  readonly startJob: (
    job: JobRow,
    specification: JobSpecification,
    onEvent: (event: LiveEvent) => void,
  ) => SupervisedJob
  /** What a job that starts now computes on: 'cpu', 'gpu' (the best one) or the UUID of a GPU. */
  readonly device: () => string
  /** Why nothing may compute now, by the rules that the person has set; null if it may. */
  readonly forbidden: () => HoldReason | null
}

/**
 * The jobs of this process. The queue itself is in the library: all processes on it start jobs in its order, each its own, and no two jobs
 * compute on one device. Those that compute stay in the queue when their process ends, and another one can take them over.
 */
export class JobQueue {
  readonly #live = new Map<JobId, LiveJob>()
  readonly #running = new Map<Lane, LiveJob>()
  /** Why running jobs are being paused. */
  readonly #pausing = new Map<JobId, HoldReason | null>()
  readonly #ended: ((specification: JobSpecification, outcome: JobOutcome) => void)[] = []
  readonly #paused: ((specification: JobSpecification) => void)[] = []
  #timer: NodeJS.Timeout | null = null
  #progressAt = 0
  /** Why the last look failed: it is logged once. */
  #problem: string | null = null
  #closing = false

  constructor(
    private readonly store: Store,
    private readonly machine: QueueMachine,
  ) {}

  /** Called after a job's end is recorded. */
  onEnded(listener: (specification: JobSpecification, outcome: JobOutcome) => void): void {
    this.#ended.push(listener)
  }

  /** Called when a job that was running waits to go on: it was paused, or its process has ended. */
  onPaused(listener: (specification: JobSpecification) => void): void {
    this.#paused.push(listener)
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
        after: job.after ?? null,
      })
      return { row, specification: job.specification }
    })
    return this.#accept(row, specification).describe()
  }

  /** Those that have not ended, in their order, then the last that have. Those of this process with their latest progress. */
  list(): Job[] {
    this.#recover()
    return this.#all()
  }

  #all(): Job[] {
    return this.store.jobs.list(listedEnded).map((row) => {
      const live = this.#live.get(row.id)
      if (live) return live.describe(row)
      const { specification: _, result: __, ...job } = row
      return job
    })
  }

  /** Queued, paused and running jobs of this and other living processes. */
  unfinished(): Job[] {
    return this.store.jobs.open().flatMap(({ job: row, owned }) => {
      const live = this.#live.get(row.id)
      if (!owned && !live) return []
      const { specification: _, result: __, ...job } = row
      const described = live?.describe(row) ?? job
      return isOpen(described) ? [described] : []
    })
  }

  /** Throws NOT_FOUND at once; the events follow. */
  watch(id: JobId, signal?: AbortSignal): AsyncGenerator<JobEvent, void, void> {
    const live = this.#live.get(id)
    if (live) return watchLive(live, signal)
    this.store.jobs.get(id)
    return this.#watchForeign(id, signal)
  }

  /** Resolves when the job has ended: true if this call cancelled it. Another process is asked to cancel its own. */
  async cancel(id: JobId): Promise<boolean> {
    const live = this.#live.get(id)
    if (!live) return this.#cancelForeign(id)
    if (live.outcome) return false
    if (live.supervised) {
      live.supervised.cancel()
      await live.supervised.outcome
      return live.wasCancelled
    }
    this.#end(live, { type: 'cancelled' })
    return true
  }

  async #cancelForeign(id: JobId): Promise<boolean> {
    if (!isOpen(this.store.jobs.get(id))) return false
    this.store.jobs.want(id, 'cancel')
    const began = performance.now()
    for (;;) {
      this.#recover()
      const entry = this.store.jobs.open().find(({ job }) => job.id === id)
      if (!entry) return this.store.jobs.get(id).state === 'cancelled'
      if (!entry.owned) {
        const outcome = recordEnd(this.store, entry.job, { type: 'cancelled' })
        const task = jobSpecification.safeParse(entry.job.specification)
        if (task.success) for (const listener of this.#ended) listener(task.data, outcome)
        return true
      }
      if (performance.now() - began > answerPatience) throw noAnswer(entry.job)
      await wait(lookInterval)
    }
  }

  /** Keeps the state of a running training and makes the job wait until it is let go on. Throws BAD_INPUT for jobs that cannot wait. */
  async pause(id: JobId): Promise<void> {
    const row = this.store.jobs.get(id)
    if (!isDurable(jobSpecification.parse(row.specification)))
      throw badInput(`“${row.label}” cannot be paused, because its files are only there while it runs.`, 'Cancel it.')
    const live = this.#live.get(id)
    if (live?.running) {
      await this.#pauseRunning(live, 'person')
    } else if (live || row.state !== 'running') {
      this.store.jobs.hold(id, 'person')
    } else {
      this.store.jobs.want(id, 'pause')
      const began = performance.now()
      while (this.store.jobs.get(id).state === 'running') {
        if (performance.now() - began > answerPatience) throw noAnswer(row)
        await wait(lookInterval)
        this.#recover()
      }
    }
    this.#advance()
  }

  /** Ends a running training with its best epoch so far, in whichever process it runs. Throws CONFLICT if it does not run. */
  stopEarly(id: JobId): void {
    const row = this.store.jobs.get(id)
    const live = this.#live.get(id)
    if (row.kind !== 'train' || row.state !== 'running')
      throw new StudioError({
        code: 'CONFLICT',
        message: `“${row.label}” is ${row.kind === 'train' ? row.state : 'no training'}, so it cannot be stopped early.`,
        next: 'Stop a training that is running, or cancel this job.',
      })
    if (live?.running) live.supervised?.stopEarly()
    else this.store.jobs.want(id, 'stop')
  }

  /** Lets paused jobs, or all whose process has ended (null), wait for their turn again. This process takes over those of ended ones. Returns them. */
  goOn(ids: readonly JobId[] | null): Job[] {
    this.#recover()
    const isAsked = ({ job }: OpenJob): boolean => (ids === null ? job.left : ids.includes(job.id))
    const paused = this.store.jobs.open().filter((entry) => entry.job.state === 'paused' && isAsked(entry))
    for (const { job, owned, ours } of paused) {
      if (owned && !ours) this.store.jobs.release(job.id)
      else if (this.store.jobs.adopt(job.id) && !this.#live.has(job.id))
        this.#accept(this.store.jobs.get(job.id), jobSpecification.parse(job.specification))
    }
    this.#advance()
    const freed = new Set(paused.map(({ job }) => job.id))
    return this.#all().filter((job) => freed.has(job.id))
  }

  /** Moves a waiting job before another one, or to the end. Throws CONFLICT if it does not wait. */
  move(id: JobId, before: JobId | null): void {
    const { state, label } = this.store.jobs.get(id)
    if (state !== 'queued' && state !== 'paused')
      throw new StudioError({
        code: 'CONFLICT',
        message: `“${label}” is ${state}, so it has no place in the queue.`,
        next: 'Move a job that is waiting.',
      })
    this.store.jobs.move(id, before)
    this.#advance()
  }

  /** Stops all jobs and resolves when all workers have ended. Those that can be done later stay in the queue; the others are cancelled. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#timer) clearInterval(this.#timer)
    const unfinished = [...this.#live.values()].filter((job) => !job.outcome)
    await Promise.all(
      unfinished.map(async (job) => {
        if (!isDurable(job.specification)) return this.cancel(job.row.id)
        const wasRunning = job.running
        if (wasRunning) await this.#pauseRunning(job, null)
        if (job.outcome) return
        this.store.jobs.leave(job.row.id)
        job.leave()
        if (wasRunning) this.#tellPaused(job.specification)
      }),
    )
  }

  #accept(row: JobRow, specification: JobSpecification): LiveJob {
    const live = new LiveJob(row, specification)
    this.#live.set(row.id, live)
    this.#advance()
    this.#timer ??= setInterval(() => this.#look(), lookInterval)
    return live
  }

  /** Another process may die while this one runs. */
  #recover(): void {
    recoverJobs(
      this.store,
      (id) => this.#live.has(id),
      (specification) => this.#tellPaused(specification),
    )
  }

  /** What other processes have asked, started and ended; what the rules of the queue forbid. */
  #look(): void {
    if (this.#closing) return
    try {
      const open = this.store.jobs.open()
      for (const { job, ours, wanted } of open) {
        if (!ours || wanted === null || !this.#live.has(job.id)) continue
        if (wanted === 'stop') {
          this.#live.get(job.id)?.supervised?.stopEarly()
          continue
        }
        const done = wanted === 'cancel' ? this.cancel(job.id) : this.pause(job.id)
        done.catch((error: unknown) => log(toErrorShape(error).message))
      }
      this.#shareProgress()
      this.#advance()
      if ([...this.#live.values()].every(({ outcome }) => outcome)) {
        if (this.#timer) clearInterval(this.#timer)
        this.#timer = null
      }
      this.#problem = null
    } catch (error) {
      // A locked or full library: the next look may succeed.
      const { message } = toErrorShape(error)
      if (message !== this.#problem) log(message)
      this.#problem = message
    }
  }

  #shareProgress(): void {
    if (performance.now() - this.#progressAt < progressInterval) return
    this.#progressAt = performance.now()
    for (const { row, latestProgress } of this.#running.values())
      if (latestProgress) this.store.jobs.saveProgress(row.id, latestProgress)
  }

  /** Starts what may start, and tells the others how many are ahead of them or why they wait. */
  #advance(): void {
    if (this.#closing || this.store.readOnly) return
    this.#obeyRules()
    const waiting = this.store.jobs.open()
    for (const lane of lanes) {
      if (!this.#running.has(lane)) this.#startNext(lane, waiting)
    }
    const open = this.store.jobs.open()
    for (const lane of lanes) {
      let ahead = 0
      for (const { job, hold, owned } of open.filter((entry) => laneOf(entry.job.kind) === lane)) {
        const live = this.#live.get(job.id)
        if (live && !live.running && !live.outcome) {
          if (hold === null) live.moveUp(ahead)
          else live.pause(pausedBecause(hold))
        }
        if (owned && hold === null) ahead++
      }
    }
  }

  /** @param open as read a moment ago: only a job that is next in it is claimed, because a claim takes the library's write lock */
  #startNext(lane: Lane, open: readonly OpenJob[]): void {
    const own = open.flatMap(({ job, ours, running }) => {
      const live = this.#live.get(job.id)
      return live && ours && !running && !live.outcome && laneOf(job.kind) === lane ? [live] : []
    })
    if (own.length === 0) return
    const device = this.machine.device()
    for (const live of own) if (isNext(live.row.id, device, open) && this.#started(lane, live, device)) return
  }

  #started(lane: Lane, job: LiveJob, device: string): boolean {
    const { id } = job.row
    try {
      if (!this.store.jobs.claim(id, device, (open) => isNext(id, device, open))) return false
    } catch (error) {
      this.#end(job, { type: 'failed', error: toErrorShape(error) })
      return false
    }
    this.#running.set(lane, job)
    const supervised = this.machine.startJob(job.row, job.specification, (event) => job.onEvent(event))
    job.start(supervised)
    void supervised.outcome.then((outcome) => {
      this.#running.delete(lane)
      this.#stopped(job, outcome)
    })
    return true
  }

  #stopped(job: LiveJob, outcome: WorkerOutcome): void {
    const hold = this.#pausing.get(job.row.id) ?? null
    this.#pausing.delete(job.row.id)
    if (outcome.type !== 'paused') {
      this.#end(job, outcome)
      return
    }
    this.store.jobs.putBack(job.row.id, hold)
    job.pause(pausedBecause(hold))
    // One that is left by this process is told of when it is.
    if (!this.#closing) this.#tellPaused(job.specification)
    this.#advance()
  }

  #tellPaused(specification: JobSpecification): void {
    for (const listener of this.#paused) listener(specification)
  }

  async #pauseRunning(job: LiveJob, hold: HoldReason | null): Promise<void> {
    if (!job.supervised) return
    this.#pausing.set(job.row.id, hold)
    job.supervised.pause()
    await job.supervised.outcome
  }

  /** Holds this process's jobs while a rule forbids computing, and lets them go on afterwards. */
  #obeyRules(): void {
    const forbidden = this.machine.forbidden()
    for (const { job, ours, running, hold, after } of this.store.jobs.open()) {
      const live = this.#live.get(job.id)
      if (!ours || !live || live.outcome || laneOf(job.kind) !== 'compute') continue
      if (after === 'not finished' && hold === null && !running) this.store.jobs.hold(job.id, 'run')
      const byRule = hold === 'battery' || hold === 'in-use' || hold === 'hours'
      if (!running && (hold === null || byRule) && hold !== forbidden) this.store.jobs.hold(job.id, forbidden)
      if (running && forbidden !== null && job.kind === 'train' && !this.#pausing.has(job.id))
        void this.#pauseRunning(live, forbidden)
    }
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
    let announced = ''
    const epochs = new Set<number>()
    const isNew = (words: string): boolean => {
      const changed = words !== announced
      announced = words
      return changed
    }
    while (!signal?.aborted) {
      // Another watcher may have made it this process's own.
      const live = this.#live.get(id)
      if (live) return yield* watchLive(live, signal)
      const row = this.store.jobs.get(id)
      if (row.state === 'queued' && isNew('queued')) yield { type: 'queued', ahead: this.#aheadOf(id) }
      if (row.state === 'paused' && isNew(`paused: ${row.reason}`))
        yield { type: 'paused', reason: row.reason ?? pausedBecause(null) }
      if (row.state === 'running' && isNew('running')) yield { type: 'started' }
      for (const point of row.kind === 'train' && row.run !== null ? this.store.runs.get(row.run).epochs : []) {
        if (epochs.has(point.epoch)) continue
        epochs.add(point.epoch)
        yield { type: 'epoch', point }
      }
      if (row.progress) yield { type: 'progress', progress: row.progress }
      if (row.state === 'finished') return yield { type: 'finished', result: row.result }
      if (row.state === 'cancelled') return yield { type: 'cancelled' }
      if (row.state === 'failed') {
        return yield { type: 'failed', error: row.error ?? toErrorShape(new Error(`${row.label} failed.`)) }
      }
      await wait(lookInterval)
      this.#recover()
    }
  }

  #aheadOf(id: JobId): number {
    const open: OpenJob[] = this.store.jobs.open()
    const lane = open.filter(({ job, owned, hold }) => laneOf(job.kind) === 'compute' && owned && hold === null)
    return Math.max(0, lane.map(({ job }) => job.id).indexOf(id))
  }
}

const noAnswer = ({ label }: JobRow): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `“${label}” belongs to another VASP Studio on this library (another window, server or command line), which does not answer.`,
    next: 'Look at that program: it may be suspended. It does what was asked as soon as it goes on.',
  })

import { pausedBecause, type Job, type JobEvent, type JobProgress, type Usage } from '../../shared/jobs'
import type { EpochPoint } from '../../shared/runs'
import type { JobRow } from '../store/store'
import type { JobSpecification } from './specification'
import type { JobOutcome, LiveEvent, SupervisedJob } from './supervisor'

/** Samples of what a training uses that a new watcher gets: ten minutes of them. */
const keptUsages = 300

type Listener = (event: JobEvent) => void

export const isLast = (event: JobEvent): boolean =>
  event.type === 'finished' || event.type === 'failed' || event.type === 'cancelled'

/** The live state of a job in this process: its progress and its watchers. */
export class LiveJob {
  #ahead = 0
  #progress: JobProgress | null = null
  #epochs: EpochPoint[] = []
  #usages: Usage[] = []
  readonly #listeners = new Set<Listener>()
  #running = false
  /** Why it is paused. */
  #paused: string | null = null
  #left = false
  #outcome: JobOutcome | null = null
  supervised: SupervisedJob | null = null

  constructor(
    readonly row: JobRow,
    readonly specification: JobSpecification,
  ) {}

  get latestProgress(): JobProgress | null {
    return this.#progress
  }

  get outcome(): JobOutcome | null {
    return this.#outcome
  }

  get wasCancelled(): boolean {
    return this.#outcome?.type === 'cancelled'
  }

  get running(): boolean {
    return this.#running && this.#outcome === null
  }

  /** The events that lead to the job's current state. */
  replay(): JobEvent[] {
    if (this.#outcome) return [this.#outcome]
    if (this.#paused !== null) return [{ type: 'paused', reason: this.#paused }]
    if (!this.#running) return [{ type: 'queued', ahead: this.#ahead }]
    return [
      { type: 'started' },
      ...this.#epochs.map((point): JobEvent => ({ type: 'epoch', point })),
      ...this.#usages.map((usage): JobEvent => ({ type: 'usage', usage })),
      ...(this.#progress ? [{ type: 'progress', progress: this.#progress } satisfies JobEvent] : []),
    ]
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether this process has given it up: its watchers end. */
  get left(): boolean {
    return this.#left
  }

  moveUp(ahead: number): void {
    if (ahead === this.#ahead && this.#paused === null) return
    this.#ahead = ahead
    this.#paused = null
    this.#tell({ type: 'queued', ahead })
  }

  /** It waits, again or still, until it is let go on. */
  pause(reason: string): void {
    this.supervised = null
    this.#running = false
    this.#progress = null
    // Those after its last state are trained again.
    this.#epochs = []
    this.#usages = []
    if (this.#paused === reason) return
    this.#paused = reason
    this.#tell({ type: 'paused', reason })
  }

  /** The process is closing: another one may take the job over. */
  leave(): void {
    this.#left = true
    this.pause(pausedBecause(null))
  }

  start(supervised: SupervisedJob): void {
    this.supervised = supervised
    this.#running = true
    this.#paused = null
    this.#tell({ type: 'started' })
  }

  onEvent(event: LiveEvent): void {
    if (event.type === 'epoch') this.#epochs.push(event.point)
    else if (event.type === 'usage') this.#usages = [...this.#usages, event.usage].slice(-keptUsages)
    else this.#progress = event.progress
    this.#tell(event)
  }

  end(outcome: JobOutcome): void {
    this.#outcome = outcome
    this.#tell(outcome)
  }

  /** @param row as stored now: its place may have changed */
  describe(row: JobRow = this.row): Job {
    const { specification: _, result: __, ...job } = row
    return {
      ...job,
      here: true,
      state: this.#outcome?.type ?? (this.#running ? 'running' : this.#paused === null ? 'queued' : 'paused'),
      reason: this.#outcome ? null : this.#paused,
      progress: this.running ? this.#progress : null,
      error: this.#outcome?.type === 'failed' ? this.#outcome.error : null,
    }
  }

  #tell(event: JobEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

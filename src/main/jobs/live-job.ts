import type { Job, JobEvent, JobProgress } from '../../shared/jobs'
import type { EpochPoint } from '../../shared/runs'
import type { JobRow } from '../store/store'
import type { JobSpecification } from './specification'
import type { JobOutcome, LiveEvent, SupervisedJob } from './supervisor'

type Listener = (event: JobEvent) => void

export const isLast = (event: JobEvent): boolean =>
  event.type === 'finished' || event.type === 'failed' || event.type === 'cancelled'

/** The live state of a job in this process: its progress and its watchers. */
export class LiveJob {
  #ahead: number
  #progress: JobProgress | null = null
  readonly #epochs: EpochPoint[] = []
  readonly #listeners = new Set<Listener>()
  #running = false
  #outcome: JobOutcome | null = null
  supervised: SupervisedJob | null = null

  constructor(
    readonly row: JobRow,
    readonly specification: JobSpecification,
    ahead: number,
  ) {
    this.#ahead = ahead
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
    if (!this.#running) return [{ type: 'queued', ahead: this.#ahead }]
    return [
      { type: 'started' },
      ...this.#epochs.map((point): JobEvent => ({ type: 'epoch', point })),
      ...(this.#progress ? [{ type: 'progress', progress: this.#progress } satisfies JobEvent] : []),
    ]
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  moveUp(ahead: number): void {
    if (ahead === this.#ahead) return
    this.#ahead = ahead
    this.#tell({ type: 'queued', ahead })
  }

  start(supervised: SupervisedJob): void {
    this.supervised = supervised
    this.#running = true
    this.#tell({ type: 'started' })
  }

  onEvent(event: LiveEvent): void {
    if (event.type === 'epoch') this.#epochs.push(event.point)
    else this.#progress = event.progress
    this.#tell(event)
  }

  end(outcome: JobOutcome): void {
    this.#outcome = outcome
    this.#tell(outcome)
  }

  describe(): Job {
    const { specification: _, result: __, ...job } = this.row
    return {
      ...job,
      state: this.#outcome?.type ?? (this.#running ? 'running' : 'queued'),
      progress: this.running ? this.#progress : null,
      error: this.#outcome?.type === 'failed' ? this.#outcome.error : null,
    }
  }

  #tell(event: JobEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

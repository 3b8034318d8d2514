import { badInput, StudioError, toErrorShape } from '../../shared/errors'
import type { Experiment, ExperimentDetail, ExperimentRequest, Subject } from '../../shared/experiments'
import type { ExperimentId, JobId, RunId } from '../../shared/ids'
import type { TrainRequest } from '../../shared/runs'
import { modelOf } from '../models/registry'
import type { Store } from '../store/store'
import { identicalRun } from './identical-run'
import { expand, recipeOf, type Planned } from './plan'
import { experimentDetail, listExperiments } from './progress'
import { recipeTitles } from './recipes'

/** What the conductor needs of whoever trains. */
export interface Orchestra {
  /** Queues one run. Throws where it cannot be queued. */
  train(request: TrainRequest): { run: RunId; job: JobId }
  /** Resolves when the job is over, however it ended. */
  over(job: JobId): Promise<void>
  cancel(job: JobId): Promise<boolean>
  /** Hears what could not be written down in an experiment (a full disk, a data set deleted meanwhile). */
  failed(error: unknown): void
}

/** An experiment that this process is at work on. */
interface Performance {
  job: JobId | null
  stopped: boolean
  done: Promise<void>
}

type Listener = () => void

/**
 * Has the runs of experiments trained, one after the other: each is queued when the one before it is over, so that other work of the
 * library gets its turn in between. A run that fails leaves the others alone; what is missing can be resumed.
 */
export class Conductor {
  readonly #performing = new Map<ExperimentId, Performance>()
  readonly #listeners = new Map<ExperimentId, Set<Listener>>()
  #closing = false

  constructor(
    private readonly store: Store,
    private readonly orchestra: Orchestra,
  ) {}

  /** Stores the experiment and begins it. Throws BAD_INPUT where the request makes no sense, NOT_FOUND for an unknown data set. */
  create(request: ExperimentRequest): ExperimentDetail {
    for (const dataset of request.datasets) this.store.datasets.get(dataset)
    const recipe = recipeOf(request)
    const names = recipe.datasets.map((id) => this.store.datasets.get(id).name)
    const { id } = this.store.experiments.create({
      name: request.name ?? nameOf(request.subject, names),
      recipe,
      datasets: expand(recipe).map(({ dataset }) => dataset),
    })
    this.#begin(id)
    return this.detail(id)
  }

  /** Newest first. */
  list(): Experiment[] {
    return listExperiments(this.store)
  }

  detail(id: ExperimentId): ExperimentDetail {
    return experimentDetail(this.store, this.store.experiments.get(id))
  }

  /** Trains what is missing, failed or cancelled. Throws CONFLICT where somebody is at it, BAD_INPUT where nothing is left. */
  resume(id: ExperimentId): ExperimentDetail {
    const { name, state } = this.detail(id)
    if (state === 'finished')
      throw badInput(`Every run of the experiment “${name}” has finished.`, 'There is nothing left to train.')
    this.#begin(id)
    return this.detail(id)
  }

  /** Cancels the run that is trained now and does not begin the others; false where nobody is at work on it. Throws CONFLICT for another host's. */
  async cancel(id: ExperimentId): Promise<boolean> {
    const performance = this.#performing.get(id)
    if (!performance) {
      const { owned, name } = this.store.experiments.get(id)
      if (!owned) return false
      throw inUse(`The experiment “${name}” runs in another VASP Studio on this library.`, 'Cancel it there.')
    }
    performance.stopped = true
    if (performance.job !== null) await this.orchestra.cancel(performance.job)
    await performance.done
    return true
  }

  /** Forgets an experiment that nobody is at work on; its runs stay. */
  delete(id: ExperimentId): void {
    const { owned, name } = this.store.experiments.get(id)
    if (owned) throw inUse(`The experiment “${name}” is running.`, 'Cancel it first.')
    this.store.experiments.delete(id)
  }

  /** The experiment as it stands, and again whenever a run of it begins or ends, until nobody is at work on it. */
  async *watch(id: ExperimentId, signal?: AbortSignal): AsyncGenerator<Experiment, void, void> {
    let changed = true
    let wake: Listener = () => undefined
    const hear: Listener = () => {
      changed = true
      wake()
    }
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(hear))
    signal?.addEventListener('abort', hear)
    try {
      while (!signal?.aborted) {
        if (changed) {
          changed = false
          const { recipe: _, runs: __, ...experiment } = this.detail(id)
          // Asked before the watcher takes its time over this state: what happens meanwhile is told once more.
          const over = !this.#performing.has(id)
          yield experiment
          if (over) return
        } else {
          await new Promise<void>((resolve) => (wake = resolve))
        }
      }
    } finally {
      listeners.delete(hear)
      signal?.removeEventListener('abort', hear)
    }
  }

  /** Begins no more runs; `closed` resolves when those that are being trained are over. */
  close(): { closed: Promise<void> } {
    this.#closing = true
    return { closed: Promise.all([...this.#performing.values()].map(({ done }) => done)).then(() => undefined) }
  }

  #begin(id: ExperimentId): void {
    if (!this.store.experiments.takeOn(id)) {
      const { name } = this.store.experiments.get(id)
      throw inUse(`The experiment “${name}” is running already.`, 'Wait until it has ended, or cancel it.')
    }
    const performance: Performance = { job: null, stopped: false, done: Promise.resolve() }
    this.#performing.set(id, performance)
    performance.done = this.#perform(id, performance)
      .finally(() => {
        this.#performing.delete(id)
        this.store.experiments.letGo(id)
      })
      .catch((error: unknown) => this.orchestra.failed(error))
      .finally(() => this.#tell(id))
  }

  async #perform(id: ExperimentId, performance: Performance): Promise<void> {
    const { recipe, places } = this.store.experiments.get(id)
    const planned = new Map(expand(recipe).map((one) => [one.position, one]))
    for (const { position } of places) {
      if (performance.stopped || this.#closing) return
      const one = planned.get(position)
      if (!one || this.#isFinished(id, position)) continue
      try {
        await this.#fill(id, one, recipe.reuse, performance)
      } catch (error) {
        // One run that cannot be started says so in its place; the others may still work.
        this.store.experiments.refuse(id, position, toErrorShape(error))
      }
      this.#tell(id)
    }
  }

  #runAt(id: ExperimentId, position: number): RunId | null {
    return this.store.experiments.get(id).places.find((place) => place.position === position)?.run ?? null
  }

  #isFinished(id: ExperimentId, position: number): boolean {
    const run = this.#runAt(id, position)
    return run !== null && this.store.runs.get(run).status.state === 'finished'
  }

  async #fill(id: ExperimentId, planned: Planned, reuse: boolean, performance: Performance): Promise<void> {
    const members = this.#members(id, planned)
    const identical = reuse ? identicalRun(this.store, planned, members) : null
    if (identical !== null) {
      this.store.experiments.fill(id, planned.position, identical, { reused: true })
      return
    }
    const { dataset, preparation, split, seed, system } = planned
    const { run, job } = this.orchestra.train({
      dataset,
      model: system.model,
      preset: system.preset,
      overrides: system.overrides,
      members: members.length > 0 ? members : null,
      seed,
      preparation,
      split,
      name: `${system.label}${seed === 1 ? '' : `, seed ${seed}`}`.slice(0, 120),
    })
    this.store.experiments.fill(id, planned.position, run, { reused: false })
    performance.job = job
    this.#tell(id)
    await this.orchestra.over(job)
    performance.job = null
  }

  /** The runs that an ensemble is made of. Throws BAD_INPUT where one of them has not finished. */
  #members(id: ExperimentId, { members, system }: Planned): RunId[] {
    return members.map((position) => {
      const run = this.#runAt(id, position)
      if (run !== null && this.#isFinished(id, position)) return run
      throw badInput(
        `${system.label} needs a run that has not finished.`,
        'Look at the runs before it, then train what is missing.',
      )
    })
  }

  #tell(id: ExperimentId): void {
    for (const listener of this.#listeners.get(id) ?? []) listener()
  }
}

/** What an experiment is called that nobody has named. */
function nameOf(subject: Subject, datasets: readonly string[]): string {
  const what = subject.kind === 'search' ? `${modelOf(subject.space.model).name} search` : recipeTitles[subject.kind]
  return `${what} · ${datasets.join(', ')}`.slice(0, 120)
}

const inUse = (message: string, next: string): StudioError => new StudioError({ code: 'CONFLICT', message, next })

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

/** What the scheduler needs in order to train runs. */
export interface Runner {
  /** Queues one run. Throws if it cannot be queued. */
  train(request: TrainRequest): { run: RunId; job: JobId }
  /** Queues the rest of an interrupted run; null if it cannot go on. */
  goOn(run: RunId): JobId | null
  /** Resolves when the job has ended in any state. */
  ended(job: JobId): Promise<void>
  cancel(job: JobId): Promise<boolean>
  /** Called with an error that kept an experiment from being recorded (full disk, deleted data set). */
  failed(error: unknown): void
}

/** An experiment that this process is running. */
interface RunningExperiment {
  job: JobId | null
  stopped: boolean
  done: Promise<void>
}

type Listener = () => void

/**
 * Trains the runs of experiments one after the other: each is queued when the previous one has ended, so that other jobs of the library can run in
 * between. A failed run does not affect the others; missing runs can be trained later, and interrupted ones go on where they stood.
 */
export class ExperimentScheduler {
  readonly #running = new Map<ExperimentId, RunningExperiment>()
  readonly #listeners = new Map<ExperimentId, Set<Listener>>()
  #closing = false

  constructor(
    private readonly store: Store,
    private readonly runner: Runner,
  ) {}

  /** Stores the experiment and starts it. Throws BAD_INPUT for an invalid request, NOT_FOUND for an unknown data set. */
  create(request: ExperimentRequest): ExperimentDetail {
    const recipe = recipeOf(request, (dataset) => this.store.datasets.get(dataset).valueKind)
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

  /** Trains the runs that are missing, failed or cancelled. Throws CONFLICT if the experiment is running, BAD_INPUT if all runs have finished. */
  resume(id: ExperimentId): ExperimentDetail {
    const { name, state } = this.detail(id)
    if (state === 'finished')
      throw badInput(`All runs of the experiment “${name}” have finished.`, 'There is nothing left to train.')
    this.#begin(id)
    return this.detail(id)
  }

  /** Goes on with the experiments whose process has ended while they were running. */
  goOnLeft(): void {
    for (const { id, left } of this.store.experiments.list()) if (left) this.#begin(id)
  }

  /** Cancels the current run and does not start the others; returns false if the experiment is not running. Throws CONFLICT if another host runs it. */
  async cancel(id: ExperimentId): Promise<boolean> {
    const running = this.#running.get(id)
    if (!running) {
      const { owned, name } = this.store.experiments.get(id)
      if (!owned) return false
      throw inUse(`The experiment “${name}” runs in another VASP Studio on this library.`, 'Cancel it there.')
    }
    running.stopped = true
    if (running.job !== null) await this.runner.cancel(running.job)
    await running.done
    return true
  }

  /** Deletes an experiment that is not running; its runs stay. */
  delete(id: ExperimentId): void {
    const { owned, name } = this.store.experiments.get(id)
    if (owned) throw inUse(`The experiment “${name}” is running.`, 'Cancel it first.')
    this.store.experiments.delete(id)
  }

  /** Yields the experiment, and again whenever one of its runs starts or ends, until it is no longer running. */
  async *watch(id: ExperimentId, signal?: AbortSignal): AsyncGenerator<Experiment, void, void> {
    let changed = true
    let wake: Listener = () => undefined
    const onEvent: Listener = () => {
      changed = true
      wake()
    }
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(onEvent))
    signal?.addEventListener('abort', onEvent)
    try {
      while (!signal?.aborted) {
        if (changed) {
          changed = false
          const { recipe: _, runs: __, ...experiment } = this.detail(id)
          // Read before yielding, because the watcher may be slow and the state can change meanwhile.
          const ended = !this.#running.has(id)
          yield experiment
          if (ended) return
        } else {
          await new Promise<void>((resolve) => (wake = resolve))
        }
      }
    } finally {
      listeners.delete(onEvent)
      signal?.removeEventListener('abort', onEvent)
    }
  }

  /** Starts no more runs; `closed` resolves when the current ones have ended. */
  close(): { closed: Promise<void> } {
    this.#closing = true
    return { closed: Promise.all([...this.#running.values()].map(({ done }) => done)).then(() => undefined) }
  }

  #begin(id: ExperimentId): void {
    if (!this.store.experiments.acquire(id)) {
      const { name } = this.store.experiments.get(id)
      throw inUse(`The experiment “${name}” is running already.`, 'Wait until it has ended, or cancel it.')
    }
    const running: RunningExperiment = { job: null, stopped: false, done: Promise.resolve() }
    this.#running.set(id, running)
    running.done = this.#trainMissing(id, running)
      .finally(() => {
        this.#running.delete(id)
        if (this.#closing) this.store.experiments.leave(id)
        else this.store.experiments.release(id)
      })
      .catch((error: unknown) => this.runner.failed(error))
      .finally(() => this.#tell(id))
  }

  async #trainMissing(id: ExperimentId, running: RunningExperiment): Promise<void> {
    const { recipe, trials } = this.store.experiments.get(id)
    const planned = new Map(expand(recipe).map((one) => [one.position, one]))
    for (const { position } of trials) {
      if (running.stopped || this.#closing) return
      const one = planned.get(position)
      if (!one || this.#isFinished(id, position)) continue
      try {
        await this.#fill(id, one, recipe.reuse, running)
      } catch (error) {
        // A run that cannot be started records why; the others may still work.
        this.store.experiments.refuse(id, position, toErrorShape(error))
      }
      this.#tell(id)
    }
  }

  #runAt(id: ExperimentId, position: number): RunId | null {
    return this.store.experiments.get(id).trials.find((trial) => trial.position === position)?.run ?? null
  }

  #isFinished(id: ExperimentId, position: number): boolean {
    const run = this.#runAt(id, position)
    return run !== null && this.store.runs.get(run).status.state === 'finished'
  }

  async #fill(id: ExperimentId, planned: Planned, reuse: boolean, running: RunningExperiment): Promise<void> {
    const members = this.#members(id, planned)
    const interrupted = this.#runAt(id, planned.position)
    const rest = interrupted === null ? null : this.runner.goOn(interrupted)
    if (rest !== null) return this.#train(id, rest, running)
    const identical = reuse ? identicalRun(this.store, planned, members) : null
    if (identical !== null) {
      this.store.experiments.fill(id, planned.position, identical, { reused: true })
      return
    }
    const { dataset, preparation, split, seed, system } = planned
    const { run, job } = this.runner.train({
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
    await this.#train(id, job, running)
  }

  async #train(id: ExperimentId, job: JobId, running: RunningExperiment): Promise<void> {
    running.job = job
    this.#tell(id)
    await this.runner.ended(job)
    running.job = null
  }

  /** The runs of an ensemble's members. Throws BAD_INPUT if one of them has not finished. */
  #members(id: ExperimentId, { members, system }: Planned): RunId[] {
    return members.map((position) => {
      const run = this.#runAt(id, position)
      if (run !== null && this.#isFinished(id, position)) return run
      throw badInput(
        `${system.label} needs a run that has not finished.`,
        'Check the runs before it, then train what is missing.',
      )
    })
  }

  #tell(id: ExperimentId): void {
    for (const listener of this.#listeners.get(id) ?? []) listener()
  }
}

/** The default name of an experiment. */
function nameOf(subject: Subject, datasets: readonly string[]): string {
  const what = subject.kind === 'search' ? `${modelOf(subject.space.model).name} search` : recipeTitles[subject.kind]
  return `${what} · ${datasets.join(', ')}`.slice(0, 120)
}

const inUse = (message: string, next: string): StudioError => new StudioError({ code: 'CONFLICT', message, next })

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cancelled } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import type { EpochPoint, RunDetail } from '../../shared/runs'
import type { TrainingPosition } from '../../shared/training-position'
import { loadTensors, tensorFile, verifyTensors } from '../compute/safetensors'
import type { Written } from '../compute/whole-file'
import { log } from '../jobs/log'
import type { NamedParameters, Recommender } from '../models/model'
import type { Store, StoredState } from '../store/store'
import type { Interrupted, StateKeeper } from '../training/position'
import { whileDiskIsFull } from './full-disk'
import type { WorkerContext } from './worker-context'
import { FilesBeside } from './written-beside'

/** The longest time without a new state, in milliseconds. */
const LONGEST = 5 * 60_000
/** Keeping states takes at most this share of the training's time: copying, and the hashing and writing that compete with the steps for processors. */
const LARGEST_SHARE = 0.02
/** Bytes of a state that are hashed and written in a millisecond; until copying has been measured, that is all that keeping one is taken to cost. */
const USUAL_SPEED = 200 * 1024

/** The usual size of a training's state: the weights and their two moments, as float32. */
export const stateBytes = (model: Recommender): number =>
  3 * 4 * [...model.parameters.values()].reduce((sum, variable) => sum + variable.size, 0)

/** Relative to the library folder; like weights, each file has a name that was never used. */
const statePath = (run: RunId): string =>
  join('weights', `run-${run}-state-${randomUUID().replaceAll('-', '').slice(0, 16)}.safetensors`)

/**
 * Keeps the states of a run: a thread writes each while the training goes on, then a row names it. After a kill at any point, the state before it is
 * intact.
 */
export class RunStates implements StateKeeper {
  readonly #files: FilesBeside
  readonly #began = performance.now()
  #last = performance.now()
  /** Milliseconds of processor time that keeping a state takes. */
  #cost: number
  readonly #writingCost: number
  /** Resolves to the reason if the last state cannot be written. */
  #writing: Promise<Error | null> = Promise.resolve(null)
  #isWriting = false
  /** Whether the last state could not be written. */
  #failure: Error | null = null

  constructor(
    private readonly store: Store,
    private readonly run: RunId,
    private readonly context: Pick<WorkerContext, 'signal' | 'pause' | 'progress' | 'writeThread'>,
    /** Seconds of training before this process. */
    private readonly secondsBefore: number,
    /** The expected size of a state. */
    bytes: number,
    /** Whether the state after the last epoch is kept, too. */
    private readonly keepsLast = false,
  ) {
    this.#writingCost = bytes / USUAL_SPEED
    this.#cost = this.#writingCost
    this.#files = new FilesBeside(context.writeThread)
  }

  due(at: 'epoch end' | 'step' | 'end'): boolean {
    if (at === 'end') return this.keepsLast
    if (this.#failure !== null || this.context.pause.aborted) return true
    if (this.#isWriting) return false
    const since = performance.now() - this.#last
    return since >= LONGEST || (at === 'epoch end' && since * LARGEST_SHARE >= this.#cost)
  }

  /** Throws CANCELLED once the state of a training that is to be paused is written. */
  async keep(position: TrainingPosition, tensors: NamedParameters): Promise<void> {
    // Only a pause and the end ask for one while another is being written.
    if (this.#isWriting) await this.#writing
    // If the last one could not be written, the training waits for this one.
    let atOnce = this.#failure !== null || this.context.pause.aborted
    await whileDiskIsFull(this.context, async () => {
      this.#failure = null
      await this.#begin(position, tensors)
      const failure = atOnce ? await this.#writing : null
      atOnce = true
      if (failure) throw failure
    })
    if (this.context.pause.aborted) throw cancelled('The training')
  }

  /** Resolves when the last state is written or has failed. */
  async close(): Promise<void> {
    await this.#writing
    await this.#files.close()
  }

  async #begin(position: TrainingPosition, tensors: NamedParameters): Promise<void> {
    const started = performance.now()
    const seconds = this.secondsBefore + (started - this.#began) / 1000
    const best = this.store.runs.checkpoint(this.run)
    const path = statePath(this.run)
    this.store.pendingFiles.begin(path)
    const metadata = { format: 'pt', run: String(this.run), position: JSON.stringify(position) }
    const { written } = await this.#files.write(join(this.store.library, path), tensorFile(tensors, metadata))
    this.#last = performance.now()
    this.#cost = this.#last - started + this.#writingCost
    this.#isWriting = true
    this.#writing = written.then(
      (file) => this.#recorded({ path, ...file, position, seconds, best }),
      (error: unknown) => this.#failed(error),
    )
  }

  #recorded(state: StoredState & Written): Error | null {
    this.#isWriting = false
    try {
      this.store.runs.saveState(this.run, state)
      this.store.pendingFiles.removeLeft()
      return null
    } catch (error) {
      return this.#failed(error)
    }
  }

  #failed(error: unknown): Error {
    this.#isWriting = false
    this.#failure = error instanceof Error ? error : new Error(String(error))
    return this.#failure
  }
}

/** Where a run goes on, and what is said of it. */
export interface GoingOn {
  /** Null if it begins, or has to begin again. */
  readonly interrupted: Interrupted | null
  /** Seconds of training before the interruption. */
  readonly seconds: number
  /** Why newer states could not be used, one sentence each. */
  readonly flaws: readonly string[]
}

/**
 * Sets an interrupted run back to its newest state that is intact, or if it has none (as models that are solved in closed form) to its validated
 * epochs.
 */
export async function setBack(store: Store, run: RunDetail, bySteps: boolean): Promise<GoingOn> {
  if (!bySteps) {
    if (run.epochs.length === 0) return { interrupted: null, seconds: 0, flaws: [] }
    store.runs.goOn(run.id, null, run.epochs.length)
    return { interrupted: { epochs: run.epochs, state: null }, seconds: secondsOf(run.epochs), flaws: [] }
  }
  const flaws: string[] = []
  for (const state of store.runs.states(run.id)) {
    const flaw = await flawOf(store.library, state)
    if (flaw !== null) {
      log(`A state of run ${run.id} (${run.name}) cannot be used: ${flaw}`)
      flaws.push(flaw)
      continue
    }
    const { position } = state
    const epochs = run.epochs.filter(({ epoch }) => epoch <= position.epochs)
    store.runs.goOn(run.id, state, position.epochs)
    store.pendingFiles.removeLeft()
    const load = (tensors: NamedParameters): Promise<void> => loadTensors(join(store.library, state.path), tensors)
    return { interrupted: { epochs, state: { position, load } }, seconds: state.seconds, flaws }
  }
  if (run.epochs.length > 0) {
    store.runs.goOn(run.id, null, 0)
    store.pendingFiles.removeLeft()
  }
  return { interrupted: null, seconds: 0, flaws }
}

const secondsOf = (epochs: readonly EpochPoint[]): number => epochs.reduce((sum, { seconds }) => sum + seconds, 0)

/** Why a state cannot be used; null if its file and the best weights of its time are what was stored. */
async function flawOf(library: string, { path, sha256, best }: StoredState): Promise<string | null> {
  for (const file of [{ path, sha256 }, ...(best ? [best] : [])]) {
    const whole = join(library, file.path)
    if (!existsSync(whole)) return `there is no file ${whole}.`
    try {
      await verifyTensors(whole, file.sha256)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  return null
}

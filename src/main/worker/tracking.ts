import { setTimeout as wait } from 'node:timers/promises'
import { toErrorShape } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import type { EpochPoint } from '../../shared/runs'
import { trackerKinds, trackerTexts, type RunTracker, type TrackerFolders } from '../../shared/trackers'
import { trackedEpoch, trackedRun } from '../interchange/trackers/tracked-run'
import type { RunLog } from '../interchange/trackers/tracker'
import { trackers } from '../interchange/trackers/trackers'
import { log } from '../jobs/log'
import type { Store } from '../store/store'

/** How long the end of a training waits for folders that do not answer, in milliseconds; one that is stopped waits less, because it would be killed. */
const patience = { finished: 30_000, stopped: 500 } as const

/**
 * Writes a run to its trackers while it is trained. Nothing here fails or delays the training: what cannot be written is said once on the run and tried
 * again, as a whole, after the next epoch.
 */
export class RunTracking {
  readonly #folders: TrackedFolder[]

  /** Begins with what is stored of the run, in the folders that it has, and in those of the setting. */
  constructor(store: Store, run: RunId, usual: TrackerFolders) {
    const { trackers: known } = store.runs.get(run)
    const added = trackerKinds.flatMap((kind) => {
      const folder = usual[kind]
      if (folder === undefined || known.some((tracker) => tracker.kind === kind)) return []
      return [{ kind, folder, problem: null, ended: false }]
    })
    const all: RunTracker[] = [...known.map((tracker) => ({ ...tracker, ended: false })), ...added]
    if (all.length > 0) store.runs.saveTrackers(run, all)
    this.#folders = all.map((tracker) => new TrackedFolder(store, run, tracker))
    for (const folder of this.#folders) folder.begin()
  }

  /** Call it when the epoch is stored. */
  epoch(point: EpochPoint): void {
    for (const folder of this.#folders) folder.epoch(point)
  }

  /** Call it when the end of the run is stored. Resolves when the trackers have it, or do not answer. */
  async finished(): Promise<void> {
    for (const folder of this.#folders) folder.end()
    await this.#answered(patience.finished)
    for (const folder of this.#folders) folder.sayIfUnanswered()
  }

  /** Resolves when what was begun is written, or after a moment. */
  stopped(): Promise<void> {
    return this.#answered(patience.stopped)
  }

  async #answered(milliseconds: number): Promise<void> {
    const answered = new AbortController()
    const all = Promise.all(this.#folders.map(({ done }) => done)).then(() => answered.abort())
    await Promise.race([all, wait(milliseconds, undefined, { signal: answered.signal }).catch(() => undefined)])
  }
}

/** A run in the folder of one tracker. Everything is written in order, each after what came before. */
class TrackedFolder {
  #turn: Promise<void> = Promise.resolve()
  #waiting = 0
  /** `null` if the run has to be written as a whole. */
  #log: RunLog | null = null
  /** The last epoch that is there. */
  #last = 0

  constructor(
    private readonly store: Store,
    private readonly run: RunId,
    private tracker: RunTracker,
  ) {}

  /** Resolves when all that was begun is written or has failed; never rejects. */
  get done(): Promise<void> {
    return this.#turn
  }

  begin(): void {
    this.#then(() => this.#writeWhole())
  }

  epoch(point: EpochPoint): void {
    const at = point.at === undefined ? Date.now() : Date.parse(point.at)
    this.#then(async () => {
      if (!this.#log) return this.#writeWhole()
      // The whole run was written after this epoch was stored.
      if (point.epoch <= this.#last) return
      await this.#log.add(trackedEpoch(point, at))
      this.#last = point.epoch
    })
  }

  end(): void {
    this.#then(async () => {
      if (this.#log) await this.#log.end(trackedRun(this.store.runs.get(this.run)))
      else await this.#writeWhole()
      this.#save({ ended: true })
    })
  }

  sayIfUnanswered(): void {
    if (this.#waiting > 0) this.#failed('The folder does not answer.')
  }

  async #writeWhole(): Promise<void> {
    const tracked = trackedRun(this.store.runs.get(this.run))
    this.#log = await trackers[this.tracker.kind].write(this.tracker.folder, tracked)
    this.#last = tracked.epochs.at(-1)?.step ?? 0
  }

  #then(work: () => Promise<void>): void {
    this.#waiting++
    this.#turn = this.#turn
      .then(work)
      .then(
        () => this.#save({ problem: null }),
        (error: unknown) => this.#failed(toErrorShape(error).message),
      )
      .finally(() => this.#waiting--)
  }

  #failed(problem: string): void {
    this.#log = null
    if (problem === this.tracker.problem) return
    log(`Run ${this.run} could not be written to ${trackerTexts[this.tracker.kind].title}: ${problem}`)
    this.#save({ problem })
  }

  /** Records what has changed. */
  #save(change: Pick<Partial<RunTracker>, 'problem' | 'ended'>): void {
    const changed = { ...this.tracker, ...change }
    if (changed.problem === this.tracker.problem && changed.ended === this.tracker.ended) return
    this.tracker = changed
    try {
      const all = this.store.runs.get(this.run).trackers
      this.store.runs.saveTrackers(
        this.run,
        all.map((tracker) => (tracker.kind === changed.kind ? changed : tracker)),
      )
    } catch (error) {
      // A full disk, or a run that was deleted meanwhile: the training has its own way to deal with either.
      log(toErrorShape(error).message)
    }
  }
}

import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { badInput, notFound, StudioError, toErrorShape } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { isOpen } from '../../shared/jobs'
import type { RunDetail } from '../../shared/runs'
import {
  trackerKinds,
  trackerTexts,
  type ExportedToTracker,
  type RunTracker,
  type TrackerFolders,
  type TrackerKind,
} from '../../shared/trackers'
import { trackedRun } from '../interchange/trackers/tracked-run'
import { trackers } from '../interchange/trackers/trackers'
import { log } from '../jobs/log'
import type { Store } from '../store/store'

/** How long the end of a program waits for folders of trackers that do not answer, in milliseconds. */
const patience = 10_000

/** Throws NOT_FOUND, BAD_INPUT or NO_PERMISSION if one of the folders cannot be used by its tracker. */
export async function requireTrackerFolders(folders: TrackerFolders): Promise<void> {
  for (const kind of trackerKinds) {
    const folder = folders[kind]
    if (folder !== undefined) await requireTrackerFolder(kind, folder)
  }
}

async function requireTrackerFolder(kind: TrackerKind, folder: string): Promise<void> {
  const called = `the ${trackerTexts[kind].folder} of ${trackerTexts[kind].title}`
  const state = await stat(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (!state) throw notFound(`${folder}, ${called}, does not exist.`, 'Create that folder, or choose another one.')
  if (!state.isDirectory()) throw badInput(`${folder} cannot be ${called}: it is a file.`, 'Choose a folder.')
  await access(folder, constants.W_OK)
  await trackers[kind].check(folder)
}

/** What a run records of the folders in which it is to be tracked. */
export const runTrackers = (folders: TrackerFolders = {}): RunTracker[] =>
  trackerKinds.flatMap((kind) => {
    const folder = folders[kind]
    return folder === undefined ? [] : [{ kind, folder, problem: null, ended: false }]
  })

/**
 * Writes runs that have ended for a tracker: all of them or, if one is there already or cannot be written, none. Throws CONFLICT for runs that have not
 * ended, and for those that are there already unless `force`.
 */
export async function exportToTracker(
  { runs }: Store,
  ids: readonly RunId[],
  { to, folder, force }: { to: TrackerKind; folder: string; force: boolean },
): Promise<ExportedToTracker[]> {
  const chosen = ids.map((id) => runs.get(id))
  for (const run of chosen) requireEnded(run)
  await requireTrackerFolder(to, folder)
  const all = chosen.map(trackedRun)
  for (const tracked of all) {
    const there = await trackers[to].find(folder, tracked)
    if (there !== null && !force) throw alreadyThere(tracked.run, to, there)
  }
  const exported: ExportedToTracker[] = []
  for (const tracked of all) {
    const { path } = await trackers[to].write(folder, tracked)
    const { run, epochs, estimatedTimes } = tracked
    exported.push({ run: run.id, path, epochs: epochs.length, estimatedTimes })
  }
  return exported
}

/**
 * Tells trackers how runs ended that did not end by themselves (their worker failed, was cancelled or killed), and that runs wait which were paused. While
 * they train, and when they finish, the worker writes to the trackers.
 */
export class RunEnds {
  readonly #writing = new Set<Promise<void>>()

  constructor(private readonly store: Store) {}

  /** Call it when the end of a training is recorded. */
  ended(run: RunId): void {
    this.#begin(() => this.#write(run))
  }

  /** Call it when a training waits to go on and its worker has ended. */
  paused(run: RunId): void {
    this.#begin(() => this.#writePause(run))
  }

  #begin(work: () => Promise<void>): void {
    const writing = work()
      .catch((error: unknown) => {
        // A run that was deleted has no end.
        if (!(error instanceof StudioError && error.code === 'NOT_FOUND')) log(toErrorShape(error).message)
      })
      .finally(() => this.#writing.delete(writing))
    this.#writing.add(writing)
  }

  /** Writes the ends and pauses of runs whose program ended before it could. */
  catchUp(): void {
    for (const run of this.store.runs.endedBeforeTrackers()) this.ended(run)
    for (const { job } of this.store.jobs.open())
      if (job.kind === 'train' && job.state === 'paused' && job.run !== null) this.paused(job.run)
  }

  /** Resolves when all is written, or does not answer. */
  async close(): Promise<void> {
    const answered = new AbortController()
    const all = Promise.all(this.#writing).then(() => answered.abort())
    await Promise.race([all, wait(patience, undefined, { signal: answered.signal }).catch(() => undefined)])
  }

  async #write(id: RunId): Promise<void> {
    for (const tracker of this.store.runs.get(id).trackers.filter(({ ended }) => !ended)) {
      const changed = await this.#written(id, tracker)
      const { trackers: all } = this.store.runs.get(id)
      this.store.runs.saveTrackers(
        id,
        all.map((one) => (one.kind === changed.kind ? changed : one)),
      )
    }
  }

  async #writePause(id: RunId): Promise<void> {
    for (const { kind, folder } of this.store.runs.get(id).trackers)
      try {
        await trackers[kind].pause?.(folder, trackedRun(this.store.runs.get(id)))
      } catch (error) {
        // All of the run is written again when it goes on; until then the tracker shows that it runs.
        log(
          `The pause of run ${id} could not be written to ${trackerTexts[kind].title}: ${toErrorShape(error).message}`,
        )
      }
  }

  async #written(id: RunId, tracker: RunTracker): Promise<RunTracker> {
    try {
      await trackers[tracker.kind].write(tracker.folder, trackedRun(this.store.runs.get(id)))
      return { ...tracker, problem: null, ended: true }
    } catch (error) {
      const problem = toErrorShape(error).message
      if (problem !== tracker.problem)
        log(`The end of run ${id} could not be written to ${trackerTexts[tracker.kind].title}: ${problem}`)
      return { ...tracker, problem }
    }
  }
}

function requireEnded({ id, name, status }: RunDetail): void {
  if (!isOpen(status)) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `Run ${id} (${name}) is ${status.state}, so its figures are not complete.`,
    next: 'Wait until it has ended. A training writes them from its start with --tensorboard or --mlflow, or by the setting “Experiment trackers”.',
  })
}

const alreadyThere = ({ id, name }: RunDetail, kind: TrackerKind, path: string): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `Run ${id} (${name}) is already there for ${trackerTexts[kind].title}: ${path}.`,
    next: 'Add --force to write it again in its place, or choose another folder.',
  })

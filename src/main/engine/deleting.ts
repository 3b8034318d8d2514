import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset, DatasetDependents, VersionChoice } from '../../shared/datasets'
import { StudioError, toErrorShape } from '../../shared/errors'
import type { DatasetId, ExperimentId, ExportId, MapId, RunId } from '../../shared/ids'
import type { Job } from '../../shared/jobs'
import { askOnce } from '../jobs/answering-worker'
import { exportFilePath } from '../jobs/record-end'
import type { OwnerId } from '../store/process-lock'
import type { Store } from '../store/store'
import type { EngineContext } from './context'

const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

const databaseSize = (library: string): number =>
  size(join(library, 'library.db')) + size(join(library, 'library.db-wal'))

/** Timeout for removing the rows of a large data set, in milliseconds. */
const removalPatience = 600_000

/** Throws CONFLICT if an active job uses it. */
export function refuseWhileInUse({ queue }: EngineContext, what: string, uses: (job: Job) => boolean): void {
  const job = queue.unfinished().find(uses)
  if (!job) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `${what} is in use: “${job.label}” is ${job.state === 'running' ? 'running' : 'waiting'}.`,
    next: 'Wait until it has ended, or cancel it first.',
  })
}

/** The files of these runs: weights and exports. */
function filesOfRuns({ store }: EngineContext, runs: readonly RunId[]): string[] {
  const weights = runs.flatMap((run) => {
    const states = store.runs.states(run)
    return [store.runs.checkpoint(run), ...states, ...states.map(({ best }) => best)].flatMap(
      (file) => file?.path ?? [],
    )
  })
  const exports = store.exports.list().filter((record) => runs.includes(record.run))
  return [...weights, ...exports.map((record) => exportFilePath(record.id))]
}

/** Disk space that is enough to delete the rows of a run. */
const enoughForRows = 1024 ** 2

/**
 * Deletes rows. On a completely full disk, their files are deleted first to make room for the transaction. If the process dies in between, a check
 * reports the rows whose files are gone. @returns bytes of the files that went first
 */
async function filesFirstIfFull(
  remove: () => void | Promise<void>,
  library: string,
  files: readonly string[],
): Promise<number> {
  try {
    await remove()
    return 0
  } catch (error) {
    // If the files would not free enough space, nothing is deleted.
    const bytes = files.reduce((sum, path) => sum + size(join(library, path)), 0)
    if (toErrorShape(error).code !== 'DISK_FULL' || bytes < enoughForRows) throw error
    for (const path of files) rmSync(join(library, path), { force: true })
    await remove()
    return bytes
  }
}

/**
 * Deletes rows and then their files. The transaction that deletes the rows records the files, so that the next start removes them if the process is
 * killed in between. @param remove checks again, in its transaction, that no job uses what it deletes
 * @param files files of its rows in addition to those of `runs`
 */
async function deleteRows(
  context: EngineContext,
  runs: readonly RunId[],
  remove: () => void | Promise<void>,
  files: readonly string[] = [],
): Promise<{ freedBytes: number }> {
  const { library, pendingFiles } = context.store
  for (const run of runs) await context.serving.release(run)
  const before = databaseSize(library)
  const freed = await filesFirstIfFull(remove, library, [...filesOfRuns(context, runs), ...files])
  const shrinkage = Math.max(0, before - databaseSize(library))
  return { freedBytes: freed + shrinkage + pendingFiles.removeLeft().bytes }
}

const versionsOf = ({ store }: EngineContext, id: DatasetId, which: VersionChoice): Dataset[] =>
  which === 'all' ? store.datasets.detail(id).versions : [store.datasets.get(id)]

/** What is deleted with one version of a data set, or with all of them. */
export function datasetDependents(context: EngineContext, id: DatasetId, which: VersionChoice): DatasetDependents {
  const { store } = context
  const versions = versionsOf(context, id, which)
  const runs = versions.flatMap((version) => store.runs.list(version.id))
  const ids = new Set(runs.map((run) => run.id))
  const files = filesOfRuns(context, [...ids])
  return {
    versions: versions.map(({ id: of, version }) => ({ id: of, version })),
    runs: runs.map(({ id: run, name }) => ({ id: run, name })),
    exports: store.exports.list().filter(({ run }) => ids.has(run)).length,
    maps: [...ids].reduce((sum, run) => sum + store.maps.list(run).length, 0),
    experiments: store.experiments
      .list()
      .filter(({ trials }) => trials.some(({ dataset }) => versions.some((version) => version.id === dataset)))
      .map(({ name }) => name),
    fileBytes: files.reduce((sum, path) => sum + size(join(store.library, path)), 0),
  }
}

/**
 * Deletes one version of a data set, or all of them, with their runs, weights and exports. They disappear immediately; a worker then removes their
 * rows and shortens the file in the background. Throws CONFLICT while a job uses them.
 */
export async function deleteDataset(
  context: EngineContext,
  id: DatasetId,
  which: VersionChoice,
): Promise<{ freedBytes: number }> {
  const { store, workers } = context
  const versions = versionsOf(context, id, which).map((version) => version.id)
  const { name } = store.datasets.get(id)
  const refuse = (): void =>
    refuseWhileInUse(context, `The data set “${name}”`, (job) => job.dataset !== null && versions.includes(job.dataset))
  refuse()
  const runs = versions.flatMap((version) => store.runs.list(version).map((run) => run.id))
  return deleteRows(context, runs, async () => {
    store.transaction(() => {
      refuse()
      store.datasets.markDeleted(...versions)
    })
    await askOnce(workers, { kind: 'probe' }, { kind: 'remove-unseen' }, removalPatience, 'Freeing the space')
  })
}

const refuseRunInUse = (context: EngineContext, id: RunId): void =>
  refuseWhileInUse(context, `The run “${context.store.runs.get(id).name}”`, (job) => job.run === id)

/** Deletes a run with its weights and exports. Throws CONFLICT while a job uses it. */
export async function deleteRun(context: EngineContext, id: RunId): Promise<{ freedBytes: number }> {
  const { store } = context
  refuseRunInUse(context, id)
  return deleteRows(context, [id], () =>
    store.transaction(() => {
      refuseRunInUse(context, id)
      store.runs.delete(id)
    }),
  )
}

/**
 * Removes runs from all lists; they are deleted when this process ends, or by the next start if it is killed, so that until then it can be undone.
 * Throws CONFLICT while a job uses one: then none is removed. @returns size of their files
 */
export function removeRuns(context: EngineContext, runs: readonly RunId[]): { bytes: number } {
  const { store } = context
  store.transaction(() => {
    for (const run of runs) refuseRunInUse(context, run)
    store.runs.setRemoved(runs, true)
  })
  return { bytes: filesOfRuns(context, runs).reduce((sum, path) => sum + size(join(store.library, path)), 0) }
}

/** Deletes the removed runs of this process and of dead ones, with their files. */
export function deleteRemovedRuns(store: Store, isGone: (owner: OwnerId) => boolean): void {
  const gone = [...store.runs.removed()].flatMap(([run, owner]) => (isGone(owner) ? [run] : []))
  if (gone.length === 0) return
  store.transaction(() => {
    for (const run of gone) store.runs.delete(run)
  })
  store.pendingFiles.removeLeft()
}

/**
 * Deletes an experiment, and with `withRuns` the runs that were trained for it and that no other experiment shows. Throws CONFLICT while it is
 * running or a job uses one of those runs.
 */
export async function deleteExperiment(
  context: EngineContext,
  id: ExperimentId,
  withRuns: boolean,
): Promise<{ freedBytes: number }> {
  const { store, scheduler } = context
  const elsewhere = new Set(
    store.experiments.list().flatMap((other) => (other.id === id ? [] : other.trials.map(({ run }) => run))),
  )
  const runs = store.experiments
    .get(id)
    .trials.flatMap(({ run, reused }) => (withRuns && run !== null && !reused && !elsewhere.has(run) ? [run] : []))
  const refuse = (): void => {
    for (const run of runs) refuseWhileInUse(context, `The run “${store.runs.get(run).name}”`, (job) => job.run === run)
  }
  refuse()
  return deleteRows(context, runs, () =>
    store.transaction(() => {
      refuse()
      scheduler.delete(id)
      for (const run of runs) store.runs.delete(run)
    }),
  )
}

/** Deletes an export with its file. Throws CONFLICT while it is being written. */
export function deleteExport(context: EngineContext, id: ExportId): Promise<{ freedBytes: number }> {
  const { store } = context
  const remove = (): void =>
    store.transaction(() => {
      refuseWhileInUse(context, `The export “${store.exports.get(id).fileName}”`, (job) => job.export === id)
      store.exports.delete(id)
    })
  return deleteRows(context, [], remove, [exportFilePath(id)])
}

/** Deletes a sensitivity map; its run stays. */
export function deleteMap(context: EngineContext, id: MapId): Promise<{ freedBytes: number }> {
  return deleteRows(context, [], () => context.store.maps.delete(id))
}

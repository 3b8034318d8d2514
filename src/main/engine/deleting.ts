import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset, DatasetDependents, VersionChoice } from '../../shared/datasets'
import { StudioError, toErrorShape } from '../../shared/errors'
import type { DatasetId, ExperimentId, ExportId, MapId, RunId } from '../../shared/ids'
import type { Job } from '../../shared/jobs'
import { askOnce } from '../jobs/answering-worker'
import { exportFilePath } from '../jobs/settle'
import type { EngineContext } from './context'

const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** Removes a file of the library; @returns the bytes it had. */
function removeFile(library: string, path: string): number {
  const file = join(library, path)
  const bytes = size(file)
  rmSync(file, { force: true })
  return bytes
}

const databaseSize = (library: string): number =>
  size(join(library, 'library.db')) + size(join(library, 'library.db-wal'))

/** Time for removing the rows of a large data set, in milliseconds. */
const tidyPatience = 600_000

/** Bytes that the database itself gives back while `change` runs. */
function databaseShrinkage(library: string, change: () => void): number {
  const before = databaseSize(library)
  change()
  return Math.max(0, before - databaseSize(library))
}

function refuseWhileInUse({ queue }: EngineContext, what: string, uses: (job: Job) => boolean): void {
  const job = queue.unfinished().find(uses)
  if (!job) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `${what} is in use: “${job.label}” is ${job.state === 'running' ? 'running' : 'waiting'}.`,
    next: 'Wait until it has ended, or cancel it first.',
  })
}

/** What lies beside the database for these runs: weights and exported files. */
function filesOfRuns({ store }: EngineContext, runs: readonly RunId[]): string[] {
  const weights = runs.flatMap((run) => store.runs.checkpoint(run)?.path ?? [])
  const exports = store.exports.list().filter((record) => runs.includes(record.run))
  return [...weights, ...exports.map((record) => exportFilePath(record.id))]
}

/** Room in which the rows of a run can be deleted. */
const enoughForRows = 1024 ** 2

/**
 * Deletes rows, then files. On a disk that is full to the last byte the files go first, which makes the room that deleting rows takes; were the program
 * to die in between, a check would name the rows whose files are gone. @returns bytes of the files
 */
async function filesFirstIfFull(
  remove: () => void | Promise<void>,
  library: string,
  files: readonly string[],
): Promise<number> {
  const removeFiles = (): number => files.reduce((freed, path) => freed + removeFile(library, path), 0)
  try {
    await remove()
    return removeFiles()
  } catch (error) {
    // Where the files would not make enough room, nothing is touched.
    const bytes = files.reduce((sum, path) => sum + size(join(library, path)), 0)
    if (toErrorShape(error).code !== 'DISK_FULL' || bytes < enoughForRows) throw error
    const freed = removeFiles()
    await remove()
    return freed
  }
}

async function deleteRows(
  context: EngineContext,
  runs: readonly RunId[],
  remove: () => void | Promise<void>,
): Promise<number> {
  const { library } = context.store
  for (const run of runs) await context.serving.release(run)
  const files = filesOfRuns(context, runs)
  // Rows first: a file without a row is harmless, a row without its file is not.
  const before = databaseSize(library)
  const freed = await filesFirstIfFull(() => remove(), library, files)
  return freed + Math.max(0, before - databaseSize(library))
}

const versionsOf = ({ store }: EngineContext, id: DatasetId, which: VersionChoice): Dataset[] =>
  which === 'all' ? store.datasets.detail(id).versions : [store.datasets.get(id)]

/** What goes when one version of a data set, or all of them, are deleted. */
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
      .filter(({ places }) => places.some(({ dataset }) => versions.some((version) => version.id === dataset)))
      .map(({ name }) => name),
    fileBytes: files.reduce((sum, path) => sum + size(join(store.library, path)), 0),
  }
}

/**
 * Deletes one version of a data set, or all of them, with their runs, weights and exports. They are gone at once for everybody; a worker then
 * removes their rows and shortens the file, so that the interface does not wait for it. Throws CONFLICT while a job uses them.
 */
export async function deleteDataset(
  context: EngineContext,
  id: DatasetId,
  which: VersionChoice,
): Promise<{ freedBytes: number }> {
  const { store, place } = context
  const versions = versionsOf(context, id, which).map((version) => version.id)
  const { name } = store.datasets.get(id)
  refuseWhileInUse(context, `The data set “${name}”`, (job) => job.dataset !== null && versions.includes(job.dataset))
  const runs = versions.flatMap((version) => store.runs.list(version).map((run) => run.id))
  return {
    freedBytes: await deleteRows(context, runs, async () => {
      store.datasets.withdraw(...versions)
      await askOnce(place, { kind: 'probe' }, { kind: 'tidy' }, tidyPatience, 'Freeing the space')
    }),
  }
}

/** Deletes a run with its weights and exports. Throws CONFLICT while a job uses it. */
export async function deleteRun(context: EngineContext, id: RunId): Promise<{ freedBytes: number }> {
  const { store } = context
  const { name } = store.runs.get(id)
  refuseWhileInUse(context, `The run “${name}”`, (job) => job.run === id)
  return { freedBytes: await deleteRows(context, [id], () => store.runs.delete(id)) }
}

/**
 * Deletes an experiment, and with `withRuns` the runs that were trained for it, but for those that another experiment shows. Throws CONFLICT
 * while it is running or a job uses one of those runs.
 */
export async function deleteExperiment(
  context: EngineContext,
  id: ExperimentId,
  withRuns: boolean,
): Promise<{ freedBytes: number }> {
  const { store, conductor } = context
  const elsewhere = new Set(
    store.experiments.list().flatMap((other) => (other.id === id ? [] : other.places.map(({ run }) => run))),
  )
  const runs = store.experiments
    .get(id)
    .places.flatMap(({ run, reused }) => (withRuns && run !== null && !reused && !elsewhere.has(run) ? [run] : []))
  for (const run of runs) refuseWhileInUse(context, `The run “${store.runs.get(run).name}”`, (job) => job.run === run)
  conductor.delete(id)
  return {
    freedBytes: await deleteRows(context, runs, () => {
      for (const run of runs) store.runs.delete(run)
    }),
  }
}

/** Deletes an export with its file. Throws CONFLICT while it is being written. */
export async function deleteExport(context: EngineContext, id: ExportId): Promise<{ freedBytes: number }> {
  const { store } = context
  const { fileName } = store.exports.get(id)
  refuseWhileInUse(context, `The export “${fileName}”`, (job) => job.export === id)
  const before = databaseSize(store.library)
  const freed = await filesFirstIfFull(() => store.exports.delete(id), store.library, [exportFilePath(id)])
  return { freedBytes: freed + Math.max(0, before - databaseSize(store.library)) }
}

/** Deletes a sensitivity map; its run stays. */
export function deleteMap({ store }: EngineContext, id: MapId): { freedBytes: number } {
  return { freedBytes: databaseShrinkage(store.library, () => store.maps.delete(id)) }
}

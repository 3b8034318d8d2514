import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { z } from 'zod'
import { StudioError, toErrorShape } from '../../shared/errors'
import type { ExportId, FileHandle, RunId } from '../../shared/ids'
import type { MachineConditions } from '../../shared/jobs'
import type { About } from '../../shared/system'
import type { ExportedToTracker, TrackerKind } from '../../shared/trackers'
import { InteractionPages } from '../datasets/interaction-pages'
import { UserOrder } from '../datasets/user-order'
import { computeSlot } from '../devices/compute-slot'
import { GpuMonitor } from '../devices/gpu-monitor'
import { runsOnBattery } from '../devices/power'
import { ExperimentScheduler } from '../experiments/scheduler'
import { askOnce } from '../jobs/answering-worker'
import { log } from '../jobs/log'
import { JobQueue } from '../jobs/queue'
import { endWithoutJob, recoverJobs } from '../jobs/recovery'
import type { JobSpecification, NamedFile } from '../jobs/specification'
import { Serving } from '../jobs/serving'
import { superviseJob, type JobOutcome, type WorkerOptions } from '../jobs/supervisor'
import type { FreedMemory, WorkerSpawner } from '../jobs/worker-process'
import { modelOf } from '../models/registry'
import { openStore } from '../store/open'
import { isOwnId } from '../store/process-lock'
import type { Store } from '../store/store'
import { removeDeadFolders, temporaryFolderOf } from '../store/temporary-folders'
import type { EngineContext } from './context'
import { removeLeftFiles } from './cleaning-up'
import { deleteRemovedRuns } from './deleting'
import { exportFile } from './exports'
import { freedMemory } from './freed-memory'
import { LibraryChanges } from './library-changes'
import { portableRunFile } from './portable-runs'
import { router, type Router } from './router'
import { goOnWith } from './resuming'
import { submitTraining } from './runs'
import { forbiddenBy } from './queue-rules'
import { ScheduledBackups } from './scheduled-backups'
import { exportToTracker, RunEnds } from './tracking'
import { Uploads } from './uploads'

export interface EngineOptions {
  /** Folder of the library; created if it does not exist. */
  readonly library: string
  /** Makes a new library in a folder that has files of one but no database; otherwise that is refused. */
  readonly newLibrary?: boolean
  readonly host: About['host']
  readonly spawnWorker: WorkerSpawner
  /** What the host can tell of the machine; without it, what Linux tells without a desktop. */
  readonly conditions?: () => MachineConditions
  /** Folder with `package.json` and `resources/`. */
  readonly appRoot: string
}

/** The whole product without a user interface: hosts reach it over `router` or, in process, over `client`. */
export interface Engine {
  readonly context: EngineContext
  readonly router: Router
  readonly client: RouterClient<Router>
  /** A connection of a page, for hosts whose interface is in another process. @param page the page's own name, which is the same after an interruption */
  connect(page: string): PageConnection
  /** Registers a file by its path, without copying it (for the command line). */
  registerFile(path: string): FileHandle
  /** One chunk of an announced upload, see shared/files.ts. */
  receiveChunk(handle: FileHandle, offset: number, body: AsyncIterable<Uint8Array>): Promise<void>
  exportFile(id: ExportId): { path: string; fileName: string }
  /** A run as one file, whose bytes are made while they are read. */
  runFile(id: RunId, withData: boolean): { fileName: string; bytes: Readable }
  /** Writes runs that have ended to the folder of a tracker; throws like `exportToTracker`. */
  exportToTracker(
    runs: readonly RunId[],
    target: { to: TrackerKind; folder: string; force: boolean },
  ): Promise<ExportedToTracker[]>
  /** The path of a file that a job has written for a handle. */
  writtenFile(handle: FileHandle): string
  /** Records a temporary file outside the library, so that a later start removes it if this process is killed. @returns a function that removes the record */
  beginOutput(path: string): () => void
  /** Stops all jobs and resolves when the engine has ended; those that can be done later stay in the queue. */
  close(): Promise<void>
}

/** The context of a connection's calls; call `close` when it has ended. */
export interface PageConnection {
  readonly context: EngineContext
  close(): void
}

/** The product's fields in package.json. */
const packageFile = z.object({
  version: z.string(),
  engines: z.object({
    node: z
      .templateLiteral(['>=', z.string().regex(/^\d+(\.\d+){0,2}$/)])
      .transform((range) => range.slice('>='.length)),
  }),
})
const packageOf = (appRoot: string): z.infer<typeof packageFile> =>
  packageFile.parse(JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8')))

/**
 * Opens the library, cleans up after dead processes, and starts work. Throws a StudioError if the library cannot be opened (permissions, damage, full
 * disk).
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const store = openStore(options.library, { newLibrary: options.newLibrary ?? false })
  try {
    const workers: WorkerOptions = { library: store.library, appRoot: options.appRoot, spawn: options.spawnWorker }
    recovered(store)
    const cleanedUp = store.readOnly ? null : removeLeftFiles(store)
    if (cleanedUp !== null) log(cleanedUp)
    const uploads = new Uploads(store.library)
    const backups = new ScheduledBackups(store, workers)
    const serving = new Serving(workers)
    const changes = new LibraryChanges(store.changes)
    const conditions =
      options.conditions ?? ((): MachineConditions => ({ onBattery: runsOnBattery(), idleSeconds: null }))
    const queue = new JobQueue(store, {
      startJob: (job, specification, onEvent) =>
        superviseJob(
          // Asked when the worker starts, so that a run that cannot be read fails its own job.
          { ...workers, spawn: () => options.spawnWorker(memoryOf(store, specification)) },
          specification,
          job,
          onEvent,
        ),
      device: () => computeSlot(),
      forbidden: () => forbiddenBy(store.settings.read().queueRules, conditions(), new Date()),
    })
    const runEnds = new RunEnds(store)
    queue.onPaused((specification) => {
      if (specification.kind === 'train') runEnds.paused(specification.run)
    })
    queue.onEnded((specification, outcome) => {
      if (specification.kind === 'train') runEnds.ended(specification.run)
      void releaseFiles(uploads, specification, outcome)
      if (specification.kind === 'import' && outcome.type !== 'finished') void removeLeftovers(workers)
    })
    const scheduler = new ExperimentScheduler(store, {
      train: (request) => submitTraining({ store, queue }, request),
      async ended(job) {
        for await (const _ of queue.watch(job));
      },
      goOn: (run) => goOnWith({ store, queue }, run),
      cancel: (job) => queue.cancel(job),
      failed: (error) => log(`An experiment stopped: ${toErrorShape(error).message}`),
    })
    const { version, engines } = packageOf(options.appRoot)
    const context: EngineContext = {
      store,
      queue,
      scheduler,
      serving,
      uploads,
      interactions: new InteractionPages(store),
      userOrder: new UserOrder(store),
      changes,
      gpus: new GpuMonitor(),
      backups,
      workers,
      conditions,
      neededNode: engines.node,
      about: {
        version,
        host: options.host,
        library: store.library,
        platform: `${process.platform} ${process.arch}`,
        readOnly: store.readOnly,
        cleanedUp,
      },
      page: null,
    }
    if (options.host !== 'cli' && !store.readOnly && store.settings.read().queueRules.left === 'go on') {
      queue.goOn(null)
      scheduler.goOnLeft()
    }
    if (options.host !== 'cli' && !store.readOnly) runEnds.catchUp()
    backups.start()
    let closed: Promise<void> | null = null
    const close = async (): Promise<void> => {
      changes.close()
      const { closed } = scheduler.close()
      await Promise.all([queue.close(), serving.close(), backups.close()])
      await closed
      await uploads.close()
      await runEnds.close()
      if (!store.readOnly) deleteRemovedRuns(store, (owner) => isOwnId(store.library, owner))
      store.close()
    }
    return {
      context,
      router,
      client: createRouterClient(router, { context }),
      connect(page) {
        uploads.pages.connected(page)
        let open = true
        return {
          context: { ...context, page },
          close() {
            if (open) uploads.pages.disconnected(page)
            open = false
          },
        }
      },
      registerFile: (path) => uploads.register(path),
      receiveChunk: (handle, offset, body) => uploads.receive(handle, offset, body),
      exportFile: (id) => exportFile(store, id),
      runFile: (id, withData) => portableRunFile(context, id, withData),
      exportToTracker: (ids, target) => exportToTracker(store, ids, target),
      beginOutput: (path) => beginOutput(store, path),
      writtenFile: (handle) => uploads.complete(handle).path,
      close: () => (closed ??= close()),
    }
  } catch (error) {
    store.close()
    throw error
  }
}

/** Throws NOT_FOUND if the run was deleted, and BAD_INPUT if this version does not have its model. */
function memoryOf(store: Store, specification: JobSpecification): FreedMemory {
  return specification.kind === 'train' ? freedMemory(modelOf(store.runs.get(specification.run).model)) : 'kept'
}

/** Cleans up after dead processes; on a full disk the next start does it, so that the library can still be opened. */
function recovered(store: Store): void {
  try {
    for (const sentence of recoverJobs(store, () => false)) log(sentence)
    if (!store.readOnly) endWithoutJob(store)
  } catch (error) {
    const shape = toErrorShape(error)
    if (shape.code !== 'DISK_FULL') throw error
    log(shape.message)
  }
}

/** If the library cannot record it (full disk, newer database), the file is still written: it may be on another disk. */
function beginOutput({ pendingFiles, readOnly }: Store, path: string): () => void {
  if (readOnly) return () => undefined
  try {
    pendingFiles.begin(path)
  } catch (error) {
    if (error instanceof StudioError && error.code === 'DISK_FULL') return () => undefined
    throw error
  }
  return () => {
    try {
      pendingFiles.done(path)
    } catch (error) {
      // The file is complete under its own name; a later start finds nothing to remove.
      log(toErrorShape(error).message)
    }
  }
}

/** Releases a job's files. After a finished import they are removed; after a failure they stay, so that they can be imported with other settings. */
async function releaseFiles(uploads: Uploads, specification: JobSpecification, outcome: JobOutcome): Promise<void> {
  const paths = filesOf(specification).map(({ path }) => path)
  if (paths.length === 0) return
  try {
    await uploads.release(paths)
    if (specification.kind === 'import' && outcome.type === 'finished') await uploads.discardFiles(paths)
  } catch (error) {
    log(
      `${toErrorShape(error).message} The files of ${specification.kind === 'import' ? 'the import' : 'the job'} are removed when VASP Studio closes.`,
    )
  }
}

function filesOf(specification: JobSpecification): readonly NamedFile[] {
  if (specification.kind === 'import')
    return [
      ...specification.ratings,
      ...(specification.items ? [specification.items] : []),
      ...(specification.joined ?? []),
    ]
  if (specification.kind === 'split' && specification.task.action === 'export') return [specification.task.file]
  return []
}

/** Data left by a killed import; a worker removes its rows, because there may be millions of them. */
async function removeLeftovers(workers: WorkerOptions): Promise<void> {
  try {
    removeDeadFolders(temporaryFolderOf(workers.library))
    await askOnce(workers, { kind: 'probe' }, { kind: 'remove-unseen' }, 600_000, 'Removing what the import left')
  } catch (error) {
    log(`${toErrorShape(error).message} The next start of VASP Studio does it.`)
  }
}

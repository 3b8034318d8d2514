import type { NamedComparison } from '../../shared/comparisons'
import type { ErrorShape } from '../../shared/errors'
import type { ExportRecord } from '../../shared/exports'
import type { DatasetId, ExportId, JobId, MapId, PreparationId, RunId, TemplateId } from '../../shared/ids'
import type { ImportTemplate, TemplateSettings } from '../../shared/import-templates'
import type { HoldReason, Job, JobKind, JobProgress } from '../../shared/jobs'
import type { LibraryTopic } from '../../shared/library'
import type { MapRecord, MapSettings } from '../../shared/maps'
import type { NamedPreparation } from '../../shared/preparations'
import type { NamedRunView } from '../../shared/run-views'
import type { Preparation, SplitFileRef } from '../../shared/runs'
import type { Settings } from '../../shared/system'
import type { DatasetRepository } from './dataset-repository'
import type { ExperimentRepository } from './experiment-repository'
import type { RunRepository } from './run-repository'

export type * from './dataset-repository'
export type * from './experiment-repository'
export type * from './run-repository'

export interface PreparationRepository {
  /** Saved preparations, sorted by name. */
  list(): NamedPreparation[]
  /** Throws NOT_FOUND with those that exist. */
  get(id: PreparationId): NamedPreparation
  /** Saves under a new name, or replaces the one with that name. */
  save(name: string, settings: Preparation): NamedPreparation
  /** Throws CONFLICT if another preparation has the name. */
  rename(id: PreparationId, name: string): NamedPreparation
  delete(id: PreparationId): void
}

/** Templates for importing files of one shape. */
export interface TemplateRepository {
  /** Newest first. */
  list(): ImportTemplate[]
  /** Saves under a new name, or replaces the one with that name. */
  save(name: string, shape: string, settings: TemplateSettings): ImportTemplate
  /** Throws NOT_FOUND, or CONFLICT if another one has the name. */
  rename(id: TemplateId, name: string): ImportTemplate
  delete(id: TemplateId): void
}

/** Split files by the SHA-256 of their text, to which the settings of runs refer. */
export interface SplitFileRepository {
  /** Saves a file, once. */
  save(sha256: string, text: string): void
  has(sha256: string): boolean
  /** Throws NOT_FOUND for a file that is not in the library. */
  text(file: SplitFileRef): string
}

export interface JobRow extends Job {
  /** JSON of the job; its schema is in jobs/specification.ts. */
  readonly specification: unknown
  /** The result of a finished job; null before that, and for jobs of version 0.1. */
  readonly result: unknown
}

/** A job that has not ended, as programs on the library divide the queue among them. */
export interface OpenJob {
  readonly job: JobRow
  /** Whether the program that it belongs to, or its worker, is alive. */
  readonly owned: boolean
  /** Whether it belongs to this process. */
  readonly ours: boolean
  readonly running: boolean
  readonly hold: HoldReason | null
  /** How far the run is that it should follow; null if it follows none. */
  readonly after: 'open' | 'finished' | 'not finished' | null
  /** What it computes on; null before it starts. */
  readonly device: string | null
  /** What another program asks of its owner. */
  readonly wanted: 'cancel' | 'pause' | 'stop' | null
}

export interface JobRepository {
  /** Adds it to the end of the queue, owned by this process. */
  create(job: {
    kind: JobKind
    label: string
    specification: unknown
    dataset: DatasetId | null
    run: RunId | null
    export: ExportId | null
    /** It starts after this run has finished. */
    after?: RunId | null
  }): JobRow
  /** Those that have not ended as `open` has them, then the others, newest first. @param ended how many of the latter; all if missing */
  list(ended?: number): JobRow[]
  get(id: JobId): JobRow
  /** Those that have not ended: running ones, then the others in the order in which they start. */
  open(): OpenJob[]
  /**
   * Marks a job of this process running, unless `mayStart` says no of the open jobs, which no other process can change meanwhile. Returns false if it
   * does not start.
   */
  claim(id: JobId, device: string, mayStart: (open: readonly OpenJob[]) => boolean): boolean
  /** Records that this process does the job: it may outlive its program for a moment, and nobody else may do the job then. */
  workedHere(id: JobId): void
  /** Makes a running job wait again, with its run or export; it keeps its place. */
  putBack(id: JobId, hold: HoldReason | null): void
  /** Makes a waiting job of this process, or of one that has ended, start when it is its turn in this process. Returns false for another's. */
  adopt(id: JobId): boolean
  /** Leaves a waiting job to whichever process takes it over. */
  leave(id: JobId): void
  /** Lets a waiting job go on. */
  release(id: JobId): void
  /** Holds a waiting job, or no longer (null). */
  hold(id: JobId, why: HoldReason | null): void
  /** Asks the process that owns it. */
  want(id: JobId, wanted: 'cancel' | 'pause' | 'stop'): void
  /** Moves a waiting job before another one; to the end if `before` is null. Throws NOT_FOUND. */
  move(id: JobId, before: JobId | null): void
  /** For other programs, which do not see it otherwise. */
  saveProgress(id: JobId, progress: JobProgress | null): void
  /** Records the data set that it uses. */
  use(id: JobId, dataset: DatasetId): void
  /** Marks it finished by its worker, in the transaction that stores its result. Throws CONFLICT if it has ended already. */
  finish(id: JobId, result: unknown): void
  /** Ends it, unless it has ended before. */
  end(id: JobId, state: 'finished' | 'failed' | 'cancelled', error: ErrorShape | null, result?: unknown): void
}

export interface RemovedFiles {
  readonly files: number
  readonly bytes: number
}

/** Files that are being written or are to be removed; paths are relative to the library folder, or absolute outside of it. */
export interface PendingFileRepository {
  /** Lists a file before this process begins to write it, so that a later start removes it if this process is killed. */
  begin(path: string): void
  /** Removes a file from the list: it is complete, or deleted. */
  done(path: string): void
  /** Lists a file that is to be removed, unless a process is writing it. */
  discard(path: string): void
  isNamed(path: string): boolean
  /** Removes the files that are to be removed and those whose writers have died. */
  removeLeft(): RemovedFiles
}

export interface ExportRepository {
  /**
   * @param record.unknown named users who are not in the data set
   * @param record.temporary whether it is deleted with this process, if not before
   */
  create(record: {
    run: RunId
    fileName: string
    users: number
    unknown: number
    k: number
    temporary?: boolean
  }): ExportRecord
  list(): ExportRecord[]
  get(id: ExportId): ExportRecord
  finish(id: ExportId, outcome: { rows: number; bytes: number; users: number; popular: number; leftOut: number }): void
  fail(id: ExportId, error: ErrorShape): void
  cancel(id: ExportId): void
  /** Ends exports that wait or run without a job: version 0.1 left them if it was killed between storing the two. */
  failWithoutJob(error: ErrorShape): void
  /** `pendingFiles.removeLeft` removes its file. */
  delete(id: ExportId): void
  /** Deletes the temporary exports of processes that have died. */
  deleteAbandoned(): void
}

interface StoredPlot {
  readonly name: string
  readonly divergence: number
  /** One value for each item. */
  readonly x: Float32Array
  readonly y: Float32Array
}

export interface NewMap {
  readonly run: RunId
  readonly settings: MapSettings
  readonly epoch: number
  readonly seconds: number
  /** Data set item indexes, most popular first. */
  readonly items: Int32Array
  /** The number of training users of each. */
  readonly popularity: Int32Array
  readonly plots: readonly StoredPlot[]
}

export interface StoredMap extends Omit<NewMap, 'run' | 'settings' | 'epoch' | 'seconds'> {
  readonly record: MapRecord
}

export interface MapRepository {
  /** In one transaction; replaces the map of the same run and settings, if there is one. */
  save(map: NewMap): MapRecord
  /** Newest first. */
  list(run: RunId): MapRecord[]
  /** Throws NOT_FOUND with those that exist. */
  get(id: MapId): StoredMap
  delete(id: MapId): void
}

/** Whether any process has changed the library. */
export interface ChangeRepository {
  /** A text that differs if anything may have been written in between; it is cheap to compute. */
  mark(): string
  /** For each topic, a text that differs if pages about it would show something else. */
  shown(): Map<LibraryTopic, string>
}

export interface SettingsRepository {
  read(): Settings
  write(patch: Partial<Settings>): Settings
}

/** The library's database. Synchronous: SQLite in WAL mode, one connection per process. */
/** Values under names; each change returns all of them, sorted by name. */
export interface NamedValues<Value> {
  list(): Value[]
  /** Replaces the one of that name. */
  save(value: Value): Value[]
  /** Throws NOT_FOUND. */
  delete(name: string): Value[]
}

export interface Store {
  /** The folder with the database, `weights/`, `exports/`, `uploads/`. */
  readonly library: string
  /** True if the database was written by a newer version: everything can be read, nothing written. */
  readonly readOnly: boolean
  readonly datasets: DatasetRepository
  readonly runs: RunRepository
  /** Saved views of the table of runs. */
  readonly views: NamedValues<NamedRunView>
  readonly comparisons: NamedValues<NamedComparison>
  readonly splitFiles: SplitFileRepository
  readonly preparations: PreparationRepository
  readonly templates: TemplateRepository
  readonly jobs: JobRepository
  readonly exports: ExportRepository
  readonly maps: MapRepository
  readonly experiments: ExperimentRepository
  readonly settings: SettingsRepository
  readonly changes: ChangeRepository
  readonly pendingFiles: PendingFileRepository
  /** Runs `work`, which may call every repository, in one transaction: if it throws, nothing is stored. */
  transaction<T>(work: () => T): T
  /** The same at two moments if nothing that people work with has changed in between; identifies the state of a backup. */
  contentMark(): string
  /**
   * Replaces the database by the backup that `prepareRestore` prepared, while this store is open. Returns the folder of the previous database. Throws
   * CONFLICT while another process has the library open.
   */
  restore(): string
  close(): void
}

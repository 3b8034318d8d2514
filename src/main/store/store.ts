import type {
  Dataset,
  DatasetDetail,
  DatasetProfile,
  DuplicatePolicy,
  ItemHit,
  RejectedRow,
  UserHit,
} from '../../shared/datasets'
import type { ErrorShape } from '../../shared/errors'
import type { ExportRecord } from '../../shared/exports'
import type { Recipe } from '../../shared/experiments'
import type {
  DatasetId,
  ExperimentId,
  ExportId,
  JobId,
  MapId,
  PreparationId,
  RunId,
  TemplateId,
} from '../../shared/ids'
import type { ImportTemplate, TemplateSettings } from '../../shared/import-templates'
import type { Job, JobKind } from '../../shared/jobs'
import type { MapRecord, MapSettings } from '../../shared/maps'
import type { Metrics, Segment, TestMetrics, UserMetricName } from '../../shared/metrics'
import type { ModelConfig, ModelKind } from '../../shared/models'
import type { NamedPreparation } from '../../shared/preparations'
import type {
  Environment,
  EpochPoint,
  Preparation,
  Run,
  RunDetail,
  SplitFileRef,
  RunMember,
  SplitSettings,
  SplitSummary,
} from '../../shared/runs'
import type { Settings } from '../../shared/system'
import type { Csr } from '../numeric/csr'

/** One user's imported interactions in time order (in file order where there are no times). */
export interface StoredHistory {
  /** Dense index 0 … users − 1 within the data set. */
  readonly user: number
  readonly externalId: string
  /** Dense item indexes, distinct. */
  readonly items: Int32Array
  /** Same length as `items`; null for implicit data. */
  readonly ratings: Float32Array | null
  /** Seconds since 1970, same length as `items`; null where the export has no times. */
  readonly times: Float64Array | null
}

export interface StoredItem {
  readonly index: number
  readonly externalId: string
  readonly title: string
  readonly genres: readonly string[]
  /** What else is known of it, by column; absent where nothing is. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** What a file says of an item; a missing title and empty genres leave those that it has. */
export interface ItemDetails {
  readonly externalId: string
  readonly title: string | null
  readonly genres: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

export interface NewDataset {
  readonly name: string
  readonly source: readonly string[]
  readonly importSettings: unknown
  /** The version that this one follows, whose name it takes; absent: the first of a new data set. */
  readonly follows?: { readonly previous: DatasetId; readonly origin: 'append' | 'refresh' }
}

/** Writes one data set in short transactions: nothing is visible before `finish`, nothing remains after `abandon` or a crash. */
export interface DatasetWriter {
  addItems(items: readonly StoredItem[]): void
  addHistories(histories: readonly StoredHistory[]): void
  addRejects(rows: readonly RejectedRow[]): void
  /** The fingerprint is that of what was added, in the order in which it was. */
  finish(totals: { rejected: number; duplicates: number }): Dataset
  abandon(): void
}

export interface DatasetRepository {
  /** Every version of every data set, newest import first. */
  list(): Dataset[]
  /** Throws NOT_FOUND, naming what exists. */
  get(id: DatasetId): Dataset
  detail(id: DatasetId): DatasetDetail
  /** Which of several interactions of the same user and item its import kept. */
  duplicatePolicy(id: DatasetId): DuplicatePolicy
  /** The newest version of the data set called so. */
  findByName(name: string): Dataset | null
  /** Throws CONFLICT where the name is taken, NOT_FOUND where the version that it follows is not there. */
  write(dataset: NewDataset): DatasetWriter
  /** All versions of the data set at once. Throws CONFLICT where the name is taken. */
  rename(id: DatasetId, name: string): Dataset
  /** Deletes versions with their runs and frees their space. */
  delete(...ids: DatasetId[]): void
  /** Deletes versions with their runs for everybody to see; their rows go when somebody calls `tidy`, or opens the library. */
  withdraw(...ids: DatasetId[]): void
  /** Removes the rows of withdrawn versions and of imports whose process has died, in short transactions, and frees their space. */
  tidy(): void
  items(id: DatasetId): StoredItem[]
  /** What was kept of `keepProfile`; null where nothing was, or nothing that this version reads. */
  countedProfile(id: DatasetId): DatasetProfile | null
  /** Keeps what was counted by reading all of a version, until its items are described anew. */
  keepProfile(id: DatasetId, profile: DatasetProfile): void
  /** Details of items by their external ids, all in one step; histories, indexes and the fingerprint stay. Throws NOT_FOUND. */
  describeItems(id: DatasetId, details: readonly ItemDetails[]): void
  histories(id: DatasetId): IterableIterator<StoredHistory>
  /** The same in the order of the users' external ids (by code point), which is that of imported data. */
  historiesById(id: DatasetId): IterableIterator<StoredHistory>
  history(id: DatasetId, externalId: string): StoredHistory | null
  searchUsers(id: DatasetId, query: string, limit: number): UserHit[]
  searchItems(id: DatasetId, query: string, limit: number): ItemHit[]
  rejects(id: DatasetId, offset: number, limit: number): { total: number; rows: RejectedRow[] }
}

export interface NewRun {
  readonly name: string
  readonly dataset: DatasetId
  readonly model: ModelKind
  readonly preset: string | null
  readonly config: ModelConfig
  readonly seed: number
  readonly preparation: Preparation
  readonly split: SplitSettings
  /** The trained runs that it is made of. */
  readonly members?: readonly RunMember[] | null
}

/** What measured users are shown and asked for, by model item indexes: [users, items], rows in the order of the part's users. */
export interface StoredHeldOut {
  readonly foldIn: Csr
  readonly targets: Csr
}

/** Whose items are whose: stored with the run, so that it is evaluated again on the identical users and items. Dense data set indexes. */
export interface StoredSplit {
  /** Model item index → data set item index. */
  readonly catalogue: Int32Array
  readonly trainUsers: Int32Array
  readonly validationUsers: Int32Array
  readonly testUsers: Int32Array
  /** [items], training users who have each; null for runs of version 0.1, as are the parts. */
  readonly trainCounts: Int32Array | null
  readonly validation: StoredHeldOut | null
  readonly test: StoredHeldOut | null
}

export interface StoredCheckpoint {
  /** Relative to the library folder. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly epoch: number
}

export interface RunRepository {
  create(run: NewRun): Run
  list(dataset: DatasetId | null): Run[]
  /** Throws NOT_FOUND, naming what exists. */
  get(run: RunId): RunDetail
  rename(run: RunId, name: string): Run
  delete(run: RunId): void
  started(run: RunId, environment: Environment): void
  /** Bytes that the run is estimated to need at its highest. */
  saveEstimate(run: RunId, bytes: number): void
  saveSplit(run: RunId, split: StoredSplit, summary: SplitSummary): void
  split(run: RunId): StoredSplit | null
  addEpoch(run: RunId, point: EpochPoint): void
  saveCheckpoint(run: RunId, checkpoint: StoredCheckpoint): void
  checkpoint(run: RunId): StoredCheckpoint | null
  /** Per-user values of one part and metric, in the order of the split's users. */
  saveUserMetric(run: RunId, part: 'validation' | 'test', metric: UserMetricName, values: Float32Array): void
  userMetric(run: RunId, part: 'validation' | 'test', metric: UserMetricName): Float32Array | null
  finish(
    run: RunId,
    outcome: {
      bestEpoch: number
      validation: Metrics
      test: TestMetrics
      segments: readonly Segment[]
      seconds: number
      rowsPerSecond: number
      peakBytes: number
      parameters: number
    },
  ): void
  fail(run: RunId, error: ErrorShape): void
  cancel(run: RunId): void
}

/** A planned run of an experiment, in the order of the recipe's expansion. */
export interface StoredPlace {
  readonly position: number
  readonly dataset: DatasetId
  /** The run that fills it; null before it is begun, and after that run was deleted. */
  readonly run: RunId | null
  /** Whether that run was there before the experiment. */
  readonly reused: boolean
  /** Why no run could be started. */
  readonly error: ErrorShape | null
}

export interface StoredExperiment {
  readonly id: ExperimentId
  readonly name: string
  readonly recipe: Recipe
  /** The living process that trains its runs now. */
  readonly owner: number | null
  readonly createdAt: string
  /** Fewer than planned where a data set was deleted. */
  readonly places: readonly StoredPlace[]
}

export interface ExperimentRepository {
  /** @param datasets the data set of each planned run, by position */
  create(experiment: { name: string; recipe: Recipe; datasets: readonly DatasetId[] }): StoredExperiment
  /** Newest first. */
  list(): StoredExperiment[]
  /** Throws NOT_FOUND, naming what exists. */
  get(id: ExperimentId): StoredExperiment
  rename(id: ExperimentId, name: string): void
  delete(id: ExperimentId): void
  /** Marks it as worked on by this process; false where a living process does so already. */
  takeOn(id: ExperimentId): boolean
  letGo(id: ExperimentId): void
  /** Names the run of a planned run. */
  fill(id: ExperimentId, position: number, run: RunId, how: { reused: boolean }): void
  /** Says why no run of a planned run could be started. */
  refuse(id: ExperimentId, position: number, error: ErrorShape): void
}

export interface PreparationRepository {
  /** By name. */
  list(): NamedPreparation[]
  /** Throws NOT_FOUND, naming what exists. */
  get(id: PreparationId): NamedPreparation
  /** Under a new name, or in place of what has the name. */
  save(name: string, settings: Preparation): NamedPreparation
  /** Throws CONFLICT where another preparation has the name. */
  rename(id: PreparationId, name: string): NamedPreparation
  delete(id: PreparationId): void
}

/** Ways to import files of one shape, by name. */
export interface TemplateRepository {
  /** Newest first. */
  list(): ImportTemplate[]
  /** Under a new name, or in place of what has the name. */
  save(name: string, shape: string, settings: TemplateSettings): ImportTemplate
  /** Throws NOT_FOUND, or CONFLICT where another one has the name. */
  rename(id: TemplateId, name: string): ImportTemplate
  delete(id: TemplateId): void
}

/** Split files by the SHA-256 of their text, which the settings of runs name. */
export interface SplitFileRepository {
  /** Keeps a file, once. */
  save(sha256: string, text: string): void
  has(sha256: string): boolean
  /** Throws NOT_FOUND for a file that the library does not have. */
  text(file: SplitFileRef): string
}

export interface JobRow extends Job {
  /** JSON that says what to do; jobs/specification.ts holds its schema. */
  readonly specification: unknown
}

export interface JobRepository {
  create(job: {
    kind: JobKind
    label: string
    specification: unknown
    dataset: DatasetId | null
    run: RunId | null
    export: ExportId | null
  }): JobRow
  list(): JobRow[]
  get(id: JobId): JobRow
  /** Marks it running, owned by this process (pid), so that another host's recovery leaves it alone. */
  start(id: JobId, pid: number): void
  end(id: JobId, state: 'finished' | 'failed' | 'cancelled', error: ErrorShape | null): void
  /** Running or queued jobs with the pid of the process that owns them. */
  unfinished(): { job: JobRow; pid: number }[]
}

export interface ExportRepository {
  create(record: { run: RunId; fileName: string; users: number; k: number }): ExportRecord
  list(): ExportRecord[]
  get(id: ExportId): ExportRecord
  finish(id: ExportId, outcome: { rows: number; bytes: number; users: number }): void
  fail(id: ExportId, error: ErrorShape): void
  cancel(id: ExportId): void
  delete(id: ExportId): void
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
  /** How many training users have each. */
  readonly popularity: Int32Array
  readonly plots: readonly StoredPlot[]
}

export interface StoredMap extends Pick<NewMap, 'items' | 'popularity' | 'plots'> {
  readonly record: MapRecord
}

export interface MapRepository {
  /** In one transaction, in place of the map of the same run and settings if there is one. */
  save(map: NewMap): MapRecord
  /** Newest first. */
  list(run: RunId): MapRecord[]
  /** Throws NOT_FOUND, naming what exists. */
  get(id: MapId): StoredMap
  delete(id: MapId): void
}

export interface SettingsRepository {
  read(): Settings
  write(patch: Partial<Settings>): Settings
}

/** The library's database. Synchronous: SQLite in WAL mode, one connection per process. */
export interface Store {
  /** Folder that holds the database, `weights/`, `exports/`, `uploads/`. */
  readonly library: string
  /** True where the database was written by a newer version: everything can be read, nothing written. */
  readonly readOnly: boolean
  readonly datasets: DatasetRepository
  readonly runs: RunRepository
  readonly splitFiles: SplitFileRepository
  readonly preparations: PreparationRepository
  readonly templates: TemplateRepository
  readonly jobs: JobRepository
  readonly exports: ExportRepository
  readonly maps: MapRepository
  readonly experiments: ExperimentRepository
  readonly settings: SettingsRepository
  close(): void
}

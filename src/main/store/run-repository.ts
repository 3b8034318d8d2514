import type { ErrorShape } from '../../shared/errors'
import type { DatasetId, RunId } from '../../shared/ids'
import type { HeldOutSet, Metrics, Segment, TestMetrics, UserMetricName } from '../../shared/metrics'
import type { ModelConfig, ModelKind } from '../../shared/models'
import type {
  ContinuedTime,
  EpochPoint,
  Evaluation,
  KnownEnvironment,
  ImportedFrom,
  Preparation,
  Repetition,
  Run,
  RunDetail,
  RunMember,
  SplitSettings,
  SplitSummary,
} from '../../shared/runs'
import type { LabelChange } from '../../shared/run-labels'
import type { RunTracker } from '../../shared/trackers'
import type { TrainingPosition } from '../../shared/training-position'
import type { Csr } from '../numeric/csr'
import type { OwnerId } from './process-lock'

export interface NewRun {
  readonly name: string
  readonly dataset: DatasetId
  readonly model: ModelKind
  readonly preset: string | null
  readonly config: ModelConfig
  readonly seed: number
  readonly preparation: Preparation
  readonly split: SplitSettings
  /** The trained runs that it combines. */
  readonly members?: readonly RunMember[] | null
  /** The run that it repeats. */
  readonly repeats?: Repetition | null
  readonly trackers?: readonly RunTracker[]
}

/** Fold-in and targets of held-out users by model item indexes: [users, items], rows in the order of the users. */
export interface StoredHeldOut {
  readonly foldIn: Csr
  readonly targets: Csr
}

/** The split of a run, stored so that the run can be evaluated again on identical users and items. Dense data set indexes. */
export interface StoredSplit {
  /** Model item index → data set item index. */
  readonly catalogue: Int32Array
  readonly trainUsers: Int32Array
  readonly validationUsers: Int32Array
  readonly testUsers: Int32Array
  /** [items], training users who have each; null for runs of version 0.1, as are the held-out users' items. */
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

/** A state of an unfinished run, from which it can go on. */
export interface StoredState {
  /** The file of the tensors, relative to the library folder. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly position: TrainingPosition
  /** Seconds of training until then. */
  readonly seconds: number
  /** The best epoch's weights at that time; null before the first. */
  readonly best: StoredCheckpoint | null
}

export interface RunRepository {
  create(run: NewRun): Run
  /** Newest first, with those that are removed but not yet deleted. */
  list(dataset: DatasetId | null): Run[]
  /** In the order of `runs`. Throws NOT_FOUND with those that exist. */
  summaries(runs: readonly RunId[]): Run[]
  /** Throws NOT_FOUND with those that exist. */
  get(run: RunId): RunDetail
  rename(run: RunId, name: string): Run
  /** Changes tags, notes, stars and what is archived, of all these runs or none. */
  label(runs: readonly RunId[], change: Omit<LabelChange, 'runs'>): Run[]
  /** The removed runs that are not yet deleted, each with the process that deletes it when it ends. */
  removed(): ReadonlyMap<RunId, OwnerId>
  /** Removes runs until this process ends and deletes them, or brings them back. */
  setRemoved(runs: readonly RunId[], removed: boolean): void
  /** Validation ndcg@100 after epochs at equal distances, at most `points` and the last one. */
  curve(run: RunId, points: number): number[]
  /** `pendingFiles.removeLeft` removes its files. */
  delete(run: RunId): void
  started(run: RunId, environment: KnownEnvironment): void
  /** The trackers that the run is written to while it is trained. */
  saveTrackers(run: RunId, trackers: readonly RunTracker[]): void
  /** Runs that have ended, but not yet in all of their trackers. */
  endedBeforeTrackers(): RunId[]
  /** Estimated peak memory of the run in bytes. */
  saveEstimate(run: RunId, bytes: number): void
  /** The members of a combination with their fitted weights and calibrations. */
  saveMembers(run: RunId, members: readonly RunMember[]): void
  saveSplit(run: RunId, split: StoredSplit, summary: SplitSummary): void
  split(run: RunId): StoredSplit | null
  addEpoch(run: RunId, point: EpochPoint): void
  /** `pendingFiles.removeLeft` removes the previous epoch's file. */
  saveCheckpoint(run: RunId, checkpoint: StoredCheckpoint): void
  checkpoint(run: RunId): StoredCheckpoint | null
  /** Keeps a state beside the one before it; `pendingFiles.removeLeft` removes the files of older ones. */
  saveState(run: RunId, state: StoredState): void
  /** Newest first, at most two. */
  states(run: RunId): StoredState[]
  /**
   * Sets an interrupted run back to a state: its best weights, the epochs until then. Null: to its beginning.
   *
   * @param epochs number of epochs that stay
   */
  goOn(run: RunId, state: StoredState | null, epochs: number): void
  saveEvaluation(run: RunId, evaluation: Omit<Evaluation, 'at'>): void
  /** Records that the run goes on after an interruption, from the end of so many epochs; or trains the run `from` further. */
  saveContinued(run: RunId, epochs: number, also?: Pick<ContinuedTime, 'from' | 'flaws'>): void
  /** How a run that repeats another one compares with it. */
  saveRepetition(run: RunId, repetition: Repetition): void
  /** Makes a run one that was trained in another library. */
  saveImported(
    run: RunId,
    from: ImportedFrom,
    of: Pick<RunDetail, 'createdAt' | 'startedAt' | 'endedAt' | 'continued' | 'evaluations'>,
  ): void
  /** The finished run with these weights that was made at this time; `null` if there is none. */
  withWeights(sha256: string, createdAt: string): RunId | null
  /** Lets a failed or cancelled run wait for its training again. */
  requeue(run: RunId): void
  /** Per-user values of one metric for validation or test users, in the order of the split. */
  saveUserMetric(run: RunId, set: HeldOutSet, metric: UserMetricName, values: Float32Array): void
  userMetric(run: RunId, set: HeldOutSet, metric: UserMetricName): Float32Array | null
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
      /** Whether its last state stays. */
      keepsState?: boolean
      stoppedEarly?: boolean
    },
  ): void
  fail(run: RunId, error: ErrorShape): void
  cancel(run: RunId): void
  /** Ends runs that wait or run without a job: version 0.1 left them if it was killed between storing the two. */
  failWithoutJob(error: ErrorShape): void
}

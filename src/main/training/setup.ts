import type { Metrics } from '../../shared/metrics'
import type { EpochPoint } from '../../shared/runs'
import type { Model, Recommender } from '../models/model'
import type { LoopSettings } from '../models/settings/keys'
import type { Csr } from '../numeric/csr'
import type { BatchSource } from './sweep'

export interface TrainingSetup {
  /** Untrained; afterwards it holds the best epoch's parameters. */
  readonly model: Model
  /** [training users, items] */
  readonly train: Csr
  /** How a model is trained by steps, and where they get their rows; null for one that is solved. */
  readonly steps: Steps | null
  /** Scores the validation users; `ndcg@100` decides which epoch is best. */
  validate(model: Recommender): Promise<Metrics>
  readonly checkpoint: Checkpoint
  onEpoch(point: EpochPoint): void
}

export interface Steps {
  readonly settings: LoopSettings
  readonly batches: BatchSource
}

/** Where the best parameters are kept, on disk, so that a run that dies in the middle leaves them usable. */
export interface Checkpoint {
  save(epoch: number): Promise<void>
  restoreBest(): Promise<void>
}

export interface TrainingResult {
  readonly bestEpoch: number
  readonly epochs: EpochPoint[]
  /** Wall clock of all of it: steps, validation and checkpoints. */
  readonly seconds: number
  /** Rows shown per second of training steps, without validation and checkpoints; for a solved model the training users per second of solving. */
  readonly rowsPerSecond: number
}

import type { Metrics } from '../../shared/metrics'
import type { ModelConfig } from '../../shared/models'
import type { EpochPoint } from '../../shared/runs'
import type { Model, Recommender } from '../models/model'
import type { Csr } from '../numeric/csr'
import type { BatchSource } from './sweep'

export interface TrainingSetup {
  /** Untrained; afterwards it holds the best epoch's parameters. */
  readonly model: Model
  readonly config: ModelConfig
  /** [training users, items] */
  readonly train: Csr
  /** Where the steps of a model that is trained by steps get their rows; null for one that is solved. */
  readonly batches: BatchSource | null
  /** Scores the validation users; `ndcg@100` decides which epoch is best. */
  validate(model: Recommender): Promise<Metrics>
  readonly checkpoint: Checkpoint
  onEpoch(point: EpochPoint): void
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

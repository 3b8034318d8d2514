import type { Metrics } from '../../shared/metrics'
import type { EpochPoint } from '../../shared/runs'
import type { Model, Recommender } from '../models/model'
import type { LoopSettings } from '../models/settings/keys'
import type { Csr } from '../numeric/csr'
import type { Interrupted, StateKeeper } from './position'
import type { BatchSource } from './sweep'

export interface TrainingSetup {
  /** Untrained at first; after training it holds the best epoch's parameters. */
  readonly model: Model
  /** [training users, items] */
  readonly train: Csr
  /** The training loop and its batches; null for closed-form models. */
  readonly steps: Steps | null
  /** Measures the validation users; `ndcg@100` selects the best epoch. */
  validate(model: Recommender): Promise<Metrics>
  readonly checkpoint: Checkpoint
  onEpoch(point: EpochPoint): void | Promise<void>
  /** Aborted when the training is to end with its best epoch so far; before the first epoch has been validated it goes on until then. */
  readonly stop?: AbortSignal
  /** Null for a training that starts. */
  readonly interrupted?: Interrupted | null
  /** Null if no states are kept. */
  readonly states?: StateKeeper | null
}

export interface Steps {
  readonly settings: LoopSettings
  readonly batches: BatchSource
}

/** Stores the best parameters on disk, so that they stay usable if the run dies. */
export interface Checkpoint {
  save(epoch: number): Promise<void>
  restoreBest(): Promise<void>
}

export interface TrainingResult {
  readonly bestEpoch: number
  readonly epochs: EpochPoint[]
  /** Whether it was ended by `stop`. */
  readonly stoppedEarly: boolean
  /** Wall time of everything: steps, validation and checkpoints. */
  readonly seconds: number
  /** Training rows per second, without validation and checkpoints; for closed-form models, training users per second. */
  readonly rowsPerSecond: number
}

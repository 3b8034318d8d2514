import type { Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../../shared/models'
import type { Csr } from '../numeric/csr'
import type { Random } from '../numeric/random'

/** Name → variable, in a fixed order: what checkpoints and optimisers walk. */
export type NamedParameters = ReadonlyMap<string, Variable>

/** Everything that ranks. */
export interface Recommender {
  /** Number of items of its catalogue, I. */
  readonly items: number
  readonly parameters: NamedParameters
  /** histories [rows, I] → scores [rows, I], higher is better; seen items are masked by the ranking, not here. The caller disposes. */
  score(histories: Csr): Tensor2D
  /**
   * Members of a Hadamard ensemble with their logits lists (p = Π over all members and logits of σ(logit)), inference mode.
   * Empty for models whose score is no such product. The caller disposes.
   */
  parts(histories: Csr): MemberLogits[]
  /** The shallow linear path's weights as contributions; null without such a path. */
  readonly linear: LinearPath | null
  dispose(): void
}

/** A member's probability is the product of the sigmoids of its logits, each [rows, I]. */
export interface MemberLogits {
  readonly member: 'flvae' | 'nease'
  readonly logits: Tensor2D[]
}

/** A linear path without bias: its score of `target` is exactly the sum of the contributions of the history's items. */
export interface LinearPath {
  /** [history.length]: addend of each history item to the score of `target`. */
  contributions(target: number, history: ArrayLike<number>): Promise<Float32Array>
}

/** Rows of the training step: the network is shown `input` and must produce `target`, both [rows, I]. */
export interface TrainingBatch {
  readonly input: Csr
  readonly target: Csr
}

/** Scalars named as in the paper; `total` is what the gradient is of. The caller of a `losses` function disposes. */
export type LossTensors = { readonly total: Scalar } & Readonly<Record<string, Scalar>>
export type LossParts = { readonly total: number } & Readonly<Record<string, number>>

export type OptimiserName = 'nadam-keras3' | 'nadam-tf25' | 'adam'

/** A learning-rate stage. Optimiser state starts afresh with each stage, as in the authors' code. */
export interface Stage {
  readonly learningRate: number
  readonly epochs: number
}

/** Trained by gradient steps. */
export interface TrainableModel extends Recommender {
  readonly training: 'gradient'
  /** Whether a step is shown A and must produce B (VASP, FLVAE) or input = target (NEASE alone). */
  beginStage(stage: Stage): void
  /** Forward, gradients, update of every parameter. Synchronous on the native backend; resolves to the batch's losses. */
  trainStep(batch: TrainingBatch): Promise<LossParts>
}

/** Solved, not stepped: popularity, EASE. One candidate per value that validation chooses among (λ of EASE). */
export interface ClosedFormModel extends Recommender {
  readonly training: 'closed-form'
  readonly candidates: readonly { label: string }[]
  /** Solves candidate c for the training histories [users, I]; the parameters hold the solution afterwards. */
  fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void>
}

export type Model = TrainableModel | ClosedFormModel

/** Builds an untrained model of `items` items; all random draws come from `random`. Loading a checkpoint fills `parameters`. */
export type ModelFactory = (config: ModelConfig, items: number, random: Random) => Model

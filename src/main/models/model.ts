import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Csr } from '../numeric/csr'
import type { RandomState } from '../numeric/random'
import type { Stage } from './settings/stages'

/** Parameters by name, in the fixed order of checkpoints and optimisers. */
export type NamedParameters = ReadonlyMap<string, Parameter>

/** A model that scores items. */
export interface Recommender {
  /** Number of items of its catalogue, I. */
  readonly items: number
  readonly parameters: NamedParameters
  /** histories [rows, I] → scores [rows, I], higher is better; seen items are masked by the ranking, not here. The caller disposes. */
  score(histories: Csr): Tensor2D
  /** In the order of `memberLogits`; a single model is its own only member. Empty if the score is not a probability. */
  readonly members: readonly ModelMember[]
  /**
   * The logits of each member in inference mode: the score is p = Π over all members and logits of σ(logit)^weight. The caller disposes them.
   */
  memberLogits(histories: Csr): MemberLogits[]
  /** The score itself as a linear sum; null if it is none, as where it is a product of members, each of which may have a linear logit. */
  readonly linear: LinearSum | null
  dispose(): void
}

/** One of the models whose probabilities are multiplied to a score. */
export interface ModelMember {
  /** Unique in the model: the member's kind, or `kind (run 3)`. */
  readonly name: string
  /** Its only logit as a linear sum; null if it is none. */
  readonly linear: LinearSum | null
}

/** A member's probability is the product of the sigmoids of its logits, each [rows, I]. */
export type MemberLogits = {
  readonly member: string
  readonly logits: Tensor2D[]
  /** Exponent of the member's probability in the product; 1 if not given. */
  readonly weight?: number
}

/** [history.length]: what each history item adds to the score of `target`, or to its logit. Exact, since nothing but an intercept is added. */
export type Contributions = (target: number, history: ArrayLike<number>) => Promise<Float32Array>

/** A score, or a member's logit, that is exactly the sum of the contributions of the history's items and an intercept. */
export interface LinearSum {
  /** Added to the sum of the contributions; 0 if not given. */
  readonly intercept?: number
  readonly contributions: Contributions
}

/** Rows of a training step: the network sees `input` and must predict `target`, both [rows, I]. */
export interface TrainingBatch {
  readonly input: Csr
  readonly target: Csr
}

/** Means over the rows of the batch, named as in the paper; the gradient is that of `total`. */
export type LossTerms = { readonly total: number } & Readonly<Record<string, number>>

/** Numbers that the next step depends on. */
export interface StepNumbers {
  /** Number of steps so far, over all stages. */
  readonly steps: number
  /** Counted from 1 over all stages. */
  readonly epoch: number
  /** Counted from 0 within the epoch. */
  readonly sweep: number
  /** Where the stream of ε and dropout masks stands. */
  readonly noise: RandomState
  /** Number of steps of each optimiser in this stage. */
  readonly optimisers: readonly number[]
}

/** Everything that the next step depends on, besides its batch. */
export interface StepState {
  /** Parameters, weights that steps only read, and the optimisers' moments: the model's own, so that they can be stored and loaded. */
  readonly tensors: NamedParameters
  readonly numbers: StepNumbers
}

/** Trained by gradient steps. */
export interface TrainableModel extends Recommender {
  readonly training: 'gradient'
  /** Starts a learning-rate stage: the optimisers' moments are reset. */
  beginStage(stage: Stage): void
  /** No step follows until the next stage begins: frees the optimisers' state, which is twice the size of the weights. */
  endStage?(): void
  /** Sweeps over the training users in one epoch; 1 if not given. */
  readonly sweeps?: number
  /**
   * A sweep begins: `epoch` counted from 1 over all stages, `sweep` from 0 within the epoch. Schedules (β of a KL term, which parameters are trained)
   * depend on it.
   */
  beginSweep?(epoch: number, sweep: number): void
  /** One forward pass, gradient and update of the parameters that this sweep trains; resolves to the batch's losses. A stage must have begun. */
  trainStep(batch: TrainingBatch): Promise<LossTerms>
  /** Between two steps of a stage. */
  state(): StepState
  /** Goes on as a model in that state would: call it when the same stage has begun and the values of `state().tensors` have been loaded. */
  goOnFrom(numbers: StepNumbers): void
}

/** Solved in closed form. Validation chooses among the candidates (as values of an L2 regularisation). */
export interface ClosedFormModel extends Recommender {
  readonly training: 'closed-form'
  readonly candidates: readonly { label: string }[]
  /** Solves `candidate` for the training histories [users, I]; then the parameters hold the solution. */
  fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void>
}

export type Model = TrainableModel | ClosedFormModel

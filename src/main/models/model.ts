import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Csr } from '../numeric/csr'
import type { Stage } from './settings/stages'

/** Name → weight, in a fixed order: what checkpoints and optimisers walk. */
export type NamedParameters = ReadonlyMap<string, Parameter>

/** Everything that ranks. */
export interface Recommender {
  /** Number of items of its catalogue, I. */
  readonly items: number
  readonly parameters: NamedParameters
  /** histories [rows, I] → scores [rows, I], higher is better; seen items are masked by the ranking, not here. The caller disposes. */
  score(histories: Csr): Tensor2D
  /** Names of the members that `parts` gives, in its order. */
  readonly paths: readonly string[]
  /**
   * The members whose probabilities, each to the power of its weight, multiply to the score, with their logits lists (p = Π over all members and
   * logits of σ(logit)^weight), inference mode; a model alone is its only one. Empty where the score is no probability. The caller disposes.
   */
  parts(histories: Csr): MemberLogits[]
  /** What is linear of it; null where nothing is. */
  readonly linear: LinearPath | null
  dispose(): void
}

/** A member's probability is the product of the sigmoids of its logits, each [rows, I]. */
export type MemberLogits = {
  readonly member: string
  readonly logits: Tensor2D[]
  /** The power of its probability that the product has as a factor; 1 where it is not given. */
  readonly weight?: number
}

/** [history.length]: what each history item adds to the score of `target`, or to its logit. Exact, because there is no bias. */
export type Contributions = (target: number, history: ArrayLike<number>) => Promise<Float32Array>

/** A score, or a member's logit, that is exactly the sum of the contributions of the history's items. */
export interface LinearPath {
  /** Whose logit the sum is; null where it is the score itself. */
  readonly member: string | null
  /** What the logit has beside the contributions; 0 where it is not given. */
  readonly intercept?: number
  readonly contributions: Contributions
}

/** Rows of the training step: the network is shown `input` and must produce `target`, both [rows, I]. */
export interface TrainingBatch {
  readonly input: Csr
  readonly target: Csr
}

/** Means over the batch's rows, named as in the paper; `total` is what the gradient is of. */
export type LossParts = { readonly total: number } & Readonly<Record<string, number>>

/** Trained by gradient steps. */
export interface TrainableModel extends Recommender {
  readonly training: 'gradient'
  /** Starts a learning-rate stage: the optimisers forget what they have seen. */
  beginStage(stage: Stage): void
  /** No step follows until a stage begins: the optimisers' state, twice the size of the weights, is let go of. */
  endStage?(): void
  /** Sweeps over the training users of which one epoch consists; 1 where a model does not say. RecVAE: three of its encoder, one of its decoder. */
  readonly sweeps?: number
  /**
   * A sweep begins: `epoch` counted from 1 over all stages, `sweep` from 0 within the epoch. What follows a schedule (β of a KL term, which
   * part of the network moves) hangs on it.
   */
  beginSweep?(epoch: number, sweep: number): void
  /** Forward, gradients, update of what this sweep moves; resolves to the batch's losses. Needs a stage to have begun. */
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

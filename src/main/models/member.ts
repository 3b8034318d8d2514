import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelKind } from '../../shared/models'
import type { SparseRows } from '../compute/sparse-rows'
import type { Weights } from './layers/weights'
import type { Contributions, NamedParameters } from './model'
import type { Noise } from './noise'

/** A term besides the reconstruction loss: `weight · value` is added to the total, `value` is reported. */
export interface Penalty {
  readonly value: Scalar
  /** β of a KL term; 1 for terms that are already weighted. */
  readonly weight: number
}

/** A member's output for a batch. */
export interface MemberOutput {
  /** Each [rows, items]; the member's probability is the product of their sigmoids. */
  readonly logits: Tensor2D[]
  /** Added to the loss while training, named as in the paper. */
  readonly penalties: Readonly<Record<string, Penalty>>
}

/** What a training step passes to `forward`: everything besides the weights that changes between steps. */
export interface TrainingPass {
  readonly noise: Noise
  /** Number of steps before this one, over all stages; annealing follows it. */
  readonly step: number
  /** Counted from 1 over all stages. */
  readonly epoch: number
  /** Counted from 0 within the epoch. */
  readonly sweep: number
}

/** The equations of a deep model or a linear one, trained alone or as a member of a product. */
export interface Member {
  readonly kind: ModelKind
  readonly items: number
  /** The parameters in a checkpoint, by the names that `forward` uses. */
  readonly parameters: NamedParameters
  /**
   * Pure: the same weights, input and pass always give the same output.
   *
   * @param weights of `parameters`, and while training of `frozen`
   * @param pass null for inference, which has no noise and no penalties
   */
  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput
  readonly contributions?: Contributions
  /** Weights that steps read but do not train and that checkpoints do not hold; they exist from the first stage on. */
  readonly frozen?: NamedParameters
  /**
   * For each sweep of an epoch, the parameters that it trains, with an optimiser of their own. If missing, an epoch is one sweep that trains
   * everything.
   */
  readonly sweeps?: readonly NamedParameters[]
  /** A stage begins: training continues from the current parameters with new optimisers. */
  beginStage?(): void
  /** @param sweep counted from 0 within the epoch */
  beginSweep?(sweep: number): void
  /** Frees everything except its parameters. */
  dispose?(): void
}

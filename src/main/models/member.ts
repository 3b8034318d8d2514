import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelKind } from '../../shared/models'
import type { SparseRows } from '../compute/sparse-rows'
import type { Weights } from './layers/weights'
import type { Contributions, NamedParameters } from './model'
import type { Noise } from './noise'

/** A term beside the reconstruction loss: `weight · value` is added to the total, `value` is what is reported. */
export interface Penalty {
  readonly value: Scalar
  /** β of a KL term; 1 for what is weighted already. */
  readonly weight: number
}

/** What a member makes of a batch. */
export interface MemberOutput {
  /** Each [rows, items]; the member's probability is the product of their sigmoids. */
  readonly logits: Tensor2D[]
  /** Added to the loss while training, named as in the paper. */
  readonly penalties: Readonly<Record<string, Penalty>>
}

/** What a training step tells the forward pass: all that changes between steps beside the weights. */
export interface TrainingPass {
  readonly noise: Noise
  /** Steps that the model has done before this one, over all stages: what annealing follows. */
  readonly step: number
  /** Counted from 1 over all stages. */
  readonly epoch: number
  /** Counted from 0 within the epoch. */
  readonly sweep: number
}

/** The equations of a deep model or a linear one, trained alone or as a member of a product: NEASE, FLVAE, Mult-VAE … */
export interface Member {
  readonly kind: ModelKind
  readonly items: number
  /** What a checkpoint holds, by the names that its `forward` looks weights up with. */
  readonly parameters: NamedParameters
  /**
   * Pure: the same weights, input and pass give the same output.
   *
   * @param weights of `parameters`, and while training of `frozen`
   * @param pass null for inference, which draws nothing and gives no penalties
   */
  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput
  readonly contributions?: Contributions
  /** What steps read and do not move, and no checkpoint holds; there is some from the first stage on. */
  readonly frozen?: NamedParameters
  /**
   * What moves in each sweep over the training users of which an epoch consists, each part with its own optimiser; without it an epoch is one
   * sweep that moves everything.
   */
  readonly sweeps?: readonly NamedParameters[]
  /** Training goes on from the parameters as they are, with new optimisers. */
  beginStage?(): void
  /** @param sweep counted from 0 within the epoch */
  beginSweep?(sweep: number): void
  /** Frees what is not among its parameters. */
  dispose?(): void
}

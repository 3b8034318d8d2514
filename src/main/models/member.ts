import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Weights } from './layers/parameters'
import type { LinearPath } from './model'
import type { Noise } from './noise'
import type { MemberName } from './settings/members'

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

/** What a training step tells its members. */
export interface TrainingPass {
  readonly noise: Noise
  /** Steps that the model has done before this one, over all stages: what annealing follows. */
  readonly step: number
  /** Counted from 1 over all stages. */
  readonly epoch: number
}

/** One path of a Hadamard ensemble: NEASE, FLVAE, Mult-VAE … */
export interface Member {
  readonly name: MemberName
  readonly items: number
  /** By the names that its `forward` looks weights up with. */
  readonly parameters: ReadonlyMap<string, Parameter>
  /** @param pass null for inference, which draws nothing and gives no penalties */
  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput
  readonly linear: LinearPath | null
  /**
   * What moves in each sweep over the training users of which an epoch consists, each part with its own optimiser; without it an epoch is one
   * sweep that moves everything.
   */
  readonly sweeps?: readonly ReadonlyMap<string, Parameter>[]
  /** Training goes on from the parameters as they are, with new optimisers. */
  beginStage?(): void
  /** @param sweep counted from 0 within the epoch */
  beginSweep?(sweep: number): void
  /** Frees what is not among its parameters. */
  dispose?(): void
}

import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Weights } from './layers/parameters'
import type { LinearPath, MemberLogits } from './model'
import type { Noise } from './noise'

/** What a member makes of a batch. */
export interface MemberOutput {
  /** Each [rows, items]; the member's probability is the product of their sigmoids. */
  readonly logits: Tensor2D[]
  /** Added to the loss while training, named as in the paper. */
  readonly penalties: Readonly<Record<string, Scalar>>
}

/** One path of a Hadamard ensemble: NEASE, FLVAE. */
export interface Member {
  readonly name: MemberLogits['member']
  readonly items: number
  readonly parameters: ReadonlyMap<string, Parameter>
  /** @param noise null for inference, which draws nothing and gives no penalties */
  forward(weights: Weights, input: SparseRows, noise: Noise | null): MemberOutput
  readonly linear: LinearPath | null
}

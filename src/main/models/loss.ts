import * as tf from '@tensorflow/tfjs-core'
import { denseRows, type SparseRows } from '../compute/sparse-rows'
import { focalLoss, type FocalSettings } from './losses/focal'
import { cosineLoss, meanSquaredError } from './losses/regression'

/** A reconstruction loss of p = Π σ(z_k) from its logits, each [rows, items], named as the paper calls it. */
export interface ReconstructionLoss {
  readonly name: 'focal' | 'cosine' | 'mse'
  of(logits: readonly tf.Tensor2D[], target: SparseRows): tf.Scalar
}

/** p = Π_k σ(z_k), [rows, items]. */
export const productOfSigmoids = (logits: readonly tf.Tensor2D[]): tf.Tensor2D =>
  logits.map((z) => tf.sigmoid(z)).reduce((product, factor) => tf.mul(product, factor))

/** The loss that a config asks for; the focal loss where it does not say. */
export function lossOf({
  loss = 'focal',
  alpha,
  gamma,
}: { loss?: ReconstructionLoss['name'] } & FocalSettings): ReconstructionLoss {
  switch (loss) {
    case 'focal':
      return { name: loss, of: (logits, target) => focalLoss(logits, target, { alpha, gamma }) }
    case 'cosine':
      return { name: loss, of: (logits, target) => cosineLoss(denseRows(target), productOfSigmoids(logits)) }
    case 'mse':
      return { name: loss, of: (logits, target) => meanSquaredError(denseRows(target), productOfSigmoids(logits)) }
  }
}

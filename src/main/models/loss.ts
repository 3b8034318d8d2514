import * as tf from '@tensorflow/tfjs-core'
import { denseRows, type SparseRows } from '../compute/sparse-rows'
import { focalLoss, type FocalSettings } from './losses/focal'
import { multinomialLoss, softmaxAsLogits } from './losses/multinomial'
import { cosineLoss, meanSquaredError, squaredError } from './losses/regression'

/**
 * How a model turns logits into scores. `product`: the product of the sigmoids of its logits. `softmax`: the softmax of its logits over the items.
 * `identity`: the logits themselves, which are not probabilities.
 */
export type Output = 'product' | 'softmax' | 'identity'

/** A reconstruction loss of lists of logits, each [rows, items], named as the papers call it. */
export interface ReconstructionLoss {
  readonly name: 'focal' | 'cosine' | 'mse' | 'nll' | 'squared'
  readonly output: Output
  of(logits: readonly tf.Tensor2D[], target: SparseRows): tf.Scalar
}

/** p = Π_k σ(z_k), [rows, items]. */
export const productOfSigmoids = (logits: readonly tf.Tensor2D[]): tf.Tensor2D =>
  logits.map((z) => tf.sigmoid(z)).reduce((product, factor) => tf.mul(product, factor))

/** log p = Σ_k log σ(z_k) = −Σ_k softplus(−z_k), [rows, items]: exact where p is too small for a float32. */
export const logOfProduct = (logits: readonly tf.Tensor2D[]): tf.Tensor2D =>
  logits.map((z): tf.Tensor2D => tf.neg(tf.softplus(tf.neg(z)))).reduce((sum, log) => tf.add<tf.Tensor2D>(sum, log))

/** The focal loss of p = Π σ(z_k). */
export const focal = ({ alpha, gamma }: FocalSettings): ReconstructionLoss => ({
  name: 'focal',
  output: 'product',
  of: (logits, target) => focalLoss(logits, target, { alpha, gamma }),
})

/** The loss of p = Π σ(z_k) that a config names. */
export function lossOf({
  loss,
  ...settings
}: { loss: 'focal' | 'cosine' | 'mse' } & FocalSettings): ReconstructionLoss {
  const output = 'product'
  switch (loss) {
    case 'focal':
      return focal(settings)
    case 'cosine':
      return { name: loss, output, of: (logits, target) => cosineLoss(denseRows(target), productOfSigmoids(logits)) }
    case 'mse':
      return {
        name: loss,
        output,
        of: (logits, target) => meanSquaredError(denseRows(target), productOfSigmoids(logits)),
      }
  }
}

/** Multinomial negative log-likelihood of one list of logits. */
export const multinomial: ReconstructionLoss = {
  name: 'nll',
  output: 'softmax',
  of: (logits, target) => multinomialLoss(onlyList(logits), target),
}

/** Squared error of one list of logits, or of its sigmoid. */
export const squared = (output: 'identity' | 'sigmoid'): ReconstructionLoss => ({
  name: 'squared',
  output: output === 'identity' ? 'identity' : 'product',
  of: (logits, target) =>
    squaredError(denseRows(target), output === 'identity' ? onlyList(logits) : productOfSigmoids(logits)),
})

/**
 * Logits whose sigmoids multiply to the model's score, for explanations and products of trained models. A softmax becomes the logit of each item's
 * probability, so that it can be multiplied like any other. Null if the score is not a probability.
 */
export function scoreLogits(output: Output, logits: tf.Tensor2D[]): tf.Tensor2D[] | null {
  switch (output) {
    case 'product':
      return logits
    case 'softmax':
      return [softmaxAsLogits(onlyList(logits))]
    case 'identity':
      return null
  }
}

function onlyList(logits: readonly tf.Tensor2D[]): tf.Tensor2D {
  const [only, ...others] = logits
  if (!only || others.length > 0) throw new RangeError('this loss takes one list of logits')
  return only
}

import * as tf from '@tensorflow/tfjs-core'
import { dense } from './dense'
import { vector, type Weights } from './weights'
import { swishNorm } from './swish-norm'

/** Keras's default ε of LayerNorm, which the authors' code uses. */
const KERAS_EPSILON = 1e-3

/**
 * The densely connected stack of FLVAE's encoder and decoder (VASP paper, figure 1; authors' code) and of RecVAE's encoder:
 * a_k = W_k h_{k−1} + b_k + Σ_{j<k} h_j, h_k = LN(swish(a_k)). The sum is added before swish.
 *
 * @param a1 [rows, width]: W₁x + b₁, which the caller computes from sparse or dense input
 * @param epsilon of LayerNorm
 * @returns h_N [rows, width]
 */
export function connectedStack(
  weights: Weights,
  prefix: string,
  layers: number,
  a1: tf.Tensor2D,
  epsilon = KERAS_EPSILON,
): tf.Tensor2D {
  const norm = (k: number, a: tf.Tensor2D): tf.Tensor2D =>
    swishNorm(a, vector(weights, `${prefix}${k}.ln.gamma`), vector(weights, `${prefix}${k}.ln.beta`), epsilon)
  let h = norm(1, a1)
  let sum = h
  for (let k = 2; k <= layers; k++) {
    h = norm(k, tf.add(dense(weights, `${prefix}${k}`, h), sum))
    if (k < layers) sum = tf.add(sum, h)
  }
  return h
}

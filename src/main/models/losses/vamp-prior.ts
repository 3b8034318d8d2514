import * as tf from '@tensorflow/tfjs-core'
import { logDensities, type Gaussian } from './gaussian'

/**
 * log p(z) of a VampPrior (Tomczak & Welling, 2018, eq. 9), [rows]: the log of the mean of the posteriors q(z|u_k) of K pseudo-inputs.
 *
 * @param z [rows, latent]
 * @param components q(z|u_k), μ and log σ² both [K, latent]
 */
export function logVampPrior(z: tf.Tensor2D, { mean, logVariance }: Gaussian): tf.Tensor1D {
  const [components] = mean.shape
  /** [rows, K] */
  const each = tf.sum(logDensities(tf.expandDims(z, 1), tf.expandDims(mean, 0), tf.expandDims(logVariance, 0)), 2)
  return tf.sub(tf.logSumExp(each, 1), Math.log(components))
}

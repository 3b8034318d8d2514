import * as tf from '@tensorflow/tfjs-core'

/**
 * Kullback–Leibler divergence of N(μ, σ²) from N(0, 1), averaged over rows and latent dimensions as in the authors' code
 * (1/L of the usual sum): −½ mean(1 + log σ² − μ² − σ²). Both [rows, latent].
 */
export const meanKl = (mu: tf.Tensor2D, logVariance: tf.Tensor2D): tf.Scalar =>
  tf.mul(tf.mean(tf.sub(tf.sub(tf.add(logVariance, 1), tf.square(mu)), tf.exp(logVariance))), -0.5)

/**
 * The same divergence summed over latent dimensions, mean over rows (Kingma & Welling, 2014; Liang et al., 2018, eq. 8). Both [rows, latent].
 */
export const summedKl = (mu: tf.Tensor2D, logVariance: tf.Tensor2D): tf.Scalar =>
  tf.mul(meanKl(mu, logVariance), mu.shape[1])

import * as tf from '@tensorflow/tfjs-core'

export const LOG_2_PI = Math.log(2 * Math.PI)

/** A normal distribution with diagonal covariance for each row: μ and log σ², both [rows, latent]. */
export interface Gaussian {
  readonly mean: tf.Tensor2D
  readonly logVariance: tf.Tensor2D
}

/** log N(z; μ, σ²) of each latent dimension: −½(log 2π + log σ² + (z − μ)²/σ²), of the shape that z, μ and log σ² broadcast to. */
export const logDensities = (z: tf.Tensor, mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor =>
  tf.mul(tf.add(tf.add(logVariance, LOG_2_PI), tf.mul(tf.square(tf.sub(z, mean)), tf.exp(tf.neg(logVariance)))), -0.5)

/** log N(z; μ, σ²) of each row: [rows]. */
export const logDensity = (z: tf.Tensor2D, { mean, logVariance }: Gaussian): tf.Tensor1D =>
  tf.sum(logDensities(z, mean, logVariance), 1)

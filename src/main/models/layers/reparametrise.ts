import * as tf from '@tensorflow/tfjs-core'
import { LOG_2_PI, type Gaussian } from '../losses/gaussian'
import type { Noise } from '../noise'

/** z = μ + exp(½ log σ²) ε (Kingma & Welling, 2014). All [rows, latent]. */
export const reparametrised = (mu: tf.Tensor2D, logVariance: tf.Tensor2D, noise: Noise): tf.Tensor2D =>
  tf.add(mu, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise.normal(...mu.shape)))

/** A sample of N(μ, σ²) and its log density in each dimension. All [rows, latent]. */
export interface Sample {
  readonly z: tf.Tensor2D
  readonly logDensities: tf.Tensor2D
}

/**
 * z = μ + σε and log N(z; μ, σ²) = −½(log 2π + log σ² + ε²), written in terms of ε: computed from z, two gradients of size ε/σ would have to cancel,
 * and for σ near 0 only rounding errors would remain.
 */
export function sampled({ mean, logVariance }: Gaussian, noise: Noise): Sample {
  const epsilon = noise.normal(...mean.shape)
  return {
    z: tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), epsilon)),
    logDensities: tf.mul(tf.add(tf.add(logVariance, LOG_2_PI), tf.square(epsilon)), -0.5),
  }
}

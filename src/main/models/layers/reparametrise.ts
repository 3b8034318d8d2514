import * as tf from '@tensorflow/tfjs-core'
import type { Noise } from '../noise'

/** z = μ + exp(½ log σ²) ε (Kingma & Welling, 2014). All [rows, latent]. */
export const reparametrised = (mu: tf.Tensor2D, logVariance: tf.Tensor2D, noise: Noise): tf.Tensor2D =>
  tf.add(mu, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise.normal(...mu.shape)))

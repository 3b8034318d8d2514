import * as tf from '@tensorflow/tfjs-core'
import { logDensities, type Gaussian } from './gaussian'

/** Weights of N(0, 1), of the previous round's posterior and of N(0, e¹⁰) in the authors' code. */
const STANDARD = 3 / 20
const PREVIOUS = 3 / 4
const WIDE = 1 / 10
const WIDE_LOG_VARIANCE = 10

/**
 * log p(z) of RecVAE's composite prior (eq. 5) for each latent dimension, [rows, latent]: the log of .15·N(0, 1) + .75·q_old(z|x) +
 * .10·N(0, e¹⁰). As in the authors' code the mixture is taken dimension by dimension.
 *
 * @param z [rows, latent]
 * @param previous q_old(z|x), the posterior that the encoder of the previous round gives; a constant
 */
export function logCompositePrior(z: tf.Tensor2D, previous: Gaussian): tf.Tensor2D {
  const component = (weight: number, mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor =>
    tf.add(logDensities(z, mean, logVariance), Math.log(weight))
  const zero = tf.scalar(0)
  return tf.logSumExp(
    tf.stack([
      component(STANDARD, zero, zero),
      component(PREVIOUS, previous.mean, previous.logVariance),
      component(WIDE, zero, tf.scalar(WIDE_LOG_VARIANCE)),
    ]),
    0,
  )
}

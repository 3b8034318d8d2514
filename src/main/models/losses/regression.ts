import * as tf from '@tensorflow/tfjs-core'

/** Mean squared error: mean over items, then over rows. Both [rows, items]. */
export const meanSquaredError = (target: tf.Tensor2D, output: tf.Tensor2D): tf.Scalar =>
  tf.mean(tf.squaredDifference(target, output))

/** Floor of a squared norm, as in Keras's l2 normalisation. */
const FLOOR = 1e-12

/** Cosine proximity loss: mean over rows of 1 − cos(output, target), 1 for a row whose target is empty. Both [rows, items]. */
export function cosineLoss(target: tf.Tensor2D, output: tf.Tensor2D): tf.Scalar {
  const inverseNorm = (v: tf.Tensor2D): tf.Tensor => tf.rsqrt(tf.maximum(tf.sum(tf.square(v), 1), FLOOR))
  const dot = tf.sum(tf.mul(target, output), 1)
  return tf.sub(1, tf.mean(tf.mul(dot, tf.mul(inverseNorm(target), inverseNorm(output)))))
}

/** Squared error: sum over items, mean over rows. Both [rows, items]. */
export const squaredError = (target: tf.Tensor2D, output: tf.Tensor2D): tf.Scalar =>
  tf.div(tf.sum(tf.squaredDifference(target, output)), target.shape[0])

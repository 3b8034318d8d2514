import * as tf from '@tensorflow/tfjs-core'
import { matrix, type Weights } from '../layers/parameters'

/** λ Σ‖W‖² over the weight matrices of the named layers; biases are left out, as in Mult-DAE's code. */
export const weightDecay = (weights: Weights, layers: readonly string[], lambda: number): tf.Scalar =>
  tf.mul(tf.addN<tf.Scalar>(layers.map((name) => tf.sum(tf.square(matrix(weights, `${name}.W`))))), lambda)

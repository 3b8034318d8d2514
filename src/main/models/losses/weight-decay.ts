import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from '../../compute/with-gradient'
import { matrix, type Weights } from '../layers/weights'

/** λ Σ‖W‖² over the weight matrices of the named layers; biases are left out, as in the code of Liang et al. (2018). */
export const weightDecay = (weights: Weights, layers: readonly string[], lambda: number): tf.Scalar =>
  tf.mul(tf.addN<tf.Scalar>(layers.map((name) => sumOfSquares(matrix(weights, `${name}.W`)))), lambda)

/** Σ w² with the gradient 2w as one tensor of the weight's size; tfjs's own creates four, one of them in JavaScript. */
const sumOfSquares = (weight: tf.Tensor2D): tf.Scalar =>
  withGradient<tf.Scalar>([weight], (save) => {
    save([weight])
    return {
      value: tf.sum(tf.square(weight)),
      gradient: (dy, [saved]) => {
        if (!saved) throw new Error('sumOfSquares saved too little')
        return [tf.mul(saved, tf.mul(dy, 2))]
      },
    }
  })

import * as tf from '@tensorflow/tfjs-core'
import type { Random } from '../../numeric/random'

/** Glorot's uniform initialisation of a weight [inputs, outputs], Keras's default for dense layers: U(−l, l), l = √(6 / (inputs + outputs)). */
export function glorotUniform(inputs: number, outputs: number, random: Random): tf.Tensor2D {
  const limit = Math.sqrt(6 / (inputs + outputs))
  return tf.tensor2d(random.uniformFloats(inputs * outputs, -limit, limit), [inputs, outputs])
}

import * as tf from '@tensorflow/tfjs-core'
import { dense } from './dense'
import { denseOfScaled, type ScaledRows } from './normalised-input'
import type { Weights } from './weights'

/** The gated layer (Dauphin et al., 2017; Kim & Suh, 2019): (W_h v + b_h) ⊙ σ(W_g v + b_g). [rows, inputs] → [rows, outputs] */
export const gated = (weights: Weights, name: string, v: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(dense(weights, `${name}.h`, v), tf.sigmoid(dense(weights, `${name}.g`, v)))

/** The same of scaled sparse rows. */
export const gatedOfScaled = (weights: Weights, name: string, x: ScaledRows): tf.Tensor2D =>
  tf.mul(denseOfScaled(weights, `${name}.h`, x), tf.sigmoid(denseOfScaled(weights, `${name}.g`, x)))

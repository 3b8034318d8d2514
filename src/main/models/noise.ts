import * as tf from '@tensorflow/tfjs-core'
import type { Random } from '../numeric/random'

/** Where a training step's ε comes from. */
export interface Noise {
  /** Standard normal draws [rows, columns]; they belong to the surrounding `tidy`. */
  normal(rows: number, columns: number): tf.Tensor2D
}

/** Draws that continue from step to step, the same for the same seed. */
export const seededNoise = (random: Random): Noise => ({
  normal: (rows, columns) => tf.tensor2d(random.normal(rows * columns), [rows, columns]),
})

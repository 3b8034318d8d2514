import * as tf from '@tensorflow/tfjs-core'
import { keepEntries, type Csr } from '../numeric/csr'
import type { Random } from '../numeric/random'

/** Where a training step's ε and dropout masks come from. */
export interface Noise {
  /** Standard normal draws [rows, columns]; they belong to the surrounding `tidy`. */
  normal(rows: number, columns: number): tf.Tensor2D
  /** The entries of `csr` that dropout keeps, each with probability `share`. */
  kept(csr: Csr, share: number): Csr
  /** Dropout of a dense tensor [rows, columns]: 1 with probability `share`, else 0; belongs to the surrounding `tidy`. */
  mask(rows: number, columns: number, share: number): tf.Tensor2D
}

/** Noise from one stream that continues from step to step; the same seed gives the same draws. */
export const seededNoise = (random: Random): Noise => ({
  normal: (rows, columns) => tf.tensor2d(random.normal(rows * columns), [rows, columns]),
  kept(csr, share) {
    if (share === 1) return csr
    const draws = random.uniformFloats(csr.offsets[csr.rows] ?? 0, 0, 1)
    return keepEntries(csr, (entry) => (draws[entry] ?? 1) < share)
  },
  mask: (rows, columns, share) => {
    const draws = tf.tensor2d(random.uniformFloats(rows * columns, 0, 1), [rows, columns])
    return tf.cast<tf.Tensor2D>(tf.less(draws, share), 'float32')
  },
})

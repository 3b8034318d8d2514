import * as tf from '@tensorflow/tfjs-core'
import { multiplySparse, sparseRows, type SparseRows } from '../../compute/sparse-rows'
import type { Noise } from '../noise'
import { matrix, vector, type Weights } from './parameters'

export interface InputDropout {
  readonly noise: Noise
  /** Probability that an entry is left out. */
  readonly rate: number
}

/**
 * x̃ W + b, x̃ = x/‖x‖ with dropout: the first layer of the multinomial autoencoders. For binary rows normalising and dropping is the sum of the
 * kept items' rows of W times one number per row, 1/(√n · (1 − rate)) with n the items before dropping: the layer stays sparse. An empty row gives b.
 *
 * @param x [rows, items]
 * @param dropout null at inference
 */
export function denseOfNormalised(
  weights: Weights,
  name: string,
  x: SparseRows,
  dropout: InputDropout | null,
): tf.Tensor2D {
  const share = dropout ? 1 - dropout.rate : 1
  const shown = dropout ? sparseRows(dropout.noise.kept(x.csr, share)) : x
  const { rows, offsets } = x.csr
  const scale = tf.tensor2d(
    Float32Array.from({ length: rows }, (_, r) => {
      const seen = (offsets[r + 1] ?? 0) - (offsets[r] ?? 0)
      return seen === 0 ? 0 : 1 / (Math.sqrt(seen) * share)
    }),
    [rows, 1],
  )
  return tf.add(tf.mul(multiplySparse(shown, matrix(weights, `${name}.W`)), scale), vector(weights, `${name}.b`))
}

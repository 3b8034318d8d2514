import * as tf from '@tensorflow/tfjs-core'
import { multiplySparse, sparseRows, type SparseRows } from '../../compute/sparse-rows'
import type { Noise } from '../noise'
import { matrix, vector, type Weights } from './weights'

export interface InputDropout {
  readonly noise: Noise
  /** Probability that an entry is left out. */
  readonly rate: number
}

/** Binary rows and a factor for each: row r stands for scale[r] · x[r]. */
export interface ScaledRows {
  readonly rows: SparseRows
  /** [rows, 1] */
  readonly scale: tf.Tensor2D
}

/**
 * x̃ = x/‖x‖ with dropout. For binary rows this is the kept entries times one number per row, 1/(√n · (1 − rate)), with n the number of items before
 * dropout, so the input stays sparse. An empty row stays empty.
 *
 * @param x [rows, items]
 * @param dropout null for no dropout
 */
export function normalisedRows(x: SparseRows, dropout: InputDropout | null): ScaledRows {
  const share = dropout ? 1 - dropout.rate : 1
  const { rows, offsets } = x.csr
  const scale = Float32Array.from({ length: rows }, (_, r) => {
    const seen = (offsets[r + 1] ?? 0) - (offsets[r] ?? 0)
    return seen === 0 ? 0 : 1 / (Math.sqrt(seen) * share)
  })
  return {
    rows: dropout ? sparseRows(dropout.noise.kept(x.csr, share)) : x,
    scale: tf.tensor2d(scale, [rows, 1]),
  }
}

/** x W + b for scaled rows: the sum of the entries' rows of W, scaled. With `normalisedRows`, this is the first layer of the multinomial autoencoders. */
export const denseOfScaled = (weights: Weights, name: string, { rows, scale }: ScaledRows): tf.Tensor2D =>
  tf.add(tf.mul(multiplySparse(rows, matrix(weights, `${name}.W`)), scale), vector(weights, `${name}.b`))

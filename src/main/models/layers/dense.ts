import * as tf from '@tensorflow/tfjs-core'
import { product } from '../../compute/matrix-product'
import { multiplySparse, type SparseRows } from '../../compute/sparse-rows'
import { matrix, vector, type Weights } from './weights'

/** x W + b for dense x [rows, inputs] → [rows, outputs]. */
export const dense = (weights: Weights, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  tf.add(product(x, matrix(weights, `${name}.W`)), vector(weights, `${name}.b`))

/** x W + b for binary sparse x [rows, items]: the sum of the seen items' rows of W. */
export const denseOfSeen = (weights: Weights, name: string, x: SparseRows): tf.Tensor2D =>
  tf.add(multiplySparse(x, matrix(weights, `${name}.W`)), vector(weights, `${name}.b`))

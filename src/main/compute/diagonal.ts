import * as tf from '@tensorflow/tfjs-core'
import { attribute, nativeBackend } from './native-ops'

/** A copy of a square matrix [n, n] with this diagonal [n]; the caller disposes it. */
export function withDiagonal(matrix: tf.Tensor2D, diagonal: tf.Tensor): tf.Tensor2D {
  const [n] = matrix.shape
  const backend = nativeBackend()
  if (backend)
    return backend.executeSingleOutput(
      'MatrixSetDiag',
      [attribute.floatType(backend, 'T')],
      [matrix, diagonal],
    ) as tf.Tensor2D
  // Not tensorScatterUpdate, which on the plain backend changes the matrix itself.
  return tf.tidy(() => tf.where<tf.Tensor2D>(tf.cast(tf.eye(n), 'bool'), tf.reshape(diagonal, [1, n]), matrix))
}

/** A copy of a square matrix [n, n] with its diagonal set to exactly 0; the caller disposes it. */
export const withoutDiagonal = (matrix: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => withDiagonal(matrix, tf.zeros([matrix.shape[0]])))

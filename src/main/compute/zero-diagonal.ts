import * as tf from '@tensorflow/tfjs-core'
import { attribute, nativeBackend } from './native-ops'

/** A copy of a square matrix [n, n] with its diagonal set to exactly 0; the caller disposes it. */
export function withoutDiagonal(matrix: tf.Tensor2D): tf.Tensor2D {
  const [n] = matrix.shape
  const backend = nativeBackend()
  if (backend)
    return tf.tidy(
      () =>
        backend.executeSingleOutput(
          'MatrixSetDiag',
          [attribute.floatType(backend, 'T')],
          [matrix, tf.zeros([n])],
        ) as tf.Tensor2D,
    )
  return tf.tidy(() => {
    const diagonal = tf.stack([tf.range(0, n, 1, 'int32'), tf.range(0, n, 1, 'int32')], 1)
    return tf.tensorScatterUpdate<tf.Rank.R2>(matrix, diagonal, tf.zeros([n]))
  })
}

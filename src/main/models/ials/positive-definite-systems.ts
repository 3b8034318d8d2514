import * as tf from '@tensorflow/tfjs-core'
import { attribute, nativeBackend, type NativeBackend } from '../../compute/native-ops'

/**
 * x with matrices[r] · x[r] = right[r] for symmetric positive definite matrices [rows, n, n] and right-hand sides [rows, n], by Cholesky's factorisation
 * A = LLᵀ. A matrix that is not positive definite in float32 gives values that are not finite.
 */
export function solvedSystems(matrices: tf.Tensor3D, right: tf.Tensor2D): tf.Tensor2D {
  const backend = nativeBackend()
  return backend ? byTensorFlow(backend, matrices, right) : inDoublePrecision(matrices, right)
}

const byTensorFlow = (backend: NativeBackend, matrices: tf.Tensor3D, right: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const [rows, n] = right.shape
    const type = attribute.floatType(backend, 'T')
    const lower = backend.executeSingleOutput('Cholesky', [type], [matrices])
    const solved = (b: tf.Tensor, adjoint: boolean): tf.Tensor =>
      backend.executeSingleOutput(
        'MatrixTriangularSolve',
        [attribute.flag(backend, 'lower', true), attribute.flag(backend, 'adjoint', adjoint), type],
        [lower, b],
      )
    return tf.reshape<tf.Rank.R2>(solved(solved(tf.reshape(right, [rows, n, 1]), false), true), [rows, n])
  })

function inDoublePrecision(matrices: tf.Tensor3D, right: tf.Tensor2D): tf.Tensor2D {
  const [rows, n] = right.shape
  const [all, sides] = [matrices.dataSync<'float32'>(), right.dataSync<'float32'>()]
  const x = new Float32Array(rows * n)
  for (let r = 0; r < rows; r++) {
    const matrix = Float64Array.from(all.subarray(r * n * n, (r + 1) * n * n))
    x.set(solved(matrix, Float64Array.from(sides.subarray(r * n, (r + 1) * n)), n), r * n)
  }
  return tf.tensor2d(x, [rows, n])
}

/** Solves one system; the lower half of the matrix [n, n] becomes L, and the right-hand side the solution. */
function solved(matrix: Float64Array, x: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j]!
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j]!
    }
  // L y = b, then Lᵀ x = y.
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= matrix[i * n + k]! * x[k]!
    x[i]! /= matrix[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= matrix[k * n + i]! * x[k]!
    x[i]! /= matrix[i * n + i]!
  }
  return x
}

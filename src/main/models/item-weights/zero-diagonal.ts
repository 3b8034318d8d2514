import * as tf from '@tensorflow/tfjs-core'
import { collectGarbage } from '../../compute/collect-garbage'
import { positiveDefiniteInverse } from '../../compute/positive-definite-inverse'
import { denseRows, sparseRows } from '../../compute/sparse-rows'
import { withDiagonal, withoutDiagonal } from '../../compute/diagonal'
import { rowOf, type Csr } from '../../numeric/csr'
import { fewUsers } from './solution-size'

/** The penalties added to the diagonal of G: one number for all items, or one for each. All above 0. */
export type Penalty = number | Float32Array

/** Keeps the results that the solutions for one training matrix share. */
export interface ZeroDiagonalSolver {
  /** B [items, items] = [source, target]; the caller disposes it. */
  solve(penalty: Penalty): tf.Tensor2D
  dispose(): void
}

/**
 * Solves min ‖X − XB‖² + Σ penalty_i B_ij² subject to diag(B) = 0 for binary X [users, items] by the cheaper way: with P = (XᵀX + Λ)⁻¹, Λ the diagonal
 * matrix of the penalties, B_ij = −P_ij / P_jj (Steck, 2019, eq. 8, for equal penalties; Steck, 2020, for others).
 */
export const zeroDiagonalSolver = (x: Csr): ZeroDiagonalSolver =>
  fewUsers(x.rows, x.columns) ? byUsers(x) : byItems(x)

/** Computes P as in the papers. Keeps G between solutions, and needs three more matrices of its size while it solves. */
export function byItems(x: Csr): ZeroDiagonalSolver {
  const gram = gramTensor(x)
  return { solve: (penalty) => zeroDiagonalWeights(gram, penalty), dispose: () => gram.dispose() }
}

/** G = XᵀX [items, items], held by the backend alone; the caller disposes it. */
export function gramTensor(x: Csr): tf.Tensor2D {
  const gram = tf.tensor2d(gramMatrix(x), [x.columns, x.columns])
  // The first op moves the values to the backend, so that JavaScript's copy, equally large, can be freed.
  diagonalOf(gram).dispose()
  collectGarbage()
  return gram
}

/**
 * By Woodbury's identity PΛ = I − C with C = Λ⁻¹Xᵀ(XΛ⁻¹Xᵀ + I)⁻¹X, so that B_ij = −P_ij / P_jj = C_ij / (1 − C_jj) off the diagonal: the inverse is that of
 * a users × users matrix. C_jj < 1, for 1 − C_jj = Λ_jj P_jj ≥ Λ_jj / (Λ_jj + G_jj). Of equal penalties λ, C = Xᵀ(XXᵀ + λI)⁻¹X, whose XXᵀ all solutions share.
 */
export function byUsers(x: Csr): ZeroDiagonalSolver {
  const dense = tf.tidy(() => denseRows(sparseRows(x)))
  const common = tf.matMul<tf.Tensor2D>(dense, dense, false, true)
  return {
    solve(penalty) {
      const equal = typeof penalty === 'number'
      // C = leftᵀ·right. Only its diagonal is needed before B, and computing C itself would take another matrix of the size of the weights.
      const weights = tf.tidy(() => {
        const left = equal ? dense : tf.div<tf.Tensor2D>(dense, penalty)
        const products = equal ? common : tf.matMul<tf.Tensor2D>(left, dense, false, true)
        const regularised = tf.add<tf.Tensor2D>(products, tf.mul(tf.eye(x.rows), equal ? penalty : 1))
        const right = tf.matMul<tf.Tensor2D>(positiveDefiniteInverse(regularised), dense)
        const diagonal = tf.sum(tf.mul(left, right), 0)
        return tf.matMul<tf.Tensor2D>(left, tf.div<tf.Tensor2D>(right, tf.sub(1, diagonal)), true, false)
      })
      collectGarbage()
      return withZeroDiagonal(weights)
    },
    dispose: () => tf.dispose([dense, common]),
  }
}

/**
 * G = XᵀX [items, items] of binary X, row-major: how many users have both items. Exact in float32 up to 2²⁴ users. Counts pairs from the sparse rows
 * for one triangle and mirrors it.
 */
export function gramMatrix(x: Csr): Float32Array {
  const n = x.columns
  const gram = new Float32Array(n * n)
  for (let user = 0; user < x.rows; user++) {
    const items = rowOf(x, user).toSorted()
    for (let a = 0; a < items.length; a++) {
      const row = (items[a] ?? 0) * n
      for (let b = 0; b <= a; b++) gram[row + items[b]!]!++
    }
  }
  mirror(gram, n)
  return gram
}

/** Rows and columns of a square that stays in the processor's cache. */
const SQUARE = 64

/** Copies what is below the diagonal of a matrix [n, n] to above it, square by square. */
function mirror(matrix: Float32Array, n: number): void {
  for (let top = 0; top < n; top += SQUARE)
    for (let left = 0; left <= top; left += SQUARE)
      for (let i = top; i < Math.min(n, top + SQUARE); i++)
        for (let j = left; j < Math.min(i, left + SQUARE); j++) matrix[j * n + i] = matrix[i * n + j]!
}

/** B_ij = −P_ij / P_jj [items, items] = [source, target] from G, diag(B) = 0; the caller disposes it. */
export function zeroDiagonalWeights(gram: tf.Tensor2D, penalty: Penalty): tf.Tensor2D {
  const regularised = tf.tidy(() => withDiagonal(gram, tf.add(diagonalOf(gram), penalty)))
  const p = positiveDefiniteInverse(regularised)
  collectGarbage()
  const weights = tf.tidy(() => tf.div<tf.Tensor2D>(p, tf.neg(diagonalOf(p))))
  p.dispose()
  return withZeroDiagonal(weights)
}

/** Replaces the weights by a copy with a zero diagonal. */
function withZeroDiagonal(weights: tf.Tensor2D): tf.Tensor2D {
  const without = withoutDiagonal(weights)
  weights.dispose()
  return without
}

/** The diagonal of a square matrix [n, n]: [n]. */
export function diagonalOf(matrix: tf.Tensor2D): tf.Tensor {
  return tf.tidy(() => {
    const every = tf.range(0, matrix.shape[0], 1, 'int32')
    return tf.gatherND(matrix, tf.stack([every, every], 1))
  })
}

import * as tf from '@tensorflow/tfjs-core'
import { collectGarbage } from '../../compute/collect-garbage'
import { withDiagonal, withoutDiagonal } from '../../compute/diagonal'
import { positiveDefiniteInverse } from '../../compute/positive-definite-inverse'
import { denseRows, sparseRows } from '../../compute/sparse-rows'
import type { Csr } from '../../numeric/csr'
import type { ItemWeightsSolver } from '../item-weights/solved-item-weights'
import { diagonalOf, gramTensor } from '../item-weights/zero-diagonal'
import type { SlimSettings } from './definition'
import { fewUsers } from './few-users'

/** P = (G + lI)⁻¹ for G = XᵀX of binary X [users, items]. */
interface Inverse {
  /** [items, items]. */
  readonly p: tf.Tensor2D
  /** P·m; the caller disposes it. */
  readonly times: (m: tf.Tensor2D) => tf.Tensor2D
  dispose(): void
}

/** Computes inverses for one training matrix and keeps what they share. */
interface Inverses {
  of(l: number): Inverse
  dispose(): void
}

/** λ₁ and λ₂. */
interface Candidate {
  readonly label: string
  readonly l1: number
  readonly l2: number
}

/**
 * ADMM SLIM (Steck et al., 2020, algorithm 1): B has the squared error and the zero diagonal, C the L1 norm and the signs, and Γ = ρU makes them
 * agree. Returns C, whose zeros are exact.
 */
export function admmSolver(
  x: Csr,
  { iterations, nonNegative, rhoPerL2 }: Pick<SlimSettings, 'iterations' | 'nonNegative' | 'rhoPerL2'>,
): ItemWeightsSolver<Candidate> {
  // An iteration multiplies two [items, items] matrices, or twice [users, items] with one of them.
  const inverses = fewUsers(x.rows, x.columns) ? byUsers(x) : byItems(x)
  return {
    async solve({ l1, l2 }, reached) {
      const rho = rhoPerL2 * l2
      const inverse = inverses.of(l2 + rho)
      let [c, u] = [tf.zerosLike(inverse.p), tf.zerosLike(inverse.p)]
      try {
        for (let iteration = 0; iteration < iterations; iteration++) {
          const v = target(inverse, c, u, { l: l2 + rho, rho })
          tf.dispose([c, u])
          // The soft threshold: the rest goes into C, the cut-off part into U.
          u = nonNegative ? tf.minimum(v, l1 / rho) : tf.clipByValue(v, -l1 / rho, l1 / rho)
          c = tf.sub<tf.Tensor2D>(v, u)
          v.dispose()
          collectGarbage()
          await reached((iteration + 1) / iterations)
        }
        return tf.clone(c)
      } finally {
        tf.dispose([c, u])
        inverse.dispose()
      }
    },
    dispose: () => inverses.dispose(),
  }
}

/**
 * B + U with diag = 0, where B = P(G + ρ(C − U) − diag(γ)) and γ makes its diagonal 0. PG = I − lP, so that B = I + PM − P diag(γ) with
 * M = ρ(C − U) − lI, and γ_j = (I + PM)_jj / P_jj.
 */
function target(
  { p, times }: Inverse,
  c: tf.Tensor2D,
  u: tf.Tensor2D,
  { l, rho }: { readonly l: number; readonly rho: number },
): tf.Tensor2D {
  const m = tf.tidy(() => withDiagonal(tf.mul(tf.sub(c, u), rho), tf.fill([p.shape[0]], -l)))
  const product = times(m)
  m.dispose()
  const pulled = tf.tidy(() => {
    const gamma = tf.div(tf.add(1, diagonalOf(product)), diagonalOf(p))
    return tf.sub<tf.Tensor2D>(product, tf.mul(p, gamma))
  })
  product.dispose()
  const sum = tf.add<tf.Tensor2D>(pulled, u)
  pulled.dispose()
  const v = withoutDiagonal(sum)
  sum.dispose()
  return v
}

/** Keeps G between the inverses. */
function byItems(x: Csr): Inverses {
  const gram = gramTensor(x)
  return {
    of(l) {
      const p = positiveDefiniteInverse(tf.tidy(() => withDiagonal(gram, tf.add(diagonalOf(gram), l))))
      return { p, times: (m) => tf.matMul(p, m), dispose: () => p.dispose() }
    },
    dispose: () => gram.dispose(),
  }
}

/** By Woodbury's identity lP = I − XᵀKX with K = (XXᵀ + lI)⁻¹ [users, users]. */
function byUsers(x: Csr): Inverses {
  const dense = tf.tidy(() => denseRows(sparseRows(x)))
  const common = tf.matMul<tf.Tensor2D>(dense, dense, false, true)
  return {
    of(l) {
      const kx = tf.tidy(() =>
        tf.matMul<tf.Tensor2D>(positiveDefiniteInverse(tf.add(common, tf.mul(tf.eye(x.rows), l))), dense),
      )
      const p = tf.tidy(() => {
        const xkx = tf.matMul<tf.Tensor2D>(dense, kx, true, false)
        return withDiagonal(tf.div(xkx, -l), tf.div(tf.sub(1, diagonalOf(xkx)), l))
      })
      return {
        p,
        times: (m) => tf.tidy(() => tf.div(tf.sub(m, tf.matMul(dense, tf.matMul(kx, m), true, false)), l)),
        dispose: () => tf.dispose([kx, p]),
      }
    },
    dispose: () => tf.dispose([dense, common]),
  }
}

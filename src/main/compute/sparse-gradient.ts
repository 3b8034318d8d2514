import * as tf from '@tensorflow/tfjs-core'
import { concatRows, type Csr } from '../numeric/csr'
import { transposedProduct } from './sum-of-rows'
import { withoutDiagonal } from './diagonal'

/**
 * The gradient xᵀ · dy [columns, width] of a weight that is multiplied by sparse rows, stored as its two factors. The optimiser's kernel
 * (`VaspSparseStep`) adds it up piece by piece, so that a matrix of the weight's size, almost all zeros, is never written.
 */
export class SparseGradient {
  /**
   * @param x [rows, columns], binary
   * @param dy [rows, width]; the gradient takes ownership
   * @param zeroDiagonal whether the diagonal of xᵀ · dy counts as 0
   */
  constructor(
    readonly x: Csr,
    readonly dy: tf.Tensor2D,
    readonly zeroDiagonal: boolean,
  ) {}

  /** The matrix itself; the caller disposes it. */
  dense(): tf.Tensor2D {
    const matrix = transposedProduct(this.x, this.dy)
    if (!this.zeroDiagonal) return matrix
    const zeroDiagonal = withoutDiagonal(matrix)
    matrix.dispose()
    return zeroDiagonal
  }

  /** The sum with another gradient of the same weight; takes ownership of both. */
  plus(other: SparseGradient): SparseGradient {
    const dy = tf.keep(tf.concat([this.dy, other.dy]))
    this.dispose()
    other.dispose()
    return new SparseGradient(concatRows(this.x, other.x), dy, this.zeroDiagonal)
  }

  dispose(): void {
    this.dy.dispose()
  }
}

/** A gradient from autodiff, or the factors of a sparse one. The receiver disposes it. */
export type Gradient = tf.Tensor | SparseGradient

/** A gradient as a tensor of its weight's shape; the caller disposes it. */
export const denseGradient = (gradient: Gradient): tf.Tensor =>
  gradient instanceof SparseGradient ? gradient.dense() : gradient.clone()

/** g + h; takes ownership of both. */
export function sumOfGradients(g: Gradient, h: Gradient): Gradient {
  if (g instanceof SparseGradient && h instanceof SparseGradient) return g.plus(h)
  const sum = tf.keep(tf.tidy(() => tf.add(denseGradient(g), denseGradient(h))))
  g.dispose()
  h.dispose()
  return sum
}

/**
 * Collects the sparse gradients of `multiplySparse`. On tfjs's own tape such a product depends only on the `probe`; the probe's gradient is not used,
 * but computing it runs the products' backward passes.
 */
export class SparseTape {
  readonly probe = tf.scalar(0)
  readonly #gradients = new Map<tf.Tensor, SparseGradient | null>()

  constructor(weights: readonly tf.Tensor[]) {
    for (const weight of weights) this.#gradients.set(weight, null)
  }

  watches(weight: tf.Tensor): boolean {
    return this.#gradients.has(weight)
  }

  add(weight: tf.Tensor, gradient: SparseGradient): void {
    const before = this.#gradients.get(weight)
    this.#gradients.set(weight, before ? before.plus(gradient) : gradient)
  }

  /** The gradient of a weight; null if no product used the weight. */
  gradientOf(weight: tf.Tensor): SparseGradient | null {
    return this.#gradients.get(weight) ?? null
  }
}

let current: SparseTape | null = null

/** The tape of the current forward pass, if any. */
export const currentSparseTape = (): SparseTape | null => current

/** Records the gradients of the products in `work` on the tape. Like `tidy`, it works only for synchronous functions. */
export function onSparseTape<T>(tape: SparseTape | null, work: () => T): T {
  const before = current
  current = tape
  try {
    return work()
  } finally {
    current = before
  }
}

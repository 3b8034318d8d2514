import * as tf from '@tensorflow/tfjs-core'
import { concatRows, type Csr } from '../numeric/csr'
import { transposedProduct } from './sum-of-rows'
import { withoutDiagonal } from './diagonal'

/**
 * The gradient xᵀ · dy [columns, width] of a weight that sparse rows were multiplied by, held as its two factors: a step adds it up where it
 * stands (`VaspSparseStep`), so that a matrix of the weight's size, nearly all of it zeros, is never written.
 */
export class SparseGradient {
  /**
   * @param x [rows, columns], binary
   * @param dy [rows, width]; belongs to the gradient from now on
   * @param hollow whether the diagonal of xᵀ · dy counts as 0
   */
  constructor(
    readonly x: Csr,
    readonly dy: tf.Tensor2D,
    readonly hollow: boolean,
  ) {}

  /** The matrix itself; the caller disposes it. */
  dense(): tf.Tensor2D {
    const matrix = transposedProduct(this.x, this.dy)
    if (!this.hollow) return matrix
    const hollow = withoutDiagonal(matrix)
    matrix.dispose()
    return hollow
  }

  /** The sum with another gradient of the same weight, of which both become part. */
  plus(other: SparseGradient): SparseGradient {
    const dy = tf.keep(tf.concat([this.dy, other.dy]))
    this.dispose()
    other.dispose()
    return new SparseGradient(concatRows(this.x, other.x), dy, this.hollow)
  }

  dispose(): void {
    this.dy.dispose()
  }
}

/** A gradient as autodiff gives it, or as the factors of a sparse one. Whoever gets one disposes it. */
export type Gradient = tf.Tensor | SparseGradient

/** A gradient as a tensor of its weight's shape; the caller disposes it. */
export const denseGradient = (gradient: Gradient): tf.Tensor =>
  gradient instanceof SparseGradient ? gradient.dense() : gradient.clone()

/** g + h, of which both become part. */
export function sumOfGradients(g: Gradient, h: Gradient): Gradient {
  if (g instanceof SparseGradient && h instanceof SparseGradient) return g.plus(h)
  const sum = tf.keep(tf.tidy(() => tf.add(denseGradient(g), denseGradient(h))))
  g.dispose()
  h.dispose()
  return sum
}

/**
 * Where `multiplySparse` leaves the gradients of some weights. To tfjs's own tape such a product then depends on the `probe` alone, whose gradient
 * is of no interest but has the products' backward passes run.
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

  /** What was left of a weight; null where no product used it. */
  gradientOf(weight: tf.Tensor): SparseGradient | null {
    return this.#gradients.get(weight) ?? null
  }
}

let current: SparseTape | null = null

/** The tape of the forward pass that is running, if it has one. */
export const currentSparseTape = (): SparseTape | null => current

/** Has the products of `work` leave their gradients on the tape. Like `tidy` it holds for synchronous work. */
export function onSparseTape<T>(tape: SparseTape | null, work: () => T): T {
  const before = current
  current = tape
  try {
    return work()
  } finally {
    current = before
  }
}

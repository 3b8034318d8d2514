import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { createParameter, type Parameter } from '../compute/parameter'
import { positiveDefiniteInverse } from '../compute/positive-definite-inverse'
import { multiplySparse, sparseRows } from '../compute/sparse-rows'
import { withoutDiagonal } from '../compute/zero-diagonal'
import { rowOf, type Csr } from '../numeric/csr'
import { LinearWeights } from './linear-weights'
import type { ClosedFormModel, LinearPath, ModelFactory } from './model'
import { easeConfig, numbersOf } from './settings'

const NAME = 'ease.B'

/**
 * EASE (Steck, 2019): P = (XᵀX + λI)⁻¹, B_ij = −P_ij / P_jj, diag(B) = 0; a user's scores are x B.
 * `ease.B` is [source, target]. One candidate per λ; validation chooses among them.
 */
export class Ease implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly paths = []
  readonly candidates: readonly { label: string; lambda: number }[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear: LinearPath
  readonly #weight: Parameter
  /** XᵀX of the data set last solved for: all candidates share it. */
  #gram: { of: Csr; values: Float32Array } | null = null

  constructor(
    readonly items: number,
    lambdas: readonly number[],
  ) {
    this.candidates = lambdas.map((lambda) => ({ label: `λ = ${lambda}`, lambda }))
    this.#weight = createParameter(NAME, tf.zeros([items, items]))
    this.parameters = new Map([[NAME, this.#weight]])
    this.linear = new LinearWeights(this.#weight)
  }

  async fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    const chosen = this.candidates[candidate]
    if (!chosen) throw new RangeError(`EASE has no candidate ${candidate}`)
    progress(0, 2)
    const gram = this.#gram?.of === train ? this.#gram.values : gramMatrix(train)
    this.#gram = candidate < this.candidates.length - 1 ? { of: train, values: gram } : null
    // A cancel arrives only when the event loop gets its turn.
    await nextTurn()
    progress(1, 2)
    tf.tidy(() => this.#weight.assign(easeWeights(gram, this.items, chosen.lambda)))
    progress(2, 2)
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => multiplySparse(sparseRows(histories), this.#weight.read() as tf.Tensor2D))
  }

  parts(): [] {
    return []
  }

  dispose(): void {
    this.#weight.dispose()
  }
}

/** G = XᵀX [items, items] of binary X, row-major: how many users have both items. Exact in float32 up to 2²⁴ users. */
export function gramMatrix(x: Csr): Float32Array {
  const n = x.columns
  const gram = new Float32Array(n * n)
  for (let user = 0; user < x.rows; user++) {
    const items = rowOf(x, user)
    for (const i of items) {
      const row = i * n
      for (const j of items) gram[row + j] = (gram[row + j] ?? 0) + 1
    }
  }
  return gram
}

/** B [items, items] = [source, target] from G. Inside a `tidy`. */
export function easeWeights(gram: Float32Array, items: number, lambda: number): tf.Tensor2D {
  const regularised = gram.slice()
  for (let i = 0; i < items; i++) regularised[i * items + i] = (regularised[i * items + i] ?? 0) + lambda
  const p = positiveDefiniteInverse(tf.tensor2d(regularised, [items, items]))
  const everyItem = tf.range(0, items, 1, 'int32')
  const diagonal = tf.gatherND(p, tf.stack([everyItem, everyItem], 1))
  return withoutDiagonal(tf.neg(tf.div(p, diagonal)))
}

export const create: ModelFactory = (config, items) => new Ease(items, numbersOf(easeConfig.parse(config).lambdas))

import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../../compute/parameter'
import { multiplySparse, sparseRows } from '../../compute/sparse-rows'
import type { Csr } from '../../numeric/csr'
import { easeSolver, type EaseSolver } from './solution'
import type { Built } from '../factory'
import { contributionsBy, onlyParameter } from '../linear-weights'
import type { ClosedFormModel, LinearPath, NamedParameters } from '../model'
import type { EaseSettings } from './definition'

/**
 * EASE (Steck, 2019): P = (XᵀX + λI)⁻¹, B_ij = −P_ij / P_jj, diag(B) = 0; a user's scores are x B.
 * `ease.B` is [source, target]. One candidate per λ; validation chooses among them.
 */
class Ease implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly paths = []
  readonly candidates: readonly { label: string; lambda: number }[]
  readonly items: number
  readonly parameters: NamedParameters
  readonly linear: LinearPath
  readonly #weight: Parameter
  /** Of the training matrix last solved for: all candidates share it. */
  #shared: { of: Csr; solver: EaseSolver } | null = null

  constructor({ lambdas }: EaseSettings, { items, parameters }: Built) {
    this.items = items
    this.candidates = lambdas.map((lambda) => ({ label: `λ = ${lambda}`, lambda }))
    this.parameters = parameters
    this.#weight = onlyParameter(parameters)
    this.linear = { member: null, contributions: contributionsBy(this.#weight) }
  }

  async fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    const chosen = this.candidates[candidate]
    if (!chosen) throw new RangeError(`EASE has no candidate ${candidate}`)
    progress(0, 2)
    const solver = this.#solverOf(train)
    // A cancel arrives only when the event loop gets its turn.
    await nextTurn()
    progress(1, 2)
    const weights = solver.solve(chosen.lambda)
    this.#weight.adopt(weights)
    if (candidate === this.candidates.length - 1) this.#forget()
    progress(2, 2)
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => multiplySparse(sparseRows(histories), this.#weight.read() as tf.Tensor2D))
  }

  parts(): [] {
    return []
  }

  dispose(): void {
    this.#forget()
    this.#weight.dispose()
  }

  #solverOf(train: Csr): EaseSolver {
    if (this.#shared?.of === train) return this.#shared.solver
    this.#forget()
    this.#shared = { of: train, solver: easeSolver(train) }
    return this.#shared.solver
  }

  #forget(): void {
    this.#shared?.solver.dispose()
    this.#shared = null
  }
}

export const create = (settings: EaseSettings, built: Built): ClosedFormModel => new Ease(settings, built)

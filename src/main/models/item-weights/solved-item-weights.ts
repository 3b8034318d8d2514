import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { collectGarbage } from '../../compute/collect-garbage'
import type { Parameter } from '../../compute/parameter'
import { multiplySparse, sparseRows } from '../../compute/sparse-rows'
import type { Csr } from '../../numeric/csr'
import type { Built } from '../factory'
import { contributionsBy, onlyParameter } from '../linear-weights'
import type { ClosedFormModel, LinearSum, NamedParameters } from '../model'

/** Solves for the weights of one training matrix and keeps the results that its candidates share. */
export interface ItemWeightsSolver<Candidate> {
  /**
   * B [items, items] = [source, target]; the caller disposes it. A long solution awaits `reached` with the share that is done; `reached` throws if
   * the job was cancelled.
   */
  solve(candidate: Candidate, reached: (share: number) => Promise<void>): tf.Tensor2D | Promise<tf.Tensor2D>
  dispose(): void
}

/**
 * A linear model with weights between items, solved in closed form: a user's scores are x B. B [items, items] = [source, target] is its only
 * parameter. Validation chooses among the candidates.
 */
export class SolvedItemWeights<Candidate extends { readonly label: string }> implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly members = []
  readonly items: number
  readonly parameters: NamedParameters
  readonly linear: LinearSum
  readonly #weight: Parameter
  /** Of the last training matrix; all candidates share it. */
  #shared: { of: Csr; solver: ItemWeightsSolver<Candidate> } | null = null

  constructor(
    { items, parameters }: Built,
    readonly candidates: readonly Candidate[],
    private readonly solverFor: (train: Csr) => ItemWeightsSolver<Candidate>,
  ) {
    this.items = items
    this.parameters = parameters
    this.#weight = onlyParameter(parameters)
    this.linear = { contributions: contributionsBy(this.#weight) }
  }

  async fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    const chosen = this.candidates[candidate]
    if (!chosen) throw new RangeError(`there is no candidate ${candidate}`)
    // A cancel arrives only while the event loop runs.
    const reached = async (share: number): Promise<void> => {
      await nextTurn()
      progress(1 + share, 2)
    }
    progress(0, 2)
    const solver = this.#solverOf(train)
    await reached(0)
    collectGarbage()
    this.#weight.load(await solver.solve(chosen, reached))
    collectGarbage()
    if (candidate === this.candidates.length - 1) this.#forget()
    progress(2, 2)
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => multiplySparse(sparseRows(histories), this.#weight.read() as tf.Tensor2D))
  }

  memberLogits(): [] {
    return []
  }

  dispose(): void {
    this.#forget()
    this.#weight.dispose()
  }

  #solverOf(train: Csr): ItemWeightsSolver<Candidate> {
    if (this.#shared?.of === train) return this.#shared.solver
    this.#forget()
    this.#shared = { of: train, solver: this.solverFor(train) }
    return this.#shared.solver
  }

  #forget(): void {
    this.#shared?.solver.dispose()
    this.#shared = null
  }
}

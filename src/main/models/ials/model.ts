import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { badInput } from '../../../shared/errors'
import type { Parameter } from '../../compute/parameter'
import { csrFromRows, type Csr } from '../../numeric/csr'
import type { Random } from '../../numeric/random'
import type { Built } from '../factory'
import type { ClosedFormModel, LinearSum, NamedParameters } from '../model'
import { planOf, type Plan } from './block'
import type { IalsSettings } from './definition'
import { itemContributions, inOrder, solvedInBlocks, transposed, type Weighting } from './least-squares'

/** Deviation of the items’ first vectors times the square root of the dimension, as in the paper. */
const FIRST = 0.1

/**
 * iALS (Hu, Koren & Volinsky, 2008, as revisited by Rendle, Krichene, Zhang & Koren, 2021): vectors W of users and H of items that minimise
 *
 *     Σ_{(u,i) observed} (w_u·h_i − 1)² + α₀ Σ_{u,i} (w_u·h_i)² + Σ_u λ_u ‖w_u‖² + Σ_i λ_i ‖h_i‖²
 *
 * by solving for all users and then for all items. One candidate per λ; validation chooses among them.
 *
 * Only `ials.H` [items, dimension] and the λ with which it was solved are stored: the vector of any user, trained on or not, is solved from the
 * history.
 */
class Ials implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly members = []
  readonly candidates: readonly { label: string; lambda: number }[]
  readonly items: number
  readonly parameters: NamedParameters
  readonly linear: LinearSum
  readonly #vectors: Parameter
  readonly #lambda: Parameter
  readonly #random: Random

  constructor(
    private readonly settings: IalsSettings,
    { items, parameters, random }: Built,
  ) {
    this.items = items
    this.candidates = settings.regularisation.map((lambda) => ({ label: `λ = ${lambda}`, lambda }))
    this.parameters = parameters
    this.#vectors = named(parameters, 'ials.H')
    this.#lambda = named(parameters, 'ials.lambda')
    this.#random = random
    this.linear = { contributions: (target, history) => this.#contributions(target, history) }
  }

  async fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    const chosen = this.candidates[candidate]
    if (!chosen) throw new RangeError(`iALS has no candidate ${candidate}`)
    const { epochs, dimension, unobservedWeight, nu } = this.settings
    const weighting = { unobservedWeight, nu, lambda: chosen.lambda }
    const [ofUsers, ofItems] = [planOf(train, dimension), planOf(transposed(train), dimension)]
    const total = epochs * (ofUsers.blocks.length + ofItems.blocks.length)
    let done = 0
    const solved = async (plan: Plan, vectors: tf.Tensor2D): Promise<tf.Tensor2D> => {
      const blocks: tf.Tensor2D[] = []
      try {
        for (const block of solvedInBlocks(plan, vectors, weighting)) {
          blocks.push(block)
          // A cancel arrives only while the event loop runs.
          await nextTurn()
          progress(++done, total)
        }
        return inOrder(blocks, plan)
      } finally {
        tf.dispose(blocks)
      }
    }

    progress(0, total)
    let items = this.#first()
    try {
      for (let epoch = 0; epoch < epochs; epoch++) {
        const users = await solved(ofUsers, items)
        try {
          const next = await solved(ofItems, users)
          items.dispose()
          items = next
        } finally {
          users.dispose()
        }
      }
      await requireFinite(items, chosen.lambda)
      tf.tidy(() => this.#vectors.assign(items))
      tf.tidy(() => this.#lambda.assign(tf.tensor1d([chosen.lambda])))
    } finally {
      items.dispose()
    }
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => {
      const h = this.#vectors.read() as tf.Tensor2D
      const plan = planOf(histories, this.settings.dimension)
      const users = inOrder([...solvedInBlocks(plan, h, this.#weighting())], plan)
      return tf.matMul<tf.Tensor2D>(users, h, false, true)
    })
  }

  memberLogits(): [] {
    return []
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose()
  }

  async #contributions(target: number, history: ArrayLike<number>): Promise<Float32Array> {
    if (history.length === 0) return new Float32Array(0)
    const added = tf.tidy(() =>
      itemContributions(
        csrFromRows([history], this.items),
        target,
        this.#vectors.read() as tf.Tensor2D,
        this.#weighting(),
      ),
    )
    try {
      return Float32Array.from(await added.data<'float32'>())
    } finally {
      added.dispose()
    }
  }

  /** Each candidate begins with the same vectors. */
  #first(): tf.Tensor2D {
    const { dimension } = this.settings
    const deviation = FIRST / Math.sqrt(dimension)
    const drawn = this.#random.fork('ials.H').normal(this.items * dimension)
    return tf.tensor2d(
      drawn.map((draw) => deviation * draw),
      [this.items, dimension],
    )
  }

  #weighting(): Weighting {
    const { unobservedWeight, nu } = this.settings
    const [lambda = Number.NaN] = tf.tidy(() => this.#lambda.read().dataSync<'float32'>())
    return { unobservedWeight, nu, lambda }
  }
}

function named(parameters: NamedParameters, name: string): Parameter {
  const parameter = parameters.get(name)
  if (!parameter) throw new RangeError(`iALS has no parameter ${name}`)
  return parameter
}

/** Throws BAD_INPUT if rounding left a matrix that is not positive definite. */
async function requireFinite(vectors: tf.Tensor2D, lambda: number): Promise<void> {
  const finite = tf.tidy(() => tf.all(tf.isFinite(vectors)))
  try {
    const [all] = await finite.data()
    if (!all)
      throw badInput(
        `With λ = ${lambda} the equations of iALS have no solution in float32.`,
        'Choose a larger λ, or a smaller dimension.',
      )
  } finally {
    finite.dispose()
  }
}

export const create = (settings: IalsSettings, built: Built): ClosedFormModel => new Ials(settings, built)

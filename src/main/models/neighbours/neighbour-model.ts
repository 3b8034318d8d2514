import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { collectGarbage } from '../../compute/collect-garbage'
import type { Parameter } from '../../compute/parameter'
import { entriesByColumn } from '../../compute/sum-of-rows'
import type { Csr } from '../../numeric/csr'
import type { Built } from '../factory'
import type { ClosedFormModel, LinearSum, NamedParameters } from '../model'
import { nearestItems, type Nearness, type NeighbourLists } from './nearest'

/** The candidates among which validation chooses. */
export interface NeighbourCandidate {
  readonly label: string
  /** How many neighbours an item has at most. */
  readonly neighbours: number
}

/** How a candidate weighs pairs of items. */
export interface CandidateNearness extends Nearness {
  /** Candidates with the same name share `userWeights` and `weight`, so consecutive ones reuse the lists. */
  readonly name: string
  /** Multiplies a target's weights; it does not change who its neighbours are. */
  readonly scale: (target: number) => number
}

/**
 * A linear model in which each item has k neighbours: its score is the sum of the weights of those that the history has. Lists and weights stay
 * sparse (`neighbourShapes`); scoring reads the lists once per batch.
 */
export class NeighbourModel<Candidate extends NeighbourCandidate> implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly members = []
  readonly items: number
  readonly parameters: NamedParameters
  readonly linear: LinearSum
  readonly #sources: Parameter
  readonly #weights: Parameter
  /** Of the last candidate; the next one may reuse it. */
  #lists: { of: Csr; name: string; lists: NeighbourLists } | null = null

  constructor(
    { items, parameters }: Built,
    readonly candidates: readonly Candidate[],
    private readonly nearnessFor: (train: Csr, candidate: Candidate) => CandidateNearness,
  ) {
    const [sources, weights] = parameters.values()
    if (!sources || !weights) throw new RangeError('a model of neighbours has their lists and weights as parameters')
    this.items = items
    this.parameters = parameters
    this.#sources = sources
    this.#weights = weights
    this.linear = {
      contributions: async (target, history) => {
        const [own, weightsOfOwn] = await Promise.all([
          this.#row(this.#sources, target),
          this.#row(this.#weights, target),
        ])
        const weightOf = new Map<number, number>()
        // Entries after the last neighbour have index and weight 0.
        own.forEach((source, n) => weightsOfOwn[n] !== 0 && weightOf.set(source, weightsOfOwn[n]!))
        return Float32Array.from(history, (source) => weightOf.get(source) ?? 0)
      },
    }
  }

  async fit(candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    const chosen = this.candidates[candidate]
    if (!chosen) throw new RangeError(`there is no candidate ${candidate}`)
    // The last candidate's arrays.
    collectGarbage()
    const nearness = this.nearnessFor(train, chosen)
    const lists = await this.#listsOf(train, nearness, async (share) => {
      // A cancel arrives only while the event loop runs.
      await nextTurn()
      progress(share, 1)
    })
    const { most } = lists
    // An item without users has no neighbours and perhaps no finite scale.
    const cut = lists.weights.map((weight, at) =>
      weight === 0 || at % most >= chosen.neighbours ? 0 : weight * nearness.scale(Math.floor(at / most)),
    )
    this.#sources.load(tf.tensor2d(new Float32Array(lists.sources), [this.items, most]))
    this.#weights.load(tf.tensor2d(cut, [this.items, most]))
    if (candidate === this.candidates.length - 1) this.#lists = null
    progress(1, 1)
  }

  score(histories: Csr): tf.Tensor2D {
    const { items } = this
    const [sources, weights] = [valuesOf(this.#sources), valuesOf(this.#weights)]
    const [, most = 0] = this.#weights.shape
    const having = entriesByColumn(histories)
    const scores = new Float32Array(histories.rows * items)
    for (let target = 0; target < items; target++)
      for (let n = target * most; n < (target + 1) * most; n++) {
        const weight = weights[n]!
        if (weight === 0) break
        const source = sources[n]!
        for (let e = having.offsets[source]!; e < having.offsets[source + 1]!; e++)
          scores[having.rows[e]! * items + target]! += weight
      }
    return tf.tensor2d(scores, [histories.rows, items])
  }

  memberLogits(): [] {
    return []
  }

  dispose(): void {
    this.#sources.dispose()
    this.#weights.dispose()
  }

  async #listsOf(
    train: Csr,
    nearness: CandidateNearness,
    reached: (share: number) => Promise<void>,
  ): Promise<NeighbourLists> {
    if (this.#lists?.of === train && this.#lists.name === nearness.name) return this.#lists.lists
    const [, most = 0] = this.#weights.shape
    this.#lists = null
    const lists = await nearestItems(train, most, nearness, reached)
    this.#lists = { of: train, name: nearness.name, lists }
    return lists
  }

  /** A target's row of a parameter. */
  async #row(parameter: Parameter, target: number): Promise<Float32Array> {
    const row = tf.tidy(() => tf.slice(parameter.read(), [target, 0], [1, -1]))
    try {
      return Float32Array.from(await row.data<'float32'>())
    } finally {
      row.dispose()
    }
  }
}

/** Not by `tidy`, which looks for tensors among the values and would create a name for each of millions: ten times their memory. */
function valuesOf(parameter: Parameter): Float32Array {
  const value = parameter.read()
  try {
    return value.dataSync<'float32'>()
  } finally {
    value.dispose()
  }
}

import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Csr } from '../numeric/csr'
import { logOfProduct } from './loss'
import type { ClosedFormModel, LinearPath, MemberLogits, Recommender } from './model'

/** A trained model of a product, with its weights loaded. */
export interface TrainedMember {
  /** What tells it from the others, for example `run 3`. */
  readonly label: string
  /** Gives a probability: by itself, or `calibrated`. */
  readonly model: Recommender
  /** Above 0. */
  readonly weight: number
}

/** log f of a model's probability for a batch, [rows, items]. The caller disposes. */
export const logProbability = (model: Recommender, histories: Csr): tf.Tensor2D =>
  tf.tidy(() => logOfProduct(model.parts(histories).flatMap(({ logits }) => logits)))

/** log p = Σ w_m log f_m of models' log probabilities, each [rows, items]. The caller disposes. */
export const weightedSum = (logs: readonly tf.Tensor2D[], weights: readonly number[]): tf.Tensor2D =>
  tf.tidy(() =>
    logs
      .map((log, m): tf.Tensor2D => tf.mul(log, weights[m] ?? Number.NaN))
      .reduce((sum, log) => tf.add<tf.Tensor2D>(sum, log)),
  )

/**
 * The product of models that were trained apart (Vančura & Kordík, 2021, eq. 6 and table II), each to the power of a weight:
 * p = Π f_m^w_m. With all weights 1 it is the paper's pretrained ensemble. Nothing is trained here.
 *
 * Each model's probability is what it is alone, so a multinomial one gives its softmax. It scores by log p = Σ w_m log f_m, in which no small
 * probability is lost; a model that is alone in its product scores as it does outside, so that the lists are the same.
 * Parameters are called `label/parameter`. A member whose name another one has too is told apart by its model's label.
 */
export class ProductOfRuns implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly items: number
  readonly candidates: readonly { label: string }[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly paths: readonly string[]
  readonly linear: LinearPath | null

  constructor(private readonly trained: readonly TrainedMember[]) {
    const [first] = trained
    if (!first || trained.some(({ model }) => model.paths.length === 0))
      throw new RangeError('a product needs models with a probability')
    if (!trained.every(({ weight }) => weight > 0))
      throw new RangeError('the members of a product have weights above 0')
    this.items = first.model.items
    this.candidates = [
      { label: trained.length === 1 ? `${first.label} alone` : `the product of ${trained.length} runs` },
    ]
    this.parameters = new Map(
      trained.flatMap(({ label, model }) =>
        Array.from(model.parameters, ([name, parameter]) => [`${label}/${name}`, parameter] as const),
      ),
    )
    const members = trained.flatMap(({ label, model }) => model.paths.map((path) => ({ label, path })))
    this.paths = members.map(({ label, path }) =>
      members.filter((other) => other.path === path).length > 1 ? `${path} (${label})` : path,
    )
    this.linear = this.#linearOf(members)
  }

  /** The first model's that has one, by the member's name here. */
  #linearOf(members: readonly { readonly label: string; readonly path: string }[]): LinearPath | null {
    for (const { label, model } of this.trained) {
      if (!model.linear) continue
      const named = members.findIndex((other) => other.label === label && other.path === model.linear?.member)
      return { ...model.linear, member: this.paths[named] ?? null }
    }
    return null
  }

  /** Its models are trained and loaded: nothing is left to solve. */
  fit(_candidate: number, _train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    progress(1, 1)
    return Promise.resolve()
  }

  score(histories: Csr): tf.Tensor2D {
    const [first, ...others] = this.trained
    if (first && others.length === 0) return first.model.score(histories)
    return tf.tidy(() =>
      weightedSum(
        this.trained.map(({ model }) => logProbability(model, histories)),
        this.trained.map(({ weight }) => weight),
      ),
    )
  }

  parts(histories: Csr): MemberLogits[] {
    const parts = this.trained.flatMap(({ model, weight }) =>
      model.parts(histories).map(({ logits }) => ({ logits, weight })),
    )
    return parts.map((part, p) => ({ member: this.paths[p] ?? '', ...part }))
  }

  dispose(): void {
    for (const { model } of this.trained) model.dispose()
  }
}

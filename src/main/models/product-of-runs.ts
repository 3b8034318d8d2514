import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Csr } from '../numeric/csr'
import { logOfProduct } from './loss'
import type { ClosedFormModel, LinearScore, MemberLogits, Recommender } from './model'

/** A trained model in a product, with its weights loaded. */
export interface TrainedMember {
  /** Unique in the product, for example `run 3`. */
  readonly label: string
  /** Its score is a probability, by itself or because it is `calibrated`. */
  readonly model: Recommender
  /** Above 0. */
  readonly weight: number
}

/** log f of a model's probability for a batch, [rows, items]. The caller disposes. */
export const logProbability = (model: Recommender, histories: Csr): tf.Tensor2D =>
  tf.tidy(() => logOfProduct(model.memberLogits(histories).flatMap(({ logits }) => logits)))

/** log p = Σ w_m log f_m of models' log probabilities, each [rows, items]. The caller disposes. */
export const weightedSum = (logs: readonly tf.Tensor2D[], weights: readonly number[]): tf.Tensor2D =>
  tf.tidy(() =>
    logs
      .map((log, m): tf.Tensor2D => tf.mul(log, weights[m] ?? Number.NaN))
      .reduce((sum, log) => tf.add<tf.Tensor2D>(sum, log)),
  )

/**
 * The product of models that were trained apart (Vančura & Kordík, 2021, eq. 6 and table II), each to the power of a weight: p = Π f_m^w_m. With all
 * weights 1 it is the paper's pretrained ensemble. Nothing is trained here.
 *
 * Each model's probability is the same as outside the product, so a multinomial model gives its softmax. It scores by log p = Σ w_m log f_m, so that
 * small probabilities are not lost. A product of one model uses that model's own score, so the lists are the same. Parameters are named
 * `label/parameter`. Members of the same name are told apart by the label of their model.
 */
export class ProductOfRuns implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly items: number
  readonly candidates: readonly { label: string }[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly memberNames: readonly string[]
  readonly linear: LinearScore | null

  constructor(private readonly trained: readonly TrainedMember[]) {
    const [first] = trained
    if (!first || trained.some(({ model }) => model.memberNames.length === 0))
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
    const members = trained.flatMap(({ label, model }) => model.memberNames.map((path) => ({ label, path })))
    this.memberNames = members.map(({ label, path }) =>
      members.filter((other) => other.path === path).length > 1 ? `${path} (${label})` : path,
    )
    this.linear = this.#linearOf(members)
  }

  /** The linear score of the first model that has one, with the member's name in this product. */
  #linearOf(members: readonly { readonly label: string; readonly path: string }[]): LinearScore | null {
    for (const { label, model } of this.trained) {
      if (!model.linear) continue
      const named = members.findIndex((other) => other.label === label && other.path === model.linear?.member)
      return { ...model.linear, member: this.memberNames[named] ?? null }
    }
    return null
  }

  /** Does nothing: its models are already trained and loaded. */
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

  memberLogits(histories: Csr): MemberLogits[] {
    const memberLogits = this.trained.flatMap(({ model, weight }) =>
      model.memberLogits(histories).map(({ logits }) => ({ logits, weight })),
    )
    return memberLogits.map((logits, m) => ({ member: this.memberNames[m] ?? '', ...logits }))
  }

  dispose(): void {
    for (const { model } of this.trained) model.dispose()
  }
}

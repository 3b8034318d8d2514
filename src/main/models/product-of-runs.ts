import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Csr } from '../numeric/csr'
import { logOfProduct } from './loss'
import type { ClosedFormModel, LinearSum, MemberLogits, ModelMember, Recommender } from './model'

/** A trained model in a product, with its weights loaded. */
export interface TrainedMember {
  /** Unique in the product, for example `run 3`. */
  readonly label: string
  /** Its score is a probability, by itself or because it is `calibrated`; any score if there is no other member. */
  readonly model: Recommender
  /** Above 0. */
  readonly weight: number
}

/** log p = Σ w_m log f_m of a model's members for a batch, [rows, items]. The caller disposes. */
export const logProbability = (model: Recommender, histories: Csr): tf.Tensor2D =>
  tf.tidy(() =>
    model
      .memberLogits(histories)
      .map(({ logits, weight = 1 }): tf.Tensor2D => {
        const log = logOfProduct(logits)
        return weight === 1 ? log : tf.mul(log, weight)
      })
      .reduce((sum, log) => tf.add<tf.Tensor2D>(sum, log)),
  )

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
 * small probabilities are not lost. A product of one model uses that model's own score, so the lists are the same, and this model needs no probability:
 * without one, it is explained as outside the product. Parameters are named
 * `label/parameter`. Its members are those of its models, each as linear as it is there; those of the same name are told apart by the label of their
 * model.
 */
export class ProductOfRuns implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly items: number
  readonly candidates: readonly { label: string }[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly members: readonly ModelMember[]
  readonly linear: LinearSum | null

  constructor(private readonly trained: readonly TrainedMember[]) {
    const [first] = trained
    if (!first || (trained.length > 1 && trained.some(({ model }) => model.members.length === 0)))
      throw new RangeError('a product needs models with a probability')
    if (!trained.every(({ weight }) => weight > 0))
      throw new RangeError('the members of a product have weights above 0')
    this.items = first.model.items
    this.linear = trained.length === 1 ? first.model.linear : null
    this.candidates = [
      { label: trained.length === 1 ? `${first.label} alone` : `the product of ${trained.length} runs` },
    ]
    this.parameters = new Map(
      trained.flatMap(({ label, model }) =>
        Array.from(model.parameters, ([name, parameter]) => [`${label}/${name}`, parameter] as const),
      ),
    )
    const members = trained.flatMap(({ label, model }) => model.members.map((member) => ({ label, member })))
    this.members = members.map(({ label, member: { name, linear } }) => {
      const isShared = members.filter(({ member }) => member.name === name).length > 1
      return { name: isShared ? `${name} (${label})` : name, linear }
    })
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
      // A product within this one may weigh its members itself: (f^v)^w = f^(v·w).
      model.memberLogits(histories).map(({ logits, weight: own = 1 }) => ({ logits, weight: own * weight })),
    )
    return memberLogits.map((logits, m) => ({ member: this.members[m]?.name ?? '', ...logits }))
  }

  dispose(): void {
    for (const { model } of this.trained) model.dispose()
  }
}

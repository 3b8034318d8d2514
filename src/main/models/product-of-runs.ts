import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Csr } from '../numeric/csr'
import { productOfSigmoids } from './loss'
import type { ClosedFormModel, LinearPath, MemberLogits, Recommender } from './model'

/** A trained model and what tells it from the others, for example `run 3`. */
export interface TrainedModel {
  readonly label: string
  readonly model: Recommender
  /** Fills the model's parameters with its own checkpoint. */
  readonly load: () => Promise<void>
}

/**
 * Pretrained ensemble (Vančura & Kordík, 2021, eq. 6 and table II): models that were trained apart, multiplied at inference. Nothing is trained:
 * its only candidate loads each model's weights. Each model's probability is what it is alone, so a multinomial one gives its softmax.
 *
 * Parameters are called `label/parameter`. A member whose name another one has too is told apart by its model's label.
 */
export class ProductOfRuns implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly items: number
  readonly candidates: readonly { label: string }[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly paths: readonly string[]
  readonly linear: LinearPath | null

  constructor(private readonly trained: readonly TrainedModel[]) {
    const [first] = trained
    if (!first || trained.some(({ model }) => model.paths.length === 0))
      throw new RangeError('a product needs models with a probability')
    this.items = first.model.items
    this.candidates = [{ label: `the product of ${trained.length} runs` }]
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
      const { member, contributions } = model.linear
      const named = members.findIndex((other) => other.label === label && other.path === member)
      return { member: this.paths[named] ?? null, contributions }
    }
    return null
  }

  async fit(_candidate: number, _train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    for (const [index, { load }] of this.trained.entries()) {
      progress(index, this.trained.length)
      await load()
    }
    progress(this.trained.length, this.trained.length)
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => productOfSigmoids(this.parts(histories).flatMap(({ logits }) => logits)))
  }

  parts(histories: Csr): MemberLogits[] {
    const parts = this.trained.flatMap(({ model }) => model.parts(histories))
    return parts.map(({ logits }, p) => ({ member: this.paths[p] ?? '', logits }))
  }

  dispose(): void {
    for (const { model } of this.trained) model.dispose()
  }
}

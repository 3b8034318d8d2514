import * as tf from '@tensorflow/tfjs-core'
import { freeing } from '../compute/freeing'
import { inPrecision, requirePrecision, type Precision } from '../compute/matrix-product'
import { createOptimiser } from '../compute/optimisers/create'
import type { Optimiser } from '../compute/optimisers/optimiser'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import { sparseRows } from '../compute/sparse-rows'
import type { Csr } from '../numeric/csr'
import { differentiate, type Differentiated } from './differentiate'
import type { Built } from './factory'
import { partsOf, StepSum } from './gradient-accumulation'
import { readWeights, type Weights } from './layers/weights'
import { productOfSigmoids, scoreLogits, type ReconstructionLoss } from './loss'
import type { Member, Penalty, TrainingPass } from './member'
import type { LinearPath, LossParts, MemberLogits, NamedParameters, TrainableModel, TrainingBatch } from './model'
import { alone, type Network, type ParameterGroup } from './network'
import { seededNoise, type Noise } from './noise'
import type { Stage } from './settings/stages'

/** Settings of a model that say how its steps are taken. */
export interface StepSettings {
  readonly optimiser: OptimiserName
  /** Into how many parts a step's rows are cut, which are computed one after another; their gradients add up. */
  readonly accumulate: number
  /** Of the products of training steps; scores are computed in float32, so that rounding makes no ties. */
  readonly precision: Precision
}

/** Trains a network by gradient steps, and scores with it. */
export class GradientModel implements TrainableModel {
  readonly training = 'gradient'
  readonly items: number
  readonly parameters: NamedParameters
  readonly linear: LinearPath | null
  readonly paths: readonly string[]
  readonly sweeps: number
  readonly #optimisers = new Map<ParameterGroup, Optimiser>()
  #epoch = 1
  #sweep = 0
  /** Steps done, over all stages. */
  #steps = 0

  /** @param noise ε and dropout masks of training steps */
  constructor(
    readonly network: Network,
    private readonly loss: ReconstructionLoss,
    private readonly settings: StepSettings,
    private readonly noise: Noise,
  ) {
    this.items = network.items
    this.parameters = network.parameters
    this.sweeps = network.sweeps
    const isScore = loss.output === 'identity'
    this.paths = isScore ? [] : network.members
    this.linear = isScore && network.linear ? { ...network.linear, member: null } : network.linear
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => {
      const lists = this.#inference(histories).flatMap(({ logits }) => logits)
      const [only] = lists
      return this.loss.output === 'identity' && only ? only : productOfSigmoids(lists)
    })
  }

  parts(histories: Csr): MemberLogits[] {
    return tf.tidy(() => (this.paths.length === 0 ? [] : this.#inference(histories)))
  }

  /** Each member's lists as its score reads them. */
  #inference(histories: Csr): MemberLogits[] {
    const { members } = this.network.forward(readWeights(this.parameters), sparseRows(histories), null)
    return members.map(({ member, logits }) => ({
      member,
      logits: scoreLogits(this.loss.output, logits) ?? logits,
    }))
  }

  beginStage({ learningRate }: Stage): void {
    requirePrecision(this.settings.precision)
    this.#forgetOptimisers()
    for (const group of this.network.groups) {
      const { rate, epsilon } = group.optimiser ?? { rate: 1, epsilon: undefined }
      const rule = { name: this.settings.optimiser, learningRate: learningRate * rate, epsilon }
      this.#optimisers.set(group, createOptimiser(rule, group.parameters))
    }
    this.network.beginStage()
  }

  endStage(): void {
    this.#forgetOptimisers()
  }

  beginSweep(epoch: number, sweep: number): void {
    this.#epoch = epoch
    this.#sweep = sweep
    this.network.beginSweep(sweep)
  }

  async trainStep(batch: TrainingBatch): Promise<LossParts> {
    return this.step(batch, { noise: this.noise, step: this.#steps++, epoch: this.#epoch, sweep: this.#sweep })
  }

  /** One step that moves what its pass moves; the loss is always that of all. */
  async step(batch: TrainingBatch, pass: TrainingPass): Promise<LossParts> {
    const sum = new StepSum()
    for (const part of partsOf(batch, this.settings.accumulate))
      sum.add(this.differentiate(part.batch, pass, part.share), part.share)
    for (const group of this.#movedIn(pass)) {
      const optimiser = this.#optimisers.get(group)
      if (!optimiser) throw new Error('a step before beginStage')
      optimiser.step(Object.fromEntries(Object.entries(sum.gradients).filter(([name]) => group.parameters.has(name))))
    }
    return sum.losses()
  }

  #movedIn(pass: TrainingPass): ParameterGroup[] {
    return this.network.groups.filter((group) => group.movesIn(pass))
  }

  /**
   * Loss parts of a batch and the gradient of their total with respect to what the pass moves. The caller disposes them.
   *
   * @param share that the batch is of its step: the total and its gradient are multiplied by it
   */
  differentiate(batch: TrainingBatch, pass: TrainingPass, share = 1): Differentiated {
    return freeing(() => {
      const input = sparseRows(batch.input)
      const target = sparseRows(batch.target)
      const all: Weights = new Map([...readWeights(this.parameters), ...readWeights(this.network.frozen)])
      const names = this.#movedIn(pass).flatMap(({ parameters }) => [...parameters.keys()])
      return differentiate(all, names, (weights) => {
        const { members, penalties } = inPrecision(this.settings.precision, () =>
          this.network.forward(weights, input, pass),
        )
        const value = this.loss.of(
          members.flatMap(({ logits }) => logits),
          target,
        )
        const terms: Record<string, Penalty> = { [this.loss.name]: { value, weight: 1 }, ...penalties }
        return Object.fromEntries(
          Object.entries(terms).map(([name, term]) => [name, { value: term.value, weight: term.weight * share }]),
        )
      })
    })
  }

  dispose(): void {
    this.#forgetOptimisers()
    this.network.dispose()
    for (const parameter of this.parameters.values()) parameter.dispose()
  }

  #forgetOptimisers(): void {
    for (const optimiser of this.#optimisers.values()) optimiser.dispose()
    this.#optimisers.clear()
  }
}

/** The model of a network, whose noise is drawn from a stream of the model's own. */
export const trainedBySteps = (
  network: Network,
  loss: ReconstructionLoss,
  settings: StepSettings,
  { random }: Built,
): GradientModel => new GradientModel(network, loss, settings, seededNoise(random.fork('noise')))

/** What a model's folder exports as `create` where it is one member trained alone, by the loss that its settings ask for. */
export const trainedAlone =
  <Settings extends StepSettings>(
    member: (settings: Settings, built: Built) => Member,
    loss: (settings: Settings) => ReconstructionLoss,
  ) =>
  (settings: Settings, built: Built): GradientModel =>
    trainedBySteps(alone(member(settings, built)), loss(settings), settings, built)

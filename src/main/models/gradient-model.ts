import * as tf from '@tensorflow/tfjs-core'
import { freeing } from '../compute/freeing'
import { inPrecision, requirePrecision, type Precision } from '../compute/matrix-product'
import { createOptimiser } from '../compute/optimisers/create'
import type { Optimiser } from '../compute/optimisers/optimiser'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import { sparseRows } from '../compute/sparse-rows'
import type { Csr } from '../numeric/csr'
import type { Random } from '../numeric/random'
import { differentiate, type Differentiated } from './differentiate'
import type { Built } from './factory'
import { microBatches, StepSum } from './gradient-accumulation'
import { readWeights, type Weights } from './layers/weights'
import { productOfSigmoids, scoreLogits, type ReconstructionLoss } from './loss'
import type { Member, Penalty, TrainingPass } from './member'
import type {
  LinearSum,
  LossTerms,
  MemberLogits,
  ModelMember,
  NamedParameters,
  StepNumbers,
  StepState,
  TrainableModel,
  TrainingBatch,
} from './model'
import { alone, type Network, type ParameterGroup } from './network'
import { seededNoise, type Noise } from './noise'
import type { Stage } from './settings/stages'

/** Settings of a model's training steps. */
export interface StepSettings {
  readonly optimiser: OptimiserName
  /** Number of gradient accumulation steps. */
  readonly accumulate: number
  /** Precision of matrix products in training steps. Scores are always computed in float32, so that rounding causes no ties. */
  readonly precision: Precision
}

/** Trains a network by gradient descent and scores with it. */
export class GradientModel implements TrainableModel {
  readonly training = 'gradient'
  readonly items: number
  readonly parameters: NamedParameters
  readonly linear: LinearSum | null
  readonly members: readonly ModelMember[]
  readonly sweeps: number
  readonly #noise: Noise
  readonly #optimisers = new Map<ParameterGroup, Optimiser>()
  #epoch = 1
  #sweep = 0
  /** Number of steps so far, over all stages. */
  #steps = 0

  /** @param random the stream of ε and dropout masks of training steps */
  constructor(
    readonly network: Network,
    private readonly loss: ReconstructionLoss,
    private readonly settings: StepSettings,
    private readonly random: Random,
  ) {
    this.items = network.items
    this.parameters = network.parameters
    this.sweeps = network.sweeps
    this.#noise = seededNoise(random)
    const isScore = loss.output === 'identity'
    this.members = isScore ? [] : network.members
    // An identity has one member, whose only logit is the score.
    this.linear = isScore ? (network.members[0]?.linear ?? null) : null
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => {
      const lists = this.#inference(histories).flatMap(({ logits }) => logits)
      const [only] = lists
      return this.loss.output === 'identity' && only ? only : productOfSigmoids(lists)
    })
  }

  memberLogits(histories: Csr): MemberLogits[] {
    return tf.tidy(() => (this.members.length === 0 ? [] : this.#inference(histories)))
  }

  /** The logits of each member as its score uses them. */
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

  async trainStep(batch: TrainingBatch): Promise<LossTerms> {
    return this.step(batch, { noise: this.#noise, step: this.#steps++, epoch: this.#epoch, sweep: this.#sweep })
  }

  /** One step. It updates the parameters that this pass trains; the loss is always that of the whole model. */
  async step(batch: TrainingBatch, pass: TrainingPass): Promise<LossTerms> {
    const sum = new StepSum()
    for (const microBatch of microBatches(batch, this.settings.accumulate))
      sum.add(this.differentiate(microBatch.batch, pass, microBatch.share), microBatch.share)
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
   * Loss terms of a batch and the gradient of their total with respect to the parameters that the pass trains. The caller disposes them.
   *
   * @param share of this micro-batch in its step; multiplies the total and its gradient
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

  state(): StepState {
    const optimisers = [...this.#optimisers.values()]
    if (optimisers.length === 0) throw new Error('a state before beginStage')
    // Groups of a network may share parameters, each with moments of its own.
    const moments = optimisers.flatMap((optimiser, group) =>
      Array.from(optimiser.moments, ([name, moment]) => [`optimiser ${group}: ${name}`, moment] as const),
    )
    return {
      tensors: new Map([...this.parameters, ...this.network.frozen, ...moments]),
      numbers: {
        steps: this.#steps,
        epoch: this.#epoch,
        sweep: this.#sweep,
        noise: this.random.state(),
        optimisers: optimisers.map(({ steps }) => steps),
      },
    }
  }

  goOnFrom({ steps, epoch, sweep, noise, optimisers }: StepNumbers): void {
    this.#steps = steps
    this.#epoch = epoch
    this.#sweep = sweep
    this.random.goOnFrom(noise)
    for (const [group, optimiser] of [...this.#optimisers.values()].entries()) {
      const made = optimisers[group]
      if (made === undefined) throw new RangeError(`the state has no number of steps for optimiser ${group}`)
      optimiser.goOnAfter(made)
    }
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

/** The model of a network. Its noise comes from the model's own stream. */
export const trainedBySteps = (
  network: Network,
  loss: ReconstructionLoss,
  settings: StepSettings,
  { random }: Built,
): GradientModel => new GradientModel(network, loss, settings, random.fork('noise'))

/** `create` for a folder whose model is a single member, trained by the loss in its settings. */
export const trainedAlone =
  <Settings extends StepSettings>(
    member: (settings: Settings, built: Built) => Member,
    loss: (settings: Settings) => ReconstructionLoss,
  ) =>
  (settings: Settings, built: Built): GradientModel =>
    trainedBySteps(alone(member(settings, built)), loss(settings), settings, built)

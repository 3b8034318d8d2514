import * as tf from '@tensorflow/tfjs-core'
import { createOptimiser, type Optimiser } from '../compute/optimisers/optimiser'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import type { Parameter } from '../compute/parameter'
import { sparseRows } from '../compute/sparse-rows'
import type { Csr } from '../numeric/csr'
import { differentiate, type Differentiated } from './differentiate'
import { readWeights } from './layers/parameters'
import { productOfSigmoids, type ReconstructionLoss } from './loss'
import type { Member } from './member'
import type { LinearPath, LossParts, MemberLogits, Stage, TrainableModel, TrainingBatch } from './model'
import type { Noise } from './noise'

export interface HadamardSettings {
  readonly loss: ReconstructionLoss
  readonly optimiser: OptimiserName
  /** ε of training steps. */
  readonly noise: Noise
  /** Members that step otherwise than the stage says: a multiple of its learning rate, and their own ε. */
  readonly steps?: Readonly<Partial<Record<Member['name'], { readonly rate: number; readonly epsilon: number }>>>
}

/**
 * The paper's idea in general (eq. 6–7): the element-wise product of n members' probabilities. A member gives a list of logits, so the
 * ensemble's probability is the product of the sigmoids of all of them, and one loss trains it whatever its members are.
 */
export class HadamardModel implements TrainableModel {
  readonly training = 'gradient'
  readonly items: number
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear: LinearPath | null
  /** One for each member: in alternating training each has its own moments and its own step counter. */
  readonly #optimisers = new Map<Member, Optimiser>()

  constructor(
    readonly members: readonly Member[],
    private readonly settings: HadamardSettings,
  ) {
    const [first] = members
    if (!first) throw new RangeError('an ensemble needs a member')
    this.items = first.items
    this.parameters = new Map(members.flatMap((member) => [...member.parameters]))
    this.linear = members.find((member) => member.linear)?.linear ?? null
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => productOfSigmoids(this.parts(histories).flatMap(({ logits }) => logits)))
  }

  parts(histories: Csr): MemberLogits[] {
    return tf.tidy(() => {
      const input = sparseRows(histories)
      return this.members.map((member) => ({
        member: member.name,
        logits: member.forward(readWeights(member.parameters), input, null).logits,
      }))
    })
  }

  beginStage({ learningRate }: Stage): void {
    this.#forgetOptimisers()
    for (const member of this.members) {
      const own = this.settings.steps?.[member.name]
      const rate = learningRate * (own?.rate ?? 1)
      this.#optimisers.set(member, createOptimiser(this.settings.optimiser, rate, member.parameters, own?.epsilon))
    }
  }

  async trainStep(batch: TrainingBatch): Promise<LossParts> {
    return this.step(batch, this.members, this.settings.noise)
  }

  /** One step that moves only the `trained` members; the loss is always the whole ensemble's. */
  async step(batch: TrainingBatch, trained: readonly Member[], noise: Noise): Promise<LossParts> {
    const { losses, gradients } = this.differentiate(batch, trained, noise)
    for (const member of trained) {
      const optimiser = this.#optimisers.get(member)
      if (!optimiser) throw new Error('a step before beginStage')
      optimiser.step(gradients)
    }
    tf.dispose(gradients)
    return readLosses(losses)
  }

  /** Loss parts of a batch and the gradient of their total with respect to the trained members' parameters. The caller disposes them. */
  differentiate(batch: TrainingBatch, trained: readonly Member[], noise: Noise): Differentiated {
    return tf.tidy(() => {
      const input = sparseRows(batch.input)
      const target = sparseRows(batch.target)
      const all = readWeights(this.parameters)
      const names = trained.flatMap((member) => [...member.parameters.keys()])
      return differentiate(all, names, (weights) => {
        const outputs = this.members.map((member) => member.forward(weights, input, noise))
        const logits = outputs.flatMap((output) => output.logits)
        const { loss } = this.settings
        const parts: Record<string, tf.Scalar> = { [loss.name]: loss.of(logits, target) }
        for (const { penalties } of outputs) Object.assign(parts, penalties)
        return parts
      })
    })
  }

  dispose(): void {
    this.#forgetOptimisers()
    for (const parameter of this.parameters.values()) parameter.dispose()
  }

  #forgetOptimisers(): void {
    for (const optimiser of this.#optimisers.values()) optimiser.dispose()
    this.#optimisers.clear()
  }
}

export const hadamard = (members: readonly Member[], settings: HadamardSettings): HadamardModel =>
  new HadamardModel(members, settings)

/** Reads the scalars and disposes them. */
async function readLosses(losses: Differentiated['losses']): Promise<LossParts> {
  const read: Record<string, number> = {}
  for (const [name, loss] of Object.entries(losses)) {
    read[name] = (await loss.data())[0] ?? Number.NaN
    loss.dispose()
  }
  return { ...read, total: read.total ?? Number.NaN }
}

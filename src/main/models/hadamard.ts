import * as tf from '@tensorflow/tfjs-core'
import { freeing } from '../compute/freeing'
import { createOptimiser } from '../compute/optimisers/create'
import type { Optimiser } from '../compute/optimisers/optimiser'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import { inPrecision, requirePrecision, type Precision } from '../compute/matrix-product'
import type { Parameter } from '../compute/parameter'
import { sparseRows } from '../compute/sparse-rows'
import type { Csr } from '../numeric/csr'
import { differentiate, type Differentiated } from './differentiate'
import { partsOf, StepSum } from './gradient-accumulation'
import { readWeights } from './layers/parameters'
import { productOfSigmoids, scoreLogits, type ReconstructionLoss } from './loss'
import type { Member, MemberOutput, Penalty, TrainingPass } from './member'
import type { LinearPath, LossParts, MemberLogits, Stage, TrainableModel, TrainingBatch } from './model'
import type { Noise } from './noise'

export interface HadamardSettings {
  readonly loss: ReconstructionLoss
  readonly optimiser: OptimiserName
  /** ε and dropout masks of training steps. */
  readonly noise: Noise
  /** Into how many parts a step's rows are cut, which are computed one after another; their gradients add up. 1 where it does not say. */
  readonly parts?: number
  /** Of the products of training steps; scores are computed in float32, so that rounding makes no ties. */
  readonly precision?: Precision
  /** `alternating`: each step freezes all members but one, in turn. Without it every step moves all. */
  readonly turns?: 'joint' | 'alternating'
  /** Members that step otherwise than the stage says: a multiple of its learning rate, and their own ε. */
  readonly steps?: Readonly<Partial<Record<Member['name'], { readonly rate: number; readonly epsilon: number }>>>
  /** Whether parameters are called `member.parameter`, which keeps any members apart; else by the parameter's own name. */
  readonly namedByMember?: boolean
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
  readonly paths: readonly string[]
  readonly sweeps: number
  /** One for all that moves together of a member: each has its own moments and its own step counter. */
  readonly #optimisers = new Map<ReadonlyMap<string, Parameter>, Optimiser>()
  #epoch = 1
  #sweep = 0
  /** Steps done, over all stages. */
  #steps = 0

  constructor(
    readonly members: readonly Member[],
    private readonly settings: HadamardSettings,
  ) {
    const [first] = members
    if (!first) throw new RangeError('an ensemble needs a member')
    this.items = first.items
    this.parameters = new Map(
      members.flatMap((member) =>
        [...member.parameters].map(([name, parameter]) => [this.#fullName(member, name), parameter] as const),
      ),
    )
    // A member with fewer sweeps than another begins again with its first.
    this.sweeps = Math.max(...members.map(({ sweeps }) => sweeps?.length ?? 1))
    this.linear = members.find((member) => member.linear)?.linear ?? null
    this.paths = settings.loss.output === 'identity' ? [] : members.map(({ name }) => name)
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => {
      const lists = this.#inference(histories).flatMap(({ logits }) => logits)
      const [only] = lists
      return this.settings.loss.output === 'identity' && only ? only : productOfSigmoids(lists)
    })
  }

  parts(histories: Csr): MemberLogits[] {
    return tf.tidy(() => (this.paths.length === 0 ? [] : this.#inference(histories)))
  }

  /** Each member's lists as its score reads them. */
  #inference(histories: Csr): MemberLogits[] {
    const input = sparseRows(histories)
    return this.members.map((member) => {
      const { logits } = member.forward(readWeights(member.parameters), input, null)
      return { member: member.name, logits: scoreLogits(this.settings.loss.output, logits) ?? logits }
    })
  }

  beginStage({ learningRate }: Stage): void {
    requirePrecision(this.settings.precision ?? 'float32')
    this.#forgetOptimisers()
    for (const member of this.members) {
      const own = this.settings.steps?.[member.name]
      const rate = learningRate * (own?.rate ?? 1)
      for (const moved of new Set(member.sweeps ?? [member.parameters]))
        this.#optimisers.set(moved, createOptimiser(this.settings.optimiser, rate, moved, own?.epsilon))
      member.beginStage?.()
    }
  }

  endStage(): void {
    this.#forgetOptimisers()
  }

  beginSweep(epoch: number, sweep: number): void {
    this.#epoch = epoch
    this.#sweep = sweep
    for (const member of this.members) member.beginSweep?.(sweep % (member.sweeps?.length ?? 1))
  }

  /** Those of a member's parameters that the current sweep moves. */
  #movedOf({ sweeps, parameters }: Member): ReadonlyMap<string, Parameter> {
    return sweeps?.[this.#sweep % sweeps.length] ?? parameters
  }

  async trainStep(batch: TrainingBatch): Promise<LossParts> {
    const pass = { noise: this.settings.noise, step: this.#steps++, epoch: this.#epoch }
    return this.step(batch, this.#trainedIn(pass.step), pass)
  }

  /** The members that a step moves: all, or one after another from the last to the first, so that VASP begins with NEASE. */
  #trainedIn(step: number): readonly Member[] {
    if (this.settings.turns !== 'alternating') return this.members
    const last = this.members.length - 1
    return this.members.slice(last - (step % this.members.length)).slice(0, 1)
  }

  /** One step that moves only the `trained` members; the loss is always the whole ensemble's. */
  async step(batch: TrainingBatch, trained: readonly Member[], pass: TrainingPass): Promise<LossParts> {
    const sum = new StepSum()
    for (const part of partsOf(batch, this.settings.parts ?? 1))
      sum.add(this.differentiate(part.batch, trained, pass, part.share), part.share)
    for (const member of trained) {
      const optimiser = this.#optimisers.get(this.#movedOf(member))
      if (!optimiser) throw new Error('a step before beginStage')
      optimiser.step(Object.fromEntries(this.#ownOf(member, new Map(Object.entries(sum.gradients)))))
    }
    return sum.losses()
  }

  /**
   * Loss parts of a batch and the gradient of their total with respect to what this sweep moves of the trained members. The caller disposes them.
   *
   * @param share that the batch is of its step: the total and its gradient are multiplied by it
   */
  differentiate(batch: TrainingBatch, trained: readonly Member[], pass: TrainingPass, share = 1): Differentiated {
    const precision = this.settings.precision ?? 'float32'
    return freeing(() => {
      const input = sparseRows(batch.input)
      const target = sparseRows(batch.target)
      const all = readWeights(this.parameters)
      const names = trained.flatMap((member) =>
        [...this.#movedOf(member).keys()].map((name) => this.#fullName(member, name)),
      )
      return differentiate(all, names, (weights) => {
        const outputs = inPrecision(precision, () =>
          this.members.map((member) => member.forward(this.#ownOf(member, weights), input, pass)),
        )
        const { loss } = this.settings
        const value = loss.of(
          outputs.flatMap(({ logits }) => logits),
          target,
        )
        const all: Record<string, Penalty> = { [loss.name]: { value, weight: 1 }, ...this.#penalties(outputs) }
        return Object.fromEntries(
          Object.entries(all).map(([name, { value, weight }]) => [name, { value, weight: weight * share }]),
        )
      })
    })
  }

  /** All members' penalties by name; those of one name that several members have get the member's name before it. */
  #penalties(outputs: readonly MemberOutput[]): Record<string, Penalty> {
    const named = outputs.flatMap(({ penalties }, m) =>
      Object.entries(penalties).map(([name, penalty]) => ({ member: this.members[m]?.name, name, penalty })),
    )
    const shared = (name: string): boolean => named.filter((other) => other.name === name).length > 1
    return Object.fromEntries(
      named.map(({ member, name, penalty }) => [shared(name) ? `${member} ${name}` : name, penalty]),
    )
  }

  #fullName(member: Member, name: string): string {
    return this.settings.namedByMember ? `${member.name}.${name}` : name
  }

  /** What belongs to a member's parameters (weights, gradients), by the names that the member has for them. */
  #ownOf<T>(member: Member, values: ReadonlyMap<string, T>): Map<string, T> {
    const own = [...member.parameters.keys()].map((name) => [name, values.get(this.#fullName(member, name))] as const)
    return new Map(own.flatMap(([name, value]) => (value ? [[name, value] as const] : [])))
  }

  dispose(): void {
    this.#forgetOptimisers()
    for (const member of this.members) member.dispose?.()
    for (const parameter of this.parameters.values()) parameter.dispose()
  }

  #forgetOptimisers(): void {
    for (const optimiser of this.#optimisers.values()) optimiser.dispose()
    this.#optimisers.clear()
  }
}

export const hadamard = (members: readonly Member[], settings: HadamardSettings): HadamardModel =>
  new HadamardModel(members, settings)

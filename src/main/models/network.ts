import type { SparseRows } from '../compute/sparse-rows'
import type { OptimiserOptions } from './definition'
import type { Weights } from './layers/weights'
import type { Member, Penalty, TrainingPass } from './member'
import type { MemberLogits, ModelMember, NamedParameters } from './model'

/** Parameters that one optimiser updates, with its own moments and its own step counter. */
export interface ParameterGroup {
  /** The member that they belong to. */
  readonly member: string
  /** By their names in the network. */
  readonly parameters: NamedParameters
  /** Null: the optimiser of the stage. */
  readonly optimiser: OptimiserOptions | null
  movesIn(pass: Pick<TrainingPass, 'step' | 'sweep'>): boolean
}

export interface NetworkOutput {
  readonly members: readonly MemberLogits[]
  readonly penalties: Readonly<Record<string, Penalty>>
}

/** A model that gradient descent can train: a single member or a product (`product.ts`). `GradientModel` trains either. */
export interface Network {
  readonly items: number
  /** The parameters in a checkpoint. */
  readonly parameters: NamedParameters
  /** Weights that steps read but do not train. */
  readonly frozen: NamedParameters
  readonly groups: readonly ParameterGroup[]
  /** In the order of the logits of `forward`. */
  readonly members: readonly ModelMember[]
  /** Sweeps over the training users in one epoch. */
  readonly sweeps: number
  /** Like `Member.forward`, for all members. */
  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): NetworkOutput
  beginStage(): void
  beginSweep(sweep: number): void
  /** Frees everything except the parameters. */
  dispose(): void
}

/** A single member as a network: parameter names stay the same. */
export const alone = (member: Member): Network => ({
  items: member.items,
  parameters: member.parameters,
  get frozen() {
    return member.frozen ?? new Map()
  },
  groups: groupsOf(member),
  members: [describedMember(member)],
  sweeps: sweepsOf(member),
  forward(weights, input, pass) {
    const { logits, penalties } = member.forward(weights, input, pass)
    return { members: [{ member: member.kind, logits }], penalties }
  },
  beginStage: () => member.beginStage?.(),
  beginSweep: (sweep) => member.beginSweep?.(sweep),
  dispose: () => member.dispose?.(),
})

/** What a model tells of a member. */
export const describedMember = ({ kind, contributions }: Member): ModelMember => ({
  name: kind,
  linear: contributions ? { contributions } : null,
})

/** One group for all parameters that a member trains together. A member with fewer sweeps than the epoch starts over with its first. */
export const groupsOf = ({ kind, parameters, sweeps }: Member): ParameterGroup[] =>
  Array.from(new Set(sweeps ?? [parameters]), (moved) => ({
    member: kind,
    parameters: moved,
    optimiser: null,
    movesIn: ({ sweep }) => !sweeps || sweeps[sweep % sweeps.length] === moved,
  }))

export const sweepsOf = ({ sweeps }: Member): number => sweeps?.length ?? 1

import type { SparseRows } from '../compute/sparse-rows'
import type { OptimiserOptions } from './definition'
import type { Weights } from './layers/weights'
import type { Member, Penalty, TrainingPass } from './member'
import type { LinearPath, MemberLogits, NamedParameters } from './model'

/** Parameters that one optimiser moves, with its own moments and its own step counter. */
export interface ParameterGroup {
  /** Whose they are. */
  readonly member: string
  /** By the names that the network has for them. */
  readonly parameters: NamedParameters
  /** Null: as the stage says. */
  readonly optimiser: OptimiserOptions | null
  movesIn(pass: Pick<TrainingPass, 'step' | 'sweep'>): boolean
}

export interface NetworkOutput {
  readonly members: readonly MemberLogits[]
  readonly penalties: Readonly<Record<string, Penalty>>
}

/** What gradient steps train: a member alone, or a product of several (`product.ts`). `GradientModel` steps either. */
export interface Network {
  readonly items: number
  /** What a checkpoint holds. */
  readonly parameters: NamedParameters
  /** What steps read and do not move. */
  readonly frozen: NamedParameters
  readonly groups: readonly ParameterGroup[]
  /** Names of the members whose logits `forward` gives, in its order. */
  readonly members: readonly string[]
  readonly linear: LinearPath | null
  /** Sweeps over the training users of which one epoch consists. */
  readonly sweeps: number
  /** As `Member.forward`, of all members. */
  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): NetworkOutput
  beginStage(): void
  beginSweep(sweep: number): void
  /** Frees what is not among the parameters. */
  dispose(): void
}

/** A member that is trained alone: its names are the network's. */
export const alone = (member: Member): Network => ({
  items: member.items,
  parameters: member.parameters,
  get frozen() {
    return member.frozen ?? new Map()
  },
  groups: groupsOf(member),
  members: [member.kind],
  linear: member.contributions ? { member: member.kind, contributions: member.contributions } : null,
  sweeps: sweepsOf(member),
  forward(weights, input, pass) {
    const { logits, penalties } = member.forward(weights, input, pass)
    return { members: [{ member: member.kind, logits }], penalties }
  },
  beginStage: () => member.beginStage?.(),
  beginSweep: (sweep) => member.beginSweep?.(sweep),
  dispose: () => member.dispose?.(),
})

/** One group for all parameters that a member moves together. A member with fewer sweeps than the epoch has begins again with its first. */
export const groupsOf = ({ kind, parameters, sweeps }: Member): ParameterGroup[] =>
  Array.from(new Set(sweeps ?? [parameters]), (moved) => ({
    member: kind,
    parameters: moved,
    optimiser: null,
    movesIn: ({ sweep }) => !sweeps || sweeps[sweep % sweeps.length] === moved,
  }))

export const sweepsOf = ({ sweeps }: Member): number => sweeps?.length ?? 1

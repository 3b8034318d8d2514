import type { OptimiserOptions } from './definition'
import type { Weights } from './layers/weights'
import type { Member, MemberOutput, Penalty, TrainingPass } from './member'
import type { NamedParameters } from './model'
import { describedMember, groupsOf, sweepsOf, type Network, type ParameterGroup } from './network'

/** A member with its options in the product. */
export interface ProductMember {
  readonly member: Member
  /** Prefix of its parameters' names, unique in the product. */
  readonly prefix: string
  readonly optimiser: OptimiserOptions | null
}

/**
 * The paper's idea in general (eq. 6–7): the element-wise product of n members' probabilities. A member gives a list of logits, so the product's
 * probability is the product of the sigmoids of all of them, and one loss trains it whatever its members are.
 *
 * @param training `alternating`: each step freezes all members but one, in turn from the last to the first, as the paper begins with the shallow one
 */
export function productOf(members: readonly ProductMember[], training: 'joint' | 'alternating'): Network {
  const [first] = members
  if (!first) throw new RangeError('a product needs a member')
  const all = (of: (member: Member) => NamedParameters): NamedParameters =>
    new Map(members.flatMap(({ member, prefix }) => [...named(prefix, of(member))]))
  return {
    items: first.member.items,
    parameters: all(({ parameters }) => parameters),
    get frozen() {
      return all(({ frozen }) => frozen ?? new Map())
    },
    groups: members.flatMap((own, m) => {
      const step = members.length - 1 - m
      return groupsOf(own.member).map((group): ParameterGroup => ({
        ...group,
        parameters: named(own.prefix, group.parameters),
        optimiser: own.optimiser,
        movesIn: (pass) =>
          (training === 'joint' || pass.step % members.length === step) && group.movesIn(sweepOf(own.member, pass)),
      }))
    }),
    members: members.map(({ member }) => describedMember(member)),
    sweeps: Math.max(...members.map(({ member }) => sweepsOf(member))),
    forward(weights, input, pass) {
      const outputs = members.map(({ member, prefix }) =>
        member.forward(ownOf(member, prefix, weights), input, pass && sweepOf(member, pass)),
      )
      return {
        members: outputs.map(({ logits }, m) => ({ member: members[m]?.member.kind ?? '', logits })),
        penalties: penaltiesOf(members, outputs),
      }
    },
    beginStage() {
      for (const { member } of members) member.beginStage?.()
    },
    beginSweep(sweep) {
      for (const { member } of members) member.beginSweep?.(sweep % sweepsOf(member))
    },
    dispose() {
      for (const { member } of members) member.dispose?.()
    },
  }
}

const named = (prefix: string, parameters: NamedParameters): NamedParameters =>
  new Map(Array.from(parameters, ([name, parameter]) => [`${prefix}${name}`, parameter]))

/** The pass for a member that has fewer sweeps than the epoch. */
const sweepOf = <Pass extends Pick<TrainingPass, 'sweep'>>(member: Member, pass: Pass): Pass => ({
  ...pass,
  sweep: pass.sweep % sweepsOf(member),
})

/** A member's weights by their names in the member. */
function ownOf({ parameters, frozen }: Member, prefix: string, weights: Weights): Weights {
  const names = [...parameters.keys(), ...(frozen?.keys() ?? [])]
  return new Map(
    names.flatMap((name) => {
      const weight = weights.get(`${prefix}${name}`)
      return weight ? [[name, weight] as const] : []
    }),
  )
}

/** All members' penalties by name; if several members use the same name, the member's name is put before it. */
function penaltiesOf(members: readonly ProductMember[], outputs: readonly MemberOutput[]): Record<string, Penalty> {
  const penalties = outputs.flatMap((output, m) =>
    Object.entries(output.penalties).map(([name, penalty]) => ({ kind: members[m]?.member.kind ?? '', name, penalty })),
  )
  const shared = (name: string): boolean => penalties.filter((other) => other.name === name).length > 1
  return Object.fromEntries(
    penalties.map(({ kind, name, penalty }) => [shared(name) ? `${kind} ${name}` : name, penalty]),
  )
}

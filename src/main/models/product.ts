import type { OptimiserOptions } from './definition'
import type { Weights } from './layers/weights'
import type { Member, MemberOutput, Penalty, TrainingPass } from './member'
import type { NamedParameters } from './model'
import { groupsOf, sweepsOf, type Network, type ParameterGroup } from './network'

/** A member, and what is its own within the product. */
export interface ProductMember {
  readonly member: Member
  /** Put before the names of its parameters, which keeps those of any members apart. */
  readonly prefix: string
  readonly optimiser: OptimiserOptions | null
}

/**
 * The paper's idea in general (eq. 6–7): the element-wise product of n members' probabilities. A member gives a list of logits, so the product's
 * probability is the product of the sigmoids of all of them, and one loss trains it whatever its members are.
 *
 * @param training `alternating`: each step freezes all members but one, in turn from the last to the first, so that VASP begins with its shallow path
 */
export function productOf(members: readonly ProductMember[], training: 'joint' | 'alternating'): Network {
  const [first] = members
  if (!first) throw new RangeError('a product needs a member')
  const all = (of: (member: Member) => NamedParameters): NamedParameters =>
    new Map(members.flatMap(({ member, prefix }) => [...named(prefix, of(member))]))
  const linear = members.find(({ member }) => member.contributions)?.member
  return {
    items: first.member.items,
    parameters: all(({ parameters }) => parameters),
    get frozen() {
      return all(({ frozen }) => frozen ?? new Map())
    },
    groups: members.flatMap((own, m) => {
      const turn = members.length - 1 - m
      return groupsOf(own.member).map((group): ParameterGroup => ({
        ...group,
        parameters: named(own.prefix, group.parameters),
        optimiser: own.optimiser,
        movesIn: (pass) =>
          (training === 'joint' || pass.step % members.length === turn) && group.movesIn(sweepOf(own.member, pass)),
      }))
    }),
    members: members.map(({ member }) => member.kind),
    linear: linear?.contributions ? { member: linear.kind, contributions: linear.contributions } : null,
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

/** The pass as a member sees it that has fewer sweeps than the epoch. */
const sweepOf = <Pass extends Pick<TrainingPass, 'sweep'>>(member: Member, pass: Pass): Pass => ({
  ...pass,
  sweep: pass.sweep % sweepsOf(member),
})

/** A member's weights by the names that it has for them. */
function ownOf({ parameters, frozen }: Member, prefix: string, weights: Weights): Weights {
  const names = [...parameters.keys(), ...(frozen?.keys() ?? [])]
  return new Map(
    names.flatMap((name) => {
      const weight = weights.get(`${prefix}${name}`)
      return weight ? [[name, weight] as const] : []
    }),
  )
}

/** All members' penalties by name; those of one name that several members have get the member's name before it. */
function penaltiesOf(members: readonly ProductMember[], outputs: readonly MemberOutput[]): Record<string, Penalty> {
  const penalties = outputs.flatMap((output, m) =>
    Object.entries(output.penalties).map(([name, penalty]) => ({ kind: members[m]?.member.kind ?? '', name, penalty })),
  )
  const shared = (name: string): boolean => penalties.filter((other) => other.name === name).length > 1
  return Object.fromEntries(
    penalties.map(({ kind, name, penalty }) => [shared(name) ? `${kind} ${name}` : name, penalty]),
  )
}

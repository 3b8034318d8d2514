import type { RecommendedItem } from '../../../shared/explore'

/** The colour and name of one member of a product, the same in lists, bars and equations. */
export interface MemberLook {
  readonly title: string
  /** The symbol of its probability in equations. */
  readonly symbol: string
  readonly fill: string
  readonly text: string
}

/** The colour of the first linear member, and of the contributions to a score that is linear itself. */
export const linearColour = { fill: 'bg-linear', text: 'text-linear' }
const others = [
  { fill: 'bg-deep', text: 'text-deep' },
  { fill: 'bg-member-1', text: 'text-member-1' },
  { fill: 'bg-member-2', text: 'text-member-2' },
  { fill: 'bg-member-3', text: 'text-member-3' },
  { fill: 'bg-member-4', text: 'text-member-4' },
] as const

type Factor = Pick<RecommendedItem['factors'][number], 'member' | 'title' | 'linear'>

/**
 * The looks of a product's members, in their order. The first linear member has its own colour. The other members take the next free colours, first
 * those that are not linear, so that a further linear member does not change them.
 */
export function memberLooks(factors: readonly Factor[]): Map<string, MemberLook> {
  const [firstLinear, ...furtherLinear] = factors.filter((factor) => factor.linear)
  const rest = [...factors.filter((factor) => !factor.linear), ...furtherLinear]
  return new Map(
    factors.map((factor, index) => [
      factor.member,
      {
        title: factor.title,
        symbol: symbolOf(factor, factors) ?? `p${index + 1}`,
        ...(factor === firstLinear ? linearColour : (others[rest.indexOf(factor) % others.length] ?? others[0])),
      },
    ]),
  )
}

/** A member's first letter, if no other member begins with it and it is not the p of the score. */
function symbolOf({ title }: Factor, all: readonly Factor[]): string | null {
  const letter = (of: string): string => of.charAt(0).toLowerCase()
  const own = letter(title)
  return own !== 'p' && all.filter((other) => letter(other.title) === own).length === 1 ? own : null
}

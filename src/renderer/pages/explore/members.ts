import { memberTitle } from '../../../shared/format'

/** How one member of a product looks wherever it is shown: the same colour in lists, bars and equations. */
export interface MemberLook {
  readonly title: string
  /** What stands for its probability in an equation. */
  readonly symbol: string
  readonly fill: string
  readonly text: string
}

const own: Readonly<Record<string, Omit<MemberLook, 'title'>>> = {
  flvae: { symbol: 'f', fill: 'bg-flvae', text: 'text-flvae' },
  nease: { symbol: 'n', fill: 'bg-nease', text: 'text-nease' },
}
const others = [
  { fill: 'bg-member-1', text: 'text-member-1' },
  { fill: 'bg-member-2', text: 'text-member-2' },
  { fill: 'bg-member-3', text: 'text-member-3' },
  { fill: 'bg-member-4', text: 'text-member-4' },
] as const

/** The looks of a product's members, in their order: VASP's two paths keep their colours, others take the next free one. */
export function memberLooks(members: readonly string[]): Map<string, MemberLook> {
  const rest = members.filter((member) => !(member in own))
  return new Map(
    members.map((member, place) => {
      const other = others[rest.indexOf(member) % others.length] ?? others[0]
      return [member, { title: memberTitle(member), ...(own[member] ?? { symbol: `p${place + 1}`, ...other }) }]
    }),
  )
}

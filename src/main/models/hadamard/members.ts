import type { ModelDefinition } from '../definition'

const found = import.meta.glob<{ readonly definition: ModelDefinition }>(['../*/definition.ts', '!./definition.ts'], {
  eager: true,
})

type MemberDefinition = ModelDefinition & { readonly member: NonNullable<ModelDefinition['member']> }

const isMember = (definition: ModelDefinition): definition is MemberDefinition => definition.member !== null

/** Every model that can be a member, in the order in which models are listed. */
export const memberDefinitions: readonly MemberDefinition[] = Object.values(found)
  .map(({ definition }) => definition)
  .filter(isMember)
  .sort((a, b) => a.order - b.order)

const byKind = new Map(memberDefinitions.map((definition) => [definition.kind, definition]))

/** `nease, mult-vae` → the members in that order; null where one is unknown or named twice. */
export function parseMembers(text: string): MemberDefinition[] | null {
  const named = text.split(',').map((kind) => byKind.get(kind.trim()) ?? null)
  return named.every((member) => member !== null) && new Set(named).size === named.length ? named : null
}

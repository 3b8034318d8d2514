import type { z } from 'zod'
import { presetOf, type ModelDefinition } from '../definition'

const found = import.meta.glob<{ readonly definition: ModelDefinition }>(['../*/definition.ts', '!./definition.ts'], {
  eager: true,
})

export type MemberDefinition = ModelDefinition & { readonly member: NonNullable<ModelDefinition['member']> }

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

/** The setting that names the members. */
export const membersKey = 'members'

/**
 * The settings of all members: one setting for all that share it. Its default is the value in the default preset of the first of these members, or
 * else the setting's own default, because a product’s presets cannot know every member.
 * @param own the settings of the product itself, which members may share
 * @throws Error where two of one name are not the same setting, or one has no value
 */
export function settingsOfMembers(members: readonly MemberDefinition[], own: z.ZodRawShape): z.ZodRawShape {
  const shared: Record<string, z.ZodType> = {}
  const rules = new Map(Object.entries(own))
  for (const definition of members) {
    const { kind, member } = definition
    const preset = presetOf(definition, definition.defaultPreset)
    for (const [key, rule] of Object.entries(member.settings)) {
      const known = rules.get(key)
      if (known === rule) continue
      if (known !== undefined)
        throw new Error(
          `The setting “${key}” of ${kind} differs from the one of this name that a product has already. Share one from models/settings, or rename it.`,
        )
      rules.set(key, rule)
      const setting = rule as z.ZodType
      const value = preset[key]
      if (value === undefined && !setting.safeParse(undefined).success)
        throw new Error(`The default preset of ${kind} has no value for its setting “${key}”.`)
      const completed = value === undefined ? setting : setting.prefault(value)
      const kinds = members.filter((other) => key in other.member.settings).map((other) => other.kind)
      shared[key] = completed.meta({ ...setting.meta(), onlyWith: { key: membersKey, values: kinds } })
    }
  }
  return shared
}

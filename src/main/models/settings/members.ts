import { z } from 'zod'
import {
  autorecSettings,
  flvaeSettings,
  hvampSettings,
  multDaeSettings,
  multVaeSettings,
  recvaeSettings,
  shallowSettings,
} from './keys'

/**
 * Models that can be members of a Hadamard ensemble trained by steps, with the config keys that shape each. Keys of the same name are the
 * same setting for all members that have it. `../member-factories.ts` builds them.
 */
export const memberSettings = {
  nease: shallowSettings,
  flvae: flvaeSettings,
  'mult-dae': multDaeSettings,
  'mult-vae': multVaeSettings,
  recvae: recvaeSettings,
  hvamp: hvampSettings,
  autorec: autorecSettings,
} as const

/** What a member of a Hadamard ensemble can be. */
export const memberName = z.enum(['nease', 'flvae', 'mult-dae', 'mult-vae', 'recvae', 'hvamp', 'autorec'])
export type MemberName = z.infer<typeof memberName>

/** `nease, mult-vae` → the members in that order; null where one is unknown or named twice. */
export function parseMembers(text: string): MemberName[] | null {
  const names = z.array(memberName).safeParse(text.split(',').map((name) => name.trim()))
  return names.success && new Set(names.data).size === names.data.length ? names.data : null
}

/** Config key that names an ensemble's members. */
export const membersKey = z
  .string()
  .refine((text) => parseMembers(text) !== null)
  .meta({
    title: 'Members',
    description: `One or more of ${memberName.options.join(', ')}, separated by commas, each at most once.`,
    options: memberName.options,
  })

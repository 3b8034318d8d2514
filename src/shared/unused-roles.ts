import { z } from 'zod'
import type { ChosenColumns, ColumnMapping } from './datasets'

const roles = ['rating', 'count', 'event', 'time'] as const

/** The roles that a version of a data set has no column for, and the number of that version. */
export const unusedRoles = z.object({ version: z.number().int(), roles: z.array(z.enum(roles)) })
export type UnusedRoles = z.infer<typeof unusedRoles>

/** The roles that stay without a column in a newer export because the version before has none. */
export function unusedBefore(version: number, before: ColumnMapping, now: ChosenColumns = {}): UnusedRoles {
  return { version, roles: roles.filter((role) => now[role] === null && before[role] == null) }
}

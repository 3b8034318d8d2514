import { formatCount } from './format'

/** With fewer measured users there is no standard error, so systems cannot be compared. */
export const fewestForError = 2
/** With fewer measured users, a mean and its standard error say little. */
export const fewestMeasured = 30

const holdOutMore = `Hold out at least ${fewestMeasured} users, or loosen the filters.`

/**
 * A warning about figures from few users, with the next step; null if enough were measured.
 * @param whose who was measured, in the singular: "test user"
 */
export const fewMeasured = (users: number, whose: string, next = holdOutMore): string | null =>
  few(users, whose, ['was measured', 'were measured'], next)

/** Warnings about the two held-out sets of a split, measured or not. */
export const fewHeldOut = (split: { readonly testUsers: number; readonly validationUsers: number }): string[] =>
  (
    [
      [split.testUsers, 'test user'],
      [split.validationUsers, 'validation user'],
    ] as const
  ).flatMap(([users, whose]) => few(users, whose, ['is held out', 'are held out'], holdOutMore) ?? [])

function few(users: number, whose: string, [is, are]: readonly [string, string], next: string): string | null {
  if (users >= fewestMeasured) return null
  if (users < fewestForError)
    return `${users === 0 ? `No ${whose}` : `Only one ${whose}`} ${is}: there is no standard error, and systems cannot be compared. ${next}`
  return `Only ${formatCount(users)} ${whose}s ${are}: the results may be very different for other users. ${next}`
}

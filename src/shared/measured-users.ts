import { formatCount } from './format'

/** Fewer measured users have no standard error, so nothing can be said of whether systems differ. */
export const fewestForError = 2
/** With fewer measured users, a mean and its standard error say little. */
export const fewestMeasured = 30

/**
 * What must be said of figures from few users, with the next step; null where enough were measured.
 * @param whose who was measured, in the singular: "test user"
 */
export function fewMeasured(
  users: number,
  whose: string,
  next = `Hold out at least ${fewestMeasured} users, or loosen the filters.`,
): string | null {
  if (users >= fewestMeasured) return null
  if (users < fewestForError)
    return `${users === 0 ? `No ${whose} was` : `Only one ${whose} was`} measured: there is no standard error, and systems cannot be compared. ${next}`
  return `Only ${formatCount(users)} ${whose}s were measured: the figures may differ a lot for other users. ${next}`
}

/** The same of both parts of a split. */
export const fewMeasuredOf = (parts: { readonly testUsers: number; readonly validationUsers: number }): string[] =>
  [fewMeasured(parts.testUsers, 'test user'), fewMeasured(parts.validationUsers, 'validation user')].filter(
    (warning) => warning !== null,
  )

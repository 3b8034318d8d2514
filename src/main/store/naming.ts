import { notFound, StudioError } from '../../shared/errors'

const shown = 12

/** NOT_FOUND with those that exist: "There is no run 12. Runs: 1, 2, 3." */
export function unknownId(kind: string, id: number, existing: readonly (number | string)[]): StudioError {
  const plural = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}s`
  const more = existing.length > shown ? ` and ${existing.length - shown} more` : ''
  const list = existing.length === 0 ? 'none yet' : existing.slice(0, shown).join(', ') + more
  return notFound(`There is no ${kind} ${id}. ${plural}: ${list}.`, `Choose one of the ${kind}s that exist.`)
}

/** CONFLICT: names are unique within a kind. */
export const nameTaken = (kind: string, name: string): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `There is already a ${kind} named “${name}”.`,
    next: `Choose another name, or delete that ${kind} first.`,
  })

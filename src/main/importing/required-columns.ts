import type { ColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { columnOf } from './dialect'
import type { Source } from './load-table'

/**
 * Checks that each file has the columns of the interactions. One that lacks a column which another file has was probably taken for
 * ratings by mistake.
 * @param mapping columns that are still open have no name
 * @throws StudioError BAD_INPUT that names a file, what it lacks, and what to do
 */
export function requireColumns(
  sources: readonly Source[],
  { user, item, rating, time, count, event }: ColumnMapping,
): void {
  const required = [user, item, rating, time, count ?? null, event?.column ?? null]
  const has = ({ dialect }: Source, column: string): boolean => dialect.columns.some(({ name }) => name === column)
  for (const source of sources)
    for (const column of required) {
      if (column === null || column === '' || has(source, column)) continue
      const other = sources.find((one) => has(one, column))
      if (!other) columnOf(source.dialect, column, source.name)
      else
        throw badInput(
          `${source.name} has no column “${column}”, which ${other.name} has. It has the columns ${namesOf(source)}.`,
          `If ${source.name} describes items, use --file-role ${roleOf(source, 'items')}; if it is not needed, --file-role ${roleOf(source, 'left-out')} (in the app: Files). Otherwise import it separately.`,
        )
    }
}

const mostNames = 20
const namesOf = ({ dialect: { columns } }: Source): string =>
  columns
    .slice(0, mostNames)
    .map(({ name }) => name)
    .join(', ') + (columns.length > mostNames ? ', …' : '')

/** The value of `--file-role` for a file; a shell needs quotes around spaces. */
function roleOf({ name, inside }: Source, role: string): string {
  const value = `${inside ?? name}=${role}`
  return /\s/.test(value) ? `"${value}"` : value
}

import type { ColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { roleOfName } from './column-names'
import { cellColumns, columnOf } from './dialect'
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

/**
 * Warns of columns that only later files have and whose names say what no column of the first file is: the columns of the first file are read of
 * all files.
 */
export function unreadColumns(
  [first, ...others]: readonly Source[],
  mapping: Pick<ColumnMapping, 'rating' | 'time' | 'event' | 'count'>,
): string[] {
  const open = (['rating', 'time', 'event', 'count'] as const).filter((role) => mapping[role] == null)
  return others.flatMap((other) => {
    const only = other.dialect.columns.filter(({ name }) => !first?.dialect.columns.some((one) => one.name === name))
    const unread = only.filter(({ name }) =>
      open.some((role) => roleOfName(name)?.whole && roleOfName(name)?.role === role),
    )
    return unread.length === 0
      ? []
      : [
          `${other.name} has ${unread.map(({ name }) => `“${name}”`).join(', ')}, which ${first?.name ?? ''} lacks, so ${unread.length === 1 ? 'it is' : 'they are'} not read. If ${unread.length === 1 ? 'it matters' : 'they matter'}, import ${other.name} by itself.`,
        ]
  })
}

const mostNames = 20
function namesOf({ dialect }: Source): string {
  const columns = cellColumns(dialect)
  const named = columns.slice(0, mostNames).map(({ name }) => name)
  return named.join(', ') + (columns.length > mostNames ? ', …' : '')
}

/** The value of `--file-role` for a file; a shell needs quotes around spaces. */
function roleOf({ name, inside }: Source, role: string): string {
  const value = `${inside ?? name}=${role}`
  return /\s/.test(value) ? `"${value}"` : value
}

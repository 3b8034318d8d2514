import type { Choice } from '../../../shared/reading'
import type { ForeignTable, JoinedColumns } from '../../store/foreign-database'
import { list } from '../column-content'
import { nameInteractions } from '../suggest-mapping'
import { likeliest } from './likeliest-table'
import type { InteractionTable, RelatedTables } from './related-tables'

/** The names of joined columns, with their table if the rows already have a column of that name: two tables may each have a column “name” or “date”. */
export const namesBeside = ({ columns }: Pick<ForeignTable, 'columns'>, { table, columns: joined }: JoinedColumns) =>
  joined.map((column) => {
    const isTaken = columns.some((name) => name.toLowerCase() === column.toLowerCase())
    return isTaken || joined.length === 1 ? `${table}.${column}` : column
  })

/** The table of interactions among several, with the reason and the other candidates. */
export interface LikeliestTable<T extends ForeignTable> {
  readonly table: T
  readonly evidence: string
  /** Undefined for tables recognised by their column names. */
  readonly rivals: readonly T[] | undefined
}

/** Another table is a candidate if it has at least this share of the rows of the largest table, and nothing shows which has the interactions. */
const fewestOfLargest = 0.1

/** The table of interactions: by the references between the tables and their names, otherwise the one with most rows. */
export function likeliestTable<T extends ForeignTable>(
  related: RelatedTables,
  tables: readonly T[],
  file: string,
  what: 'table' | 'sheet',
): LikeliestTable<T> {
  const all = new Map(tables.map((table) => [table.name, table]))
  const own = ({ name }: ForeignTable): T[] => [all.get(name)].filter((table) => table !== undefined)
  const found = related.interactions()
  const [table] = found ? own(found.table) : []
  if (found && table) return { table, evidence: evidenceOf(found), rivals: found.rivals.flatMap(own) }
  const rows = (one: T): number => related.rowsOf(one)
  const largest = likeliest(tables, { table: null, holds: 'interactions' }, file, what, rows)
  if (nameInteractions(largest.columns)) return { table: largest, evidence: '', rivals: undefined }
  const rivals = tables.filter(
    (other) => other !== largest && other.columns.length > 1 && rows(other) >= fewestOfLargest * rows(largest),
  )
  return {
    table: largest,
    evidence: `Neither the names of columns nor references between ${what}s show which ${what} has users and items; it has the most rows.`,
    rivals,
  }
}

const evidenceOf = ({ references }: InteractionTable): string =>
  references.length > 0
    ? `${references.map(({ column, table }) => `“${column}” has keys of “${table}”`).join(', ')}.`
    : ''

/**
 * The choice to add columns of another table or sheet to each row, which names those that are left out.
 *
 * @param tables all of the file
 */
export const joinChoice = (
  file: string,
  chosen: Pick<ForeignTable, 'name' | 'columns'>,
  join: JoinedColumns,
  tables: readonly Pick<ForeignTable, 'name' | 'columns'>[],
  what: 'table' | 'sheet',
): Choice => ({
  about: 'table',
  file,
  column: null,
  value: `with columns of ${what} “${join.table}”`,
  certainty: 'likely',
  evidence: `Each row of “${chosen.name}” gets ${list(namesBeside(chosen, join))} of the row of “${join.table}” that has its “${join.column}” as “${join.key}”, which occurs once.${leftOut(join, tables, what)}`,
  affectsData: true,
  control: 'Columns',
  option: '--user COLUMN or --title none',
})

/** The columns of a joined table that are not read with the interactions; they may describe its items. */
function leftOut(
  { table, key, columns }: JoinedColumns,
  tables: readonly Pick<ForeignTable, 'name' | 'columns'>[],
  what: 'table' | 'sheet',
): string {
  const all = tables.find(({ name }) => name === table)?.columns ?? []
  const others = all.filter((name) => name !== key && !columns.includes(name))
  return others.length === 0
    ? ''
    : ` Left out: ${list(others)}. If they describe items, add them after the import: “Add item details” with this ${what}, or vasp metadata … --table "${table}".`
}

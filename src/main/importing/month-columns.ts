import type { Refusal } from '../../shared/datasets'
import { isNumeric, type RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'
import { months, plainWord } from './values/date-words'

/** Fewer columns may be called like months by chance: May, Mar. */
const fewest = 3

/** Whether a name is a month: Jan, März 2024, 2024-03, 03/2024, M3. */
export function isMonth(name: string): boolean {
  const words = name.trim().split(/[\s_./'’-]+/)
  const isYear = (word: string): boolean => /^(?:19|20)?\d\d$/.test(word)
  const named = words.filter((word) => !isYear(word))
  const [month] = named
  if (month !== undefined) return named.length === 1 && months.has(plainWord(month))
  return /^(?:(?:19|20)\d\d[./_-](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[./_-](?:19|20)\d\d)$/.test(name.trim())
}

const isOfMonth = (column: RecognisedColumn): boolean =>
  isMonth(column.name) &&
  column.statistics != null &&
  (column.statistics.kind === 'empty' || isNumeric(column.statistics))

/** The columns of numbers that are called like months, if there are several. */
function monthColumns({ table, chosen }: Findings): RecognisedColumn[] {
  const asked = new Set(Object.values(chosen).filter((value) => typeof value === 'string'))
  const found = table.named ? table.columns.filter((column) => isOfMonth(column) && !asked.has(column.name)) : []
  return found.length >= fewest ? found : []
}

const list = (columns: readonly RecognisedColumn[]): string =>
  `“${columns[0]?.name ?? ''}” to “${columns.at(-1)?.name ?? ''}”`

/** Leaves out columns of months, which have the numbers of one month each, and says so. */
export function leaveMonths(findings: Findings): void {
  const found = monthColumns(findings)
  const [first] = found
  if (!first) return
  for (const column of found) findings.taken.add(column.name)
  findings.say(
    first,
    'left out, like the other columns of months',
    'guess',
    `${list(found)} are ${found.length} months in columns. Their numbers are not read: every row counts as one interaction. To use them, write a row for each month, with columns for the month and the number.`,
    true,
    'Count',
    '--count COLUMN for the numbers of one month',
  )
}

/** The refusal of a table with totals of months, if it lacks users or items; null if it has both, or no months. */
export function totalsOfMonths(findings: Findings): Refusal | null {
  const found = monthColumns(findings)
  const { found: roles, table } = findings
  if (found.length === 0 || (roles.has('user') && roles.has('item'))) return null
  // The refusal says it already.
  for (const column of found) findings.amend(column, () => ({ certainty: 'likely' }))
  const missing = roles.has('item') ? 'users' : roles.has('user') ? 'items' : 'users and items'
  return {
    message: `${table.file} has totals of months in columns (${list(found)}), but no ${missing}: a total does not say who used what.`,
    next: 'Export the single purchases or plays, with a row for each and columns for user, item and time. If a column has them, name it (--user COLUMN, --item COLUMN; in the app: User, Item).',
  }
}

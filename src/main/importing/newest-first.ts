import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { count } from './load-table'

/** Rows at the beginning of a file that show cheaply whether it may begin with the newest. */
const firstRows = 1000

/** Whether the times of a table never rise from row to row, and fall at least once. */
async function falls(connection: DuckDBConnection, table: string, rows: string): Promise<boolean> {
  const found = await connection.runAndReadAll(
    `SELECT coalesce(bool_and(time <= before), false), coalesce(bool_or(time < before), false) FROM (
       SELECT time, lag(time) OVER (ORDER BY rowid) AS before FROM ${table} WHERE problem = 0 AND time IS NOT NULL ${rows})
     WHERE before IS NOT NULL`,
  )
  const [[never, once] = []] = found.getRows()
  return never === true && once === true
}

/**
 * Warns about files that begin with the newest rows, if users have several rows at their latest time, such as a day: these stay in the order of the file, though it
 * may be reversed within a day as well, and the last of them is what a split by time holds out.
 */
export async function newestFirstChoices(
  connection: DuckDBConnection,
  files: readonly { readonly table: string; readonly source: { readonly name: string } }[],
  column: string | null,
): Promise<Choice[]> {
  if (column === null) return []
  const choices: Choice[] = []
  for (const { table, source } of files) {
    if (!(await falls(connection, table, `AND rowid < ${firstRows}`)) || !(await falls(connection, table, ''))) continue
    const users = await count(
      connection,
      `SELECT count(*) FROM (
         SELECT 1 FROM (SELECT "user", item, rank() OVER (PARTITION BY "user" ORDER BY time DESC) AS latest FROM ${table} WHERE problem = 0 AND time IS NOT NULL)
         WHERE latest = 1 GROUP BY "user" HAVING count(DISTINCT item) > 1)`,
    )
    if (users === 0) continue
    choices.push({
      about: 'order',
      file: source.name,
      column,
      value: 'rows at the same time are in the order of the file',
      certainty: 'guess',
      evidence: `The file begins with its newest rows, so it may have those of the same time in reverse, too: ${formatCounted(users, 'user')} ${users === 1 ? 'has' : 'have'} several rows at the latest time, and the last of them in the file counts as the newest.`,
      affectsData: true,
      control: 'Time',
      option: '--time with a column that has times of day, or a file sorted from the oldest row to the newest',
    })
  }
  return choices
}

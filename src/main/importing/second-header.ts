import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping } from '../../shared/datasets'
import type { Choice } from '../../shared/reading'
import { nameMatches } from './column-names'
import { leftOutProblem } from './interaction-value'

/** Number of examined rejected rows: a file has few tables. */
const sampledRows = 1000

/**
 * Warns if a rejected row contains column names: a second table begins there, and its rows were read as those of the first.
 * @param tables of interactions, as they were loaded
 */
export async function secondHeaderChoices(
  connection: DuckDBConnection,
  tables: readonly string[],
  mapping: ColumnMapping,
): Promise<Choice[]> {
  const names = (cell: string): boolean => nameMatches(cell).some(({ whole }) => whole)
  for (const table of tables) {
    const result = await connection.runAndReadAll(
      `SELECT "user", "item", rowid FROM ${table} WHERE problem BETWEEN 1 AND ${leftOutProblem - 1} AND "user" IS NOT NULL AND "item" IS NOT NULL
       ORDER BY rowid LIMIT ${sampledRows}`,
    )
    const header = result
      .getRows()
      .map(([user, item, row]) => ({ user: String(user), item: String(item), row: Number(row) }))
      .find(({ user, item }) => names(user) && names(item) && !(user === mapping.user && item === mapping.item))
    if (!header) continue
    return [
      {
        about: 'header',
        file: null,
        column: null,
        value: 'one table',
        certainty: 'guess',
        evidence: `A row has “${header.user}” and “${header.item}” for user and item, which are column names: a second table may begin there, and its rows are read as rows of the first.`,
        affectsData: true,
        control: 'Columns',
        option: 'a file with one table',
      },
    ]
  }
  return []
}

import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { identifier } from '../duckdb'

/** Name of the table with the ids of a column, `id`, that differ from a more frequent one, `kept`, only in upper and lower case. */
export const twinsTable = (column: 'user' | 'item'): string => `${column}_twins`

/**
 * Gives ids that differ only in upper and lower case the most frequent form, and returns the choice about it; none if there are no such ids.
 * @param tables the rows of the files, of which those without a `problem` count; the table `users` or `items` has their different ids
 */
export async function joinTwins(
  connection: DuckDBConnection,
  tables: readonly string[],
  column: 'user' | 'item',
  name: string,
): Promise<Choice[]> {
  const twins = twinsTable(column)
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${twins} AS SELECT * FROM (
       SELECT id, rows, first_value(id) OVER (PARTITION BY lower(id) ORDER BY rows DESC, id) AS kept FROM ${column}s) WHERE id <> kept`,
  )
  const result = await connection.runAndReadAll(
    `SELECT count(*), sum(rows), arg_max(id, rows), arg_max(kept, rows) FROM ${twins}`,
  )
  const [[found, rows, id, kept] = []] = result.getRows()
  const count = Number(found)
  if (count === 0) return []
  for (const table of tables)
    await connection.run(
      `UPDATE ${table} SET ${identifier(column)} = kept FROM ${twins} WHERE ${table}.${identifier(column)} = ${twins}.id AND problem = 0`,
    )
  return [
    {
      about: 'ids',
      file: null,
      column: name,
      value: 'ids that differ only in upper and lower case are one',
      certainty: 'likely',
      evidence: `${formatCounted(count, 'id')} in ${formatCounted(Number(rows), 'row')} ${count === 1 ? 'is' : 'are'} stored in the form that occurs most often: “${String(id).slice(0, 40)}” as “${String(kept).slice(0, 40)}”.`,
      affectsData: true,
      control: 'Ids',
      option: '--join-ids',
    },
  ]
}

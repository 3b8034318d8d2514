import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier, isBlank } from './duckdb'

/** A value that occurs with the most different values of another column, and how many values occur with several. */
export interface SharedValue {
  readonly value: string
  readonly others: number
  readonly shared: number
}

/** The value of the column `one` that occurs with the most values of `other`; null if each occurs with one. */
export async function mostShared(
  connection: DuckDBConnection,
  table: string,
  one: string,
  other: string,
): Promise<SharedValue | null> {
  const [part, whole] = [identifier(one), identifier(other)]
  const found = await connection.runAndReadAll(
    `SELECT left(part, 60), wholes, count(*) OVER () FROM (SELECT ${part} AS part, count(DISTINCT ${whole}) AS wholes FROM ${table}
     WHERE NOT ${isBlank(part)} AND NOT ${isBlank(whole)} GROUP BY ALL) WHERE wholes > 1 ORDER BY wholes DESC, part LIMIT 1`,
  )
  const [[value, others, shared] = []] = found.getRows()
  return value === undefined ? null : { value: String(value), others: Number(others), shared: Number(shared) }
}

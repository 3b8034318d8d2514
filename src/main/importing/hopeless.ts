import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import { leftOutProblem } from './interaction-value'
import { interactionProblems } from './interactions'
import { type Casting, castRows, type Source } from './load-table'

/** Rows that are looked at before the whole file is read. */
const looked = 20_000
/** Fewer rejected rows than this never stop an import: small files are quickly read, and their rows are all listed. */
const enough = 1000
/** Of the rows that are looked at. */
const hopelessShare = 0.9

/**
 * Stops an import early whose first rows can hardly be used: the columns are mistaken, not the rows.
 * @param casting its problems are indexes into `interactionProblems`
 * @throws StudioError BAD_INPUT with the most frequent reason
 */
export async function refuseHopeless(connection: DuckDBConnection, source: Source, casting: Casting): Promise<void> {
  const result = await connection.runAndReadAll(
    `SELECT problem, count(*)
     FROM (SELECT problem FROM (${castRows(source, casting, ['ignore_errors = true'])}) LIMIT ${looked}) AS first_rows
     GROUP BY problem ORDER BY count(*) DESC`,
  )
  const counts = result.getRows().map(([number, rows]) => ({ number: Number(number), rows: Number(rows) }))
  const total = counts.reduce((sum, { rows }) => sum + rows, 0)
  const bad = counts.filter(({ number }) => number > 0 && number !== leftOutProblem)
  const rejected = bad.reduce((sum, { rows }) => sum + rows, 0)
  const [first] = bad
  if (!first || rejected < enough || rejected < hopelessShare * total) return
  throw badInput(
    `${formatCount(rejected)} of the first ${formatCounted(total, 'row')} of ${source.name} cannot be used, most often because of: ${interactionProblems[first.number] ?? ''}. The import was stopped.`,
    'Check which column is which in the preview, then import again.',
  )
}

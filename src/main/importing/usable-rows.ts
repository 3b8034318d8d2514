import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import { leftOutProblem } from './interaction-value'
import { interactionProblems } from './interactions'
import { type TypeConversion, convertedRows, type Source } from './load-table'

/** Size of the sample before the whole file is read. */
const sampleRows = 20_000
/** Fewer rejected rows never stop an import: small files are quickly read, and all of their rejected rows are listed. */
const enough = 1000
/** Share of the sampled rows. */
const rejectedLimit = 0.9

/**
 * Stops an import early if most of its first rows cannot be used: then the columns are wrong, not the rows.
 * @param conversion its problems are indexes into `interactionProblems`
 * @throws StudioError BAD_INPUT with the most frequent reason
 */
export async function requireUsableRows(
  connection: DuckDBConnection,
  source: Source,
  conversion: TypeConversion,
): Promise<void> {
  const result = await connection.runAndReadAll(
    `SELECT problem, count(*)
     FROM (SELECT problem FROM (${convertedRows(source, conversion, ['ignore_errors = true'])}) LIMIT ${sampleRows}) AS first_rows
     GROUP BY problem ORDER BY count(*) DESC`,
  )
  const counts = result.getRows().map(([number, rows]) => ({ number: Number(number), rows: Number(rows) }))
  const total = counts.reduce((sum, { rows }) => sum + rows, 0)
  const bad = counts.filter(({ number }) => number > 0 && number !== leftOutProblem)
  const rejected = bad.reduce((sum, { rows }) => sum + rows, 0)
  const [first] = bad
  if (!first || rejected < enough || rejected < rejectedLimit * total) return
  throw badInput(
    `${formatCount(rejected)} of the first ${formatCounted(total, 'row')} of ${source.name} cannot be used, most often because of “${interactionProblems[first.number] ?? ''}”. The import was stopped.`,
    'Check the columns in the preview, then import again.',
  )
}

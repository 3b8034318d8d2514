import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import { identifier } from '../duckdb'
import { numberEvidence } from './number-evidence'
import type { NumberForm } from './number-shapes'
import { numberSql } from './number-sql'
import type { SeenColumns } from './seen-columns'

/** The notation of counts, which a ledger of sales writes below zero: what was sold left the stock. */
export interface CountForm extends NumberForm {
  readonly turned?: boolean
}

/** How many counts are below and above zero. */
async function signsOf(
  connection: DuckDBConnection,
  tables: readonly string[],
  column: string,
  form: NumberForm | null,
): Promise<{ below: number; above: number }> {
  const value = identifier(column)
  const number = form ? numberSql(value, form, 'DOUBLE') : `TRY_CAST(${value} AS DOUBLE)`
  let [below, above] = [0, 0]
  for (const table of tables) {
    const result = await connection.runAndReadAll(
      `SELECT count(*) FILTER (number < 0), count(*) FILTER (number > 0) FROM (SELECT ${number} AS number FROM ${table})`,
    )
    const [[low, high] = []] = result.getRows()
    below += Number(low)
    above += Number(high)
  }
  return { below, above }
}

/** Whether a column of plain numbers has some below zero. */
export const hasNegatives = async (connection: DuckDBConnection, table: string, column: string): Promise<boolean> =>
  (await signsOf(connection, [table], column, null)).below > 0

/**
 * The notation of a column of counts. If more of them are below zero than above, as in a ledger of what left the stock, they count without their signs, as a
 * guess.
 */
export async function countEvidence(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  overrides: ReadingOverrides,
): Promise<{ form: CountForm; choices: readonly Choice[] }> {
  const { form, choices } = await numberEvidence(connection, columns, column, overrides)
  const tables = columns.tables.map(({ table }) => table)
  const { below, above } = await signsOf(connection, tables, column, form)
  if (below <= above) return { form, choices }
  const others =
    above === 0
      ? ''
      : ` The ${formatCount(above)} above it would then be returns, and ${above === 1 ? 'is' : 'are'} rejected.`
  return {
    form: { ...form, turned: true },
    choices: [
      ...choices,
      {
        about: 'numbers',
        file: null,
        column,
        value: 'counts without their minus signs',
        certainty: 'guess',
        evidence: `${formatCounted(below, 'count')} ${below === 1 ? 'is' : 'are'} below zero, as where a ledger writes what was sold: −2 counts as 2.${others}`,
        affectsData: true,
        control: 'Count',
        option: '--count none',
      },
    ],
  }
}

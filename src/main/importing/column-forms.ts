import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import type { ReadingOverrides } from '../../shared/reading'
import { columnOf, readAsText } from './dialect'
import type { ColumnForms } from './interactions'
import type { Source } from './load-table'
import { dateOrder } from './time-forms'

/** How the columns of a file are to be read: as somebody says, else as its first values show. */
export async function columnForms(
  connection: DuckDBConnection,
  source: Source,
  mapping: ColumnMapping,
  { reading, policy }: { reading: ReadingOverrides; policy: DuplicatePolicy },
): Promise<ColumnForms> {
  const shown = async (): Promise<ColumnForms['order']> =>
    mapping.time === null ? 'dayFirst' : dateOrder(await samplesOf(connection, source, mapping.time))
  return { order: reading.dateOrder ?? (await shown()), decimalComma: reading.decimalComma, policy }
}

/** Values of a column near the beginning of the file. */
async function samplesOf(connection: DuckDBConnection, source: Source, column: string): Promise<string[]> {
  const result = await connection.runAndReadAll(
    `SELECT ${columnOf(source.dialect, column, source.name)}
     FROM ${readAsText(source.path, source.dialect, ['ignore_errors = true'])} LIMIT 2000`,
  )
  return result.getRows().map(([value]) => (typeof value === 'string' ? value : ''))
}

import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount } from '../../../shared/format'
import { readAsText } from '../dialect'
import { identifier } from '../duckdb'
import type { Source } from '../load-table'
import { records } from '../records'
import { brokenLineTexts } from '../rejected-rows'
import type { Spot } from './spot'

/** Some columns of the files as text in DuckDB, from which their notation is detected. */
export interface SeenColumns {
  readonly sources: readonly Source[]
  /** For each source: a table of its rows in order (`rowid`), and a table of the lines that are not rows. */
  readonly tables: readonly { readonly table: string; readonly errors: string }[]
}

let seen = 0

/** Reads columns of all files into tables of their own. @param limit the number of rows of each file */
export async function seeColumns(
  connection: DuckDBConnection,
  sources: readonly Source[],
  columns: readonly string[],
  limit: number | null = null,
): Promise<SeenColumns> {
  const tables: { table: string; errors: string }[] = []
  for (const { path, dialect } of sources) {
    const table = `seen_${seen++}`
    const errors = `${table}_errors`
    const rejects = ['store_rejects = true', `rejects_table = '${errors}'`, `rejects_scan = '${table}_scans'`]
    const listed = [...new Set(columns)].filter((column) => dialect.columns.some(({ name }) => name === column))
    const selected = listed.length === 0 ? 'NULL AS nothing' : listed.map(identifier).join(', ')
    await connection.run(
      `CREATE TEMP TABLE ${table} AS SELECT ${selected} FROM ${readAsText(path, dialect, rejects)}${limit === null ? '' : ` LIMIT ${limit}`}`,
    )
    tables.push({ table, errors })
  }
  return { sources, tables }
}

export async function forgetColumns(connection: DuckDBConnection, { tables }: SeenColumns): Promise<void> {
  for (const { table, errors } of tables)
    for (const name of [table, errors, `${table}_scans`]) await connection.run(`DROP TABLE IF EXISTS ${name}`)
}

/** The physical lines of rows, from 1. @param rows of one file, from 0 */
export async function linesOf(
  connection: DuckDBConnection,
  columns: SeenColumns,
  file: number,
  rows: readonly number[],
): Promise<Map<number, number>> {
  const [source, tables] = [columns.sources[file], columns.tables[file]]
  const found = new Map<number, number>()
  if (!source || !tables || rows.length === 0) return found
  const wanted = new Set(rows)
  const broken = await brokenLineTexts(connection, tables.errors)
  const lengths = new Map([...broken].map(([start, text]) => [start, Buffer.byteLength(text)]))
  let row = 0
  for await (const record of records(source.path, source.dialect, lengths)) {
    if (lengths.has(record.start)) continue
    if (wanted.delete(row)) found.set(row, record.line)
    if (wanted.size === 0) break
    row++
  }
  return found
}

/** Values with their lines, such as “line 2,401 has “23/02/2024””. */
export async function describer(
  connection: DuckDBConnection,
  columns: SeenColumns,
  spots: readonly (Spot | null)[],
): Promise<(spot: Spot | null) => string> {
  const lines: Map<number, number>[] = []
  for (const file of columns.sources.keys())
    lines.push(
      await linesOf(
        connection,
        columns,
        file,
        spots.filter((spot) => spot?.file === file).map((spot) => spot?.row ?? 0),
      ),
    )
  return (spot) => {
    if (!spot) return ''
    const line = lines[spot.file]?.get(spot.row)
    const source = columns.sources.length > 1 ? ` of ${columns.sources[spot.file]?.name ?? ''}` : ''
    const where = line === undefined ? `a row${source}` : `line ${formatCount(line)}${source}`
    return `${where} has “${shortened(spot.text)}”`
  }
}

const longest = 60
const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)
export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

import type { DuckDBConnection } from '@duckdb/node-api'
import type { FormatName } from '../../shared/format-options'
import { badInput } from '../../shared/errors'
import { cellColumns, type Dialect, readAsText } from './dialect'
import { identifier } from './duckdb'
import { leftOutProblem } from './interaction-value'

/** A source file as DuckDB reads it. */
export interface Source {
  /** Its name in messages. */
  readonly name: string
  /** See `NamedFile`. */
  readonly inside?: string | undefined
  /** UTF-8 text, see plain-text.ts. */
  readonly path: string
  readonly bytes: number
  readonly dialect: Dialect
  /** The name of the file's format, if it was opened for an import. */
  readonly format?: FormatName
  /** The file's line from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}

/** The limit of lines that DuckDB cannot parse: with more, the detected format of the file is wrong. */
const rejectsLimit = 1_000_000

/** One file in a DuckDB table: its rows in file order (`rowid`), each with a problem number (0 for none). */
export interface LoadedFile {
  readonly source: Source
  readonly table: string
  /** Table of the lines that are not rows. */
  readonly errorsTable: string
  readonly rows: number
  readonly problems: number
  /** Rows that do not count but are not rejected. */
  readonly leftOut: number
}

/** How a file's text columns are converted to those of its table. */
export interface TypeConversion {
  /**
   * SQL of columns by name, in steps: the first step uses the file's columns, later ones the results of earlier steps. What is
   * needed more than once is a column of a step, computed once per row: DuckDB evaluates repeated expressions in a CASE repeatedly.
   */
  readonly steps: readonly Readonly<Record<string, string>>[]
  /** The columns of the table, a selection of those from the steps. */
  readonly columns: readonly string[]
  /** SQL of columns that get a final conversion after the steps. */
  readonly finally?: Readonly<Record<string, string>>
  /** SQL of the problem number: an index into the caller's reasons, 0 for a good row. */
  readonly problem: string
}

const named = (columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([name, sql]) => `${sql} AS ${identifier(name)}`)
    .join(', ')

/** SQL that reads a file with `conversion`, with a column `problem`. @param options of the read, see `readAsText` */
export function convertedRows(
  { path, dialect }: Source,
  conversion: TypeConversion,
  options: readonly string[],
): string {
  const [first = {}, ...later] = conversion.steps
  const read = `SELECT ${named(first)} FROM ${readAsText(path, dialect, options)}`
  const rows = later.reduce((from, columns) => `SELECT *, ${named(columns)} FROM (${from})`, read)
  const columns = conversion.columns.map((name) => {
    const sql = conversion.finally?.[name]
    return sql === undefined ? identifier(name) : `${sql} AS ${identifier(name)}`
  })
  return `SELECT ${columns.join(', ')}, (${conversion.problem})::UTINYINT AS problem FROM (${rows})`
}

/** Reads a file into a new table, in file order, with `conversion`. */
export async function loadTable(
  connection: DuckDBConnection,
  source: Source,
  table: string,
  conversion: TypeConversion,
): Promise<LoadedFile> {
  const errorsTable = `${table}_errors`
  const rejects = [
    'store_rejects = true',
    `rejects_table = '${errorsTable}'`,
    `rejects_scan = '${table}_scans'`,
    `rejects_limit = ${rejectsLimit}`,
  ]
  await connection.run(`CREATE TEMP TABLE ${table} AS ${convertedRows(source, conversion, rejects)}`)
  const errors = await count(connection, `SELECT count(*) FROM ${errorsTable}`)
  if (errors >= rejectsLimit)
    throw badInput(
      `About a million lines of ${source.name} do not fit its ${cellColumns(source.dialect).length} columns.`,
      'Check its preview: the separator (--delimiter; in the app: Separator), the quotes (--quote; in the app: Quotes) or the file itself may be wrong.',
    )
  return {
    source,
    table,
    errorsTable,
    rows: await count(connection, `SELECT count(*) FROM ${table}`),
    problems: await count(
      connection,
      `SELECT count(*) FROM ${table} WHERE problem BETWEEN 1 AND ${leftOutProblem - 1}`,
    ),
    leftOut: await count(connection, `SELECT count(*) FROM ${table} WHERE problem = ${leftOutProblem}`),
  }
}

export async function count(connection: DuckDBConnection, sql: string): Promise<number> {
  const result = await connection.runAndReadAll(sql)
  return Number(result.getRows()[0]?.[0] ?? 0)
}

/** Drops the tables so that the same file can be read again in another format. */
export async function dropTable(connection: DuckDBConnection, { table, errorsTable }: LoadedFile): Promise<void> {
  for (const name of [table, errorsTable, `${table}_scans`]) await connection.run(`DROP TABLE IF EXISTS ${name}`)
}

import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../shared/errors'
import { cellColumns, type Dialect, readAsText } from './dialect'
import { identifier } from './duckdb'
import { leftOutProblem } from './interaction-value'

/** A source file as DuckDB reads it. */
export interface Source {
  /** Its name for people. */
  readonly name: string
  /** UTF-8 text, see plain-text.ts. */
  readonly path: string
  readonly bytes: number
  readonly dialect: Dialect
  /** The file's line that a line of the text comes from. */
  readonly lineOf: (line: number) => number
}

/** Rows that DuckDB could not take apart. More than this in one file, and it is not what it was taken for. */
const rejectsLimit = 1_000_000

/** One file in a DuckDB table: its rows in file order (`rowid`), each with the number of its problem (0: none). */
export interface LoadedFile {
  readonly source: Source
  readonly table: string
  /** Table with the lines that are no rows. */
  readonly errorsTable: string
  readonly rows: number
  readonly problems: number
  /** Rows that do not count and are no problem either. */
  readonly leftOut: number
}

/** How a file's columns as text become those of its table. */
export interface TypeConversion {
  /**
   * SQL of columns by name, step by step: of the file's columns in the first step, of what the steps before made in each later one. What is
   * asked for more than once is a column of a step, computed once for each row: DuckDB computes anew what is written out twice in a CASE.
   */
  readonly steps: readonly Readonly<Record<string, string>>[]
  /** The table's columns, of those that the steps made. */
  readonly columns: readonly string[]
  /** SQL of columns that are not taken as the steps made them. */
  readonly finally?: Readonly<Record<string, string>>
  /** SQL of them all: an index into the caller's reasons, 0 for a good row. */
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

/** Reads a file into a table of its own, in file order, as `conversion` says. */
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
      'Look at its preview: the separator, the quotes or the file itself may be wrong.',
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

/** Makes room for the same file read in another way. */
export async function dropTable(connection: DuckDBConnection, { table, errorsTable }: LoadedFile): Promise<void> {
  for (const name of [table, errorsTable, `${table}_scans`]) await connection.run(`DROP TABLE IF EXISTS ${name}`)
}

import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { badInput, StudioError } from '../../../shared/errors'
import { bomb, mostUnpacked } from '../archives/limits'
import { identifier, text } from '../duckdb'
import { count } from '../load-table'
import { literalPath, longestLine } from '../plain-text'
import type { Format } from './format'
import { jsonTable } from './json-table'
import { linesOf } from './lines'
import { convertedDialect } from './text-writer'

/** Number of rows of a preview. */
const previewRows = 20_000

/** Apache Parquet, read by DuckDB. */
export const parquet: Format = {
  name: 'Parquet',
  recognises: (head) => head.subarray(0, 4).toString('latin1') === 'PAR1',
  async toText(file, conversion) {
    const { folder, limit, signal } = conversion
    const target = join(folder, `converted-${randomUUID()}.csv`)
    const table = `read_parquet(${text(literalPath(file.path, folder))})`
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: '800MB',
      temp_directory: join(folder, 'spilled-parquet'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const connection = await instance.connect()
    const interrupt = (): void => connection.interrupt()
    signal?.addEventListener('abort', interrupt)
    try {
      await connection.run(`SET TimeZone = 'UTC'`)
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`)
      const columns = described.getRows().map((row) => String(row[0]))
      const wholes = await wholeColumns(connection, table, described.getRows())
      const { size } = statSync(file.path)
      const rows = await count(connection, `SELECT count(*) FROM ${table}`)
      // Each value takes at least a separator in the text, while repeated values take almost nothing in the file.
      if (rows * columns.length > mostUnpacked(size)) throw bomb(file.name, size)
      const end = limit === Infinity ? '' : ` LIMIT ${previewRows}`
      if (described.getRows().some(([, type]) => hasFields(String(type)))) {
        const lines = join(folder, `nested-${randomUUID()}.jsonl`)
        const whole = [...wholes].map((column) => `${textOf(column, wholes)} AS ${identifier(column)}`)
        const replaced = whole.length > 0 ? ` REPLACE (${whole.join(', ')})` : ''
        await connection.run(`COPY (SELECT *${replaced} FROM ${table}${end}) TO ${text(lines)} (FORMAT json)`)
        return await jsonTable(file, conversion, () => linesOf(lines, signal, longestLine))
      }
      // One line per row, even if values contain line breaks.
      const cells = columns.map(
        (column) => `regexp_replace(${textOf(column, wholes)}, '[\\r\\n]+', ' ', 'g') AS ${identifier(column)}`,
      )
      await connection.run(
        `COPY (SELECT ${cells.join(', ')} FROM ${table}${end}) TO ${text(target)} (FORMAT csv, HEADER false, QUOTE '"', ESCAPE '"')`,
      )
      return { path: target, dialect: convertedDialect(columns), tables: [] }
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      if (
        signal?.aborted ||
        error instanceof StudioError ||
        !/Parquet|Snappy|Thrift|magic bytes|decompress/i.test(words)
      )
        throw error
      throw badInput(
        `The Parquet file ${file.name} is damaged or incomplete.`,
        'Export or download it again, then import the new file.',
        { cause: error },
      )
    } finally {
      signal?.removeEventListener('abort', interrupt)
      connection.closeSync()
      instance.closeSync()
    }
  },
}

/** Whether a column's values have fields of their own, each of which becomes a column: they are written as JSON objects. */
const hasFields = (type: string): boolean => /STRUCT\(|MAP\(/.test(type)

/** SQL of a value as text: whole numbers are written without the decimal point that only comes from the column's type. */
const textOf = (column: string, wholes: ReadonlySet<string>): string =>
  wholes.has(column)
    ? `CASE WHEN isfinite(${identifier(column)}) THEN ${identifier(column)}::HUGEINT::VARCHAR END`
    : `${identifier(column)}::VARCHAR`

/** Floating-point columns with only whole values: pandas converts ids to these as soon as one is missing. @param described name and type of each */
async function wholeColumns(
  connection: DuckDBConnection,
  table: string,
  described: readonly (readonly unknown[])[],
): Promise<ReadonlySet<string>> {
  const floating = described.filter(([, type]) => type === 'DOUBLE' || type === 'FLOAT').map(([name]) => String(name))
  if (floating.length === 0) return new Set()
  // Beyond 2⁵³, doubles cannot represent every whole number, so such values are written unchanged.
  const tests = floating.map(
    (name) =>
      `bool_and(NOT isfinite(${identifier(name)}) OR (${identifier(name)} = trunc(${identifier(name)}) AND abs(${identifier(name)}) <= 9007199254740992))`,
  )
  const [found = []] = (await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM ${table}`)).getRows()
  return new Set(floating.filter((_, at) => found[at] === true))
}

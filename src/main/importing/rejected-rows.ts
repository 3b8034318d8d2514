import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import type { RejectedRow } from '../../shared/datasets'
import { leftOutProblem } from './interaction-value'
import type { LoadedFile } from './load-table'
import { records } from './records'

/** Our wording for DuckDB's errors in lines that are not rows. */
const structuralReasons: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'too few columns',
  'TOO MANY COLUMNS': 'too many columns',
  'UNQUOTED VALUE': 'a quote is not closed',
  'LINE SIZE OVER MAXIMUM': 'the line is longer than 2 MB',
  'INVALID ENCODING': 'the text is damaged',
  'INVALID STATE': 'the quotes are broken',
}

/** Longest stored text of a rejected row, in characters. */
const longestText = 2000

const structural = z.object({
  start: z.coerce.number(),
  type: z.string(),
  text: z.string().nullable(),
  number: z.coerce.number(),
})

/**
 * The file's rejected rows in file order, each with its physical line and its text as written.
 * @param reasons why, by the number in the table's column `problem`
 */
export async function* rejectedRows(
  connection: DuckDBConnection,
  file: LoadedFile,
  reasons: readonly string[],
): AsyncGenerator<RejectedRow> {
  const broken = await brokenLines(connection, file.errorsTable)
  if (broken.size === 0 && file.problems === 0) return
  const { ordinals, numbers } = await problemRows(connection, file)
  const lengths = new Map([...broken].map(([start, { text }]) => [start, Buffer.byteLength(text)]))
  let [row, next] = [0, 0]
  for await (const record of records(file.source.path, file.source.dialect, lengths)) {
    const line = broken.get(record.start)
    if (line) {
      broken.delete(record.start)
      yield* brokenRows(file, record.line, line.reason, record.text)
    } else {
      if (ordinals[next] === row) yield rejected(file, record.line, reasons[numbers[next++] ?? 0] ?? '', record.text)
      row++
    }
  }
  // If quotes are so broken that records cannot be split as in DuckDB, the rest has no line numbers.
  for (const { reason, text, line } of broken.values()) yield* brokenRows(file, line, reason, text)
  for (; next < ordinals.length; next++) yield rejected(file, 0, reasons[numbers[next] ?? 0] ?? '', '')
}

/** Each line of a record that is not a row, from the physical line `first` on: an unclosed quote includes the lines after it. */
function* brokenRows(file: LoadedFile, first: number, reason: string, text: string): Generator<RejectedRow> {
  for (const [index, line] of text.split(lineEnds).entries())
    if (line !== '' || index === 0) yield rejected(file, first + index, reason, line)
}

const lineEnds = /\r\n|\n|\r/

const rejected = ({ source }: LoadedFile, line: number, reason: string, text: string): RejectedRow => ({
  file: source.name,
  line: line === 0 ? 0 : source.lineOf(line),
  reason,
  text: text.length > longestText ? `${text.slice(0, longestText)}…` : text,
})

/** Lines that are not rows, by their byte offset: the first of DuckDB's errors for each. */
async function brokenLines(
  connection: DuckDBConnection,
  errorsTable: string,
): Promise<Map<number, { reason: string; text: string; line: number }>> {
  const result = await connection.runAndReadAll(
    // DuckDB counts bytes from 1.
    `SELECT line_byte_position - 1 AS start, first(error_type::VARCHAR ORDER BY rowid) AS type,
       first(csv_line ORDER BY rowid) AS text, first(line ORDER BY rowid) AS number
     FROM ${errorsTable} GROUP BY line_byte_position ORDER BY line_byte_position`,
  )
  return new Map(
    result
      .getRowObjectsJson()
      .map((row) => structural.parse(row))
      .map(({ start, type, text, number }) => {
        // If the delimiter has two characters, DuckDB counts the line feed before a line as part of that line.
        const line = (text ?? '').replace(/^[\r\n]+/, '')
        const before = (text?.length ?? 0) - line.length
        const reason = structuralReasons[type] ?? 'the line cannot be read'
        return [start + before, { reason, text: line, line: number }]
      }),
  )
}

async function problemRows(
  connection: DuckDBConnection,
  file: LoadedFile,
): Promise<{ ordinals: Float64Array; numbers: Uint8Array }> {
  const ordinals = new Float64Array(file.problems)
  const numbers = new Uint8Array(file.problems)
  let filled = 0
  const result = await connection.stream(
    `SELECT rowid::DOUBLE, problem FROM ${file.table} WHERE problem BETWEEN 1 AND ${leftOutProblem - 1} ORDER BY rowid`,
  )
  for await (const chunk of result) {
    const [rows, problems] = [chunk.getColumnVector(0), chunk.getColumnVector(1)]
    for (let i = 0; i < chunk.rowCount; i++, filled++) {
      ordinals[filled] = Number(rows.getItem(i))
      numbers[filled] = Number(problems.getItem(i))
    }
  }
  return { ordinals, numbers }
}

/** The numbers of lines that are not rows by reason, including those within an unclosed quote. */
export async function brokenLineCounts(
  connection: DuckDBConnection,
  file: LoadedFile,
): Promise<ReadonlyMap<string, number>> {
  const lines = new Map<string, number>()
  for (const { text, reason } of (await brokenLines(connection, file.errorsTable)).values())
    lines.set(reason, (lines.get(reason) ?? 0) + Math.max(1, text.split(lineEnds).filter((line) => line !== '').length))
  return lines
}

/** The number of lines that are not rows. */
export const brokenLineCount = async (connection: DuckDBConnection, file: LoadedFile): Promise<number> =>
  [...(await brokenLineCounts(connection, file)).values()].reduce((sum, lines) => sum + lines, 0)

/** Texts of the lines that are not rows, by their byte offset. */
export async function brokenLineTexts(connection: DuckDBConnection, errorsTable: string): Promise<Map<number, string>> {
  return new Map([...(await brokenLines(connection, errorsTable))].map(([start, { text }]) => [start, text]))
}

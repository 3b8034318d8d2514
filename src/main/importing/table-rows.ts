import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { badInput } from '../../shared/errors'
import type { Dialect } from './dialect'

/** A text with its dialect. */
export interface Table {
  readonly path: string
  readonly dialect: Dialect
}

export interface TableRow {
  readonly cells: readonly string[]
  readonly line: number
}

/** The cells of the first rows without the header; none beyond a quote that is never closed, which reading the table will report. */
export async function firstRowsOf(table: Table, most: number): Promise<string[][]> {
  const rows: string[][] = []
  try {
    for await (const { cells } of parsedRows(table)) {
      rows.push([...cells])
      if (rows.length === most) break
    }
  } catch (error) {
    if (!isOpenQuote(error)) throw error
  }
  return rows
}

/**
 * The rows of a table, without its header, each with the line that it ends in.
 * @throws StudioError BAD_INPUT if a quote is never closed
 */
export async function* rowsOf(table: Table): AsyncGenerator<TableRow> {
  let line = table.dialect.skip
  try {
    for await (const row of parsedRows(table)) {
      line = row.line
      yield row
    }
  } catch (error) {
    if (!isOpenQuote(error)) throw error
    throw badInput(
      `A quote after line ${line} is never closed, so the rows after it cannot be separated.`,
      'Choose that values are not quoted (--quote none; in the app: Quotes), or close the quote, then import the file again.',
      { cause: error },
    )
  }
}

const isOpenQuote = (error: unknown): boolean => error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED'

async function* parsedRows({ path, dialect }: Table): AsyncGenerator<TableRow> {
  const file = createReadStream(path)
  const parser = file.pipe(
    parse({
      bom: true,
      delimiter: dialect.delimiter,
      quote: dialect.quote === '' ? null : dialect.quote,
      escape: dialect.escape === '' ? null : dialect.escape,
      from_line: dialect.skip + 1 + (dialect.header ? 1 : 0),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
    }),
  )
  file.once('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { cells: record, line: info.lines }
  } finally {
    file.destroy()
  }
}

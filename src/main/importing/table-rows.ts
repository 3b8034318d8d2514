import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import type { Dialect } from './dialect'

/** A text and how it is written. */
export interface Table {
  readonly path: string
  readonly dialect: Dialect
}

export interface TableRow {
  readonly cells: readonly string[]
  readonly line: number
}

/** The rows of a table, without its header, each with the line that it ends in. */
export async function* rowsOf({ path, dialect }: Table): AsyncGenerator<TableRow> {
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

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import { badInput, StudioError } from '../../shared/errors'
import type { ReadingOverrides } from '../../shared/reading'
import type { ConstantColumn } from './columns-of-path'
import { identifier, type TemporaryDatabase, text } from './duckdb'
import { isHeaderOfNumbers } from './header-of-numbers'
import type { JoinedTime } from './joined-time'
import { type NamedRole, roleOfName } from './column-names'
import { headOf, longestLine } from './plain-text'
import { nameInteractions } from './suggest-mapping'
import {
  holdsNumber,
  type LineForm,
  rewritten,
  rowsBelow,
  type Shift,
  tableShape,
  type TableShape,
  withoutStray,
} from './table-shape'

/** The format of a text file's table. */
export interface Dialect {
  readonly delimiter: string
  /** Empty if nothing is quoted. */
  readonly quote: string
  readonly escape: string
  readonly header: boolean
  /** Whether the columns have names, from the header or from the format, rather than generated ones. */
  readonly named: boolean
  /** Texts of the columns beside their names, from a second row of the header. */
  readonly titles?: readonly string[] | undefined
  /** Lines before the header or the first row. */
  readonly skip: number
  /** Set if the header has one name fewer than the rows have cells, or ends with a separator unlike them; that header is then the last of the skipped lines. */
  readonly shift?: Shift | undefined
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** The columns after those of the file that another table adds to its rows; undefined if there are none. */
  readonly added?: AddedColumns | undefined
  /** The columns after those with the same value in every row, which the file's name and folders say; undefined if there are none. */
  readonly constants?: readonly ConstantColumn[] | undefined
  /** The last column, if it is not in the file but joined from several columns. */
  readonly joined?: JoinedTime | undefined
}

/** Columns of another table for each row of a file, in a table of DuckDB with the same number of rows in the same order. */
export interface AddedColumns {
  readonly table: string
  /** The file's column that refers to the other table. */
  readonly column: string
  /** The column of `table` with the same values, by which the rows are matched. */
  readonly key: string
  /** Columns of `table` with their names in the file's table. */
  readonly columns: readonly { readonly name: string; readonly of: string }[]
}

const sniffed = z.object({
  Delimiter: z.string(),
  Quote: z.string(),
  Escape: z.string(),
  SkipRows: z.coerce.number(),
  HasHeader: z.boolean(),
  Columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

/** How much of a file is examined, and the longest line that counts: longer ones will be rejected. */
const sampleBytes = 4 * 1024 * 1024
const longestSampleLine = 100_000

/** The detected format of a text's table, and the evidence for it. */
export interface DetectedDialect {
  readonly dialect: Dialect
  /** Null if no separator gives the same number of cells in half of the lines. */
  readonly shape: TableShape | null
  /** The form of the lines, if DuckDB needs a copy with others; else null. */
  readonly form: LineForm | null
  /** The rows of a header that has several; null if it has one, or none. */
  readonly header: TableShape['header']
}

/**
 * @param path UTF-8 text
 * @param reading what the user has chosen; the rest is detected
 * @throws StudioError BAD_INPUT if no table can be recognised in the file named `name`.
 */
export async function detectDialect(
  temporary: TemporaryDatabase,
  path: string,
  name: string,
  reading: ReadingOverrides = {},
): Promise<DetectedDialect> {
  const sample = join(temporary.folder, 'sample.csv')
  const lines = sampleLines(path)
  if (!lines.some((line) => line !== ''))
    throw badInput(
      `No table was recognised in ${name}: its lines are longer than ${longestSampleLine / 1000},000 characters.`,
      'Choose a file with one rating per line. Convert a table with one column per item to rows first.',
    )
  const shape = tableShape(lines)
  const form = formOf(shape, reading)
  const header = headerRowsOf(shape, reading)
  const asRead = form && shape ? lines.map((line) => rewritten(line, form, shape.delimiter)) : lines
  // Further rows of the header would hide what is in the columns.
  const shown = header ? asRead.toSpliced(header.lines[1], header.lines[2] - header.lines[1]) : asRead
  writeFileSync(sample, shown.join('\n'))
  const short = header ? null : shortHeaderOf(shape, reading)
  const known: ReadingOverrides =
    header && shape
      ? { ...knownOf(shape, reading, lines), header: true }
      : short && shape
        ? { ...knownOf(shape, reading, lines), header: false, skip: shape.skip }
        : knownOf(shape, reading, lines)
  let found = await sniff(temporary.connection, sample, sniffing(known))
  if (!found && known.delimiter !== undefined && known.quote !== '') {
    // A stray quote in one line hides all lines after it.
    const quoting = { delimiter: known.delimiter, quote: '"', escape: '"' }
    writeFileSync(sample, shown.map((line) => withoutStray(line, quoting)).join('\n'))
    found = await sniff(temporary.connection, sample, sniffing({ ...known, quote: '"' }))
  }
  if (!found)
    throw badInput(
      `No table was recognised in ${name}.`,
      'Choose a text file with one rating per line and at least a user and an item column.',
    )
  const none = (character: string): string => (character === '(empty)' ? '' : character)
  // Quotes may occur after a sample without any.
  const quote = known.quote ?? (none(found.Quote) || '"')
  const dialect = {
    delimiter: known.delimiter ?? found.Delimiter,
    quote,
    escape: quote === '' ? '' : none(found.Escape) || quote,
    header: found.HasHeader,
    named: found.HasHeader,
    skip: (short ? undefined : reading.skip) ?? firstLine(shown, known.skip ?? found.SkipRows),
    columns: found.Columns,
  }
  if (header?.names) {
    const all = unique(header.names.map((name, position) => (name === '' ? `column${position}` : name)))
    const columns = found.Columns.map(({ name, type }, position) => ({ name: all[position] ?? name, type }))
    return { dialect: { ...dialect, columns }, shape, form, header }
  }
  if (!short) return { dialect, shape, form, header }
  const named = {
    first: ['row', ...short.names],
    last: [...short.names, `column${short.names.length}`],
    empty: [...short.names, `column${short.names.length}`],
    none: short.names,
  } as const
  const names = unique(named[short.shift])
  const columns = found.Columns.map(({ type }, position) => ({ name: names[position] ?? `column${position}`, type }))
  return { dialect: { ...dialect, named: true, shift: short.shift, columns }, shape, form, header }
}

/** The form of the lines, unless the user chose another separator or other quotes than it has. */
function formOf(shape: TableShape | null, { delimiter, quote }: ReadingOverrides): LineForm | null {
  const form = shape?.form ?? null
  if (delimiter !== undefined && delimiter !== shape?.delimiter) return null
  return form === 'quoted rows' && (quote ?? '"') !== '"' ? null : form
}

/** The header with one name fewer than the rows have cells, unless the user has chosen the header or the skipped lines. */
function shortHeaderOf(
  shape: TableShape | null,
  { delimiter, header, skip }: ReadingOverrides,
): TableShape['shortHeader'] {
  if (!shape?.shortHeader || header === false || (delimiter ?? shape.delimiter) !== shape.delimiter) return null
  return skip === undefined || skip === shape.skip - 1 ? shape.shortHeader : null
}

/** The rows of a header that has several, unless the user has chosen the header or the skipped lines. */
function headerRowsOf(
  shape: TableShape | null,
  { delimiter, header, skip, quote }: ReadingOverrides,
): TableShape['header'] {
  if (!shape?.header || header !== undefined || quote !== undefined) return null
  return (delimiter ?? shape.delimiter) === shape.delimiter && (skip ?? shape.skip) === shape.skip ? shape.header : null
}

/** Makes column names unique the way DuckDB does. */
function unique(names: readonly string[]): string[] {
  const used = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let n = 1; used.has(free.toLowerCase()); n++) free = `${name}_${n}`
    used.add(free.toLowerCase())
    return free
  })
}

/** What DuckDB's sniffer detects in a sample; null if it recognises no table. */
async function sniff(connection: DuckDBConnection, path: string, options: string) {
  try {
    const result = await connection.runAndReadAll(
      `SELECT Delimiter, Quote, Escape, SkipRows, HasHeader, Columns
       FROM sniff_csv(${text(path)}, ignore_errors = true${options})`,
    )
    return sniffed.parse(result.getRowObjectsJson()[0])
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    if (!words.startsWith('Invalid Input Error')) throw error
    return null
  }
}

/** The first lines; the last one only if the file ends with it. */
function sampleLines(path: string): string[] {
  const head = headOf(path, sampleBytes)
  const lines = head.toString('utf8').split(/\r\n|\r|\n/)
  if (head.length === sampleBytes && lines.length > 1) lines.pop()
  return lines.filter((line) => line.length <= longestSampleLine)
}

/** What is known of a table before DuckDB's sniffer: the user's choices, then what its lines show. */
function knownOf(
  shape: TableShape | null,
  { delimiter, quote, header, skip, layout }: ReadingOverrides,
  lines: readonly string[],
): ReadingOverrides {
  if (!shape || (delimiter !== undefined && delimiter !== shape.delimiter)) return { delimiter, quote, header, skip }
  // Files with :: and tables with lines of dashes never quote, and titles in them contain stray quotes. In others, an id with an apostrophe could be taken for a quoted one.
  const neverQuotes = shape.delimiter === '::' || shape.form === 'ruled' || shape.form === 'boxed'
  const shown = neverQuotes ? '' : shape.quoted ? '"' : undefined
  const isMatrix = layout === 'matrix' || layout === 'matrix-of-items'
  const named = skip === undefined || skip === shape.skip ? headerOf(shape, lines, isMatrix) : null
  return {
    delimiter: shape.delimiter,
    quote: quote ?? shown,
    header: header ?? named ?? undefined,
    skip: skip ?? shape.skip,
  }
}

/** The same, as options of DuckDB's sniffer. */
function sniffing({ delimiter, quote, header, skip }: ReadingOverrides): string {
  const options = [
    delimiter !== undefined && `delim = ${text(delimiter)}`,
    quote !== undefined && `quote = ${text(quote)}`,
    quote === '' && `escape = ''`,
    header !== undefined && `header = ${header}`,
    skip !== undefined && `skip = ${skip}`,
  ].filter((option) => option !== false)
  return ['', ...options].join(', ')
}

/** Whether cells are column names; null if that is open. DuckDB cannot decide it either if all columns contain text. */
function headerOf(shape: TableShape, lines: readonly string[], isMatrix: boolean): boolean | null {
  const { first: cells, firstIsRow } = shape
  const below = (): string[][] => rowsBelow(lines, shape).filter((row) => row.length === cells.length)
  if (holdsNumber(cells) && isHeaderOfNumbers(cells, below(), isMatrix)) return true
  if (holdsNumber(cells) || firstIsRow) return false
  const says = (role: NamedRole): boolean => cells.some((cell) => roleOfName(cell)?.role === role)
  return nameInteractions(cells) || (says('user') && says('title')) ? true : null
}

/** DuckDB takes an empty line after the skipped ones for the header, so that line is skipped, too. */
function firstLine(lines: readonly string[], skip: number): number {
  let first = skip
  while (first < lines.length - 1 && lines[first] === '') first++
  return first
}

/** The table function call that reads every column of `path` as text; `extra` adds options. */
export function readAsText(path: string, dialect: Dialect, extra: readonly string[] = []): string {
  const { joined, added, constants = [] } = dialect
  const columns = cellColumns(dialect).map(({ name }) => `${text(name)}: 'VARCHAR'`)
  const options = [
    'auto_detect = false',
    `delim = ${text(dialect.delimiter)}`,
    `quote = ${text(dialect.quote)}`,
    `escape = ${text(dialect.escape)}`,
    `comment = ''`,
    `header = ${dialect.header}`,
    `skip = ${dialect.skip}`,
    `columns = {${columns.join(', ')}}`,
    `max_line_size = ${longestLine}`,
    // What folders such as date=2024-03-31 say is added below, as text.
    'hive_partitioning = false',
    ...extra,
  ]
  const file = `read_csv(${text(path)}, ${options.join(', ')})`
  const cells = added ? withAdded(file, cellColumns(dialect), added) : file
  const said = constants.map(
    ({ name, value }) => `${value === '' ? 'NULL::VARCHAR' : text(value)} AS ${identifier(name)}`,
  )
  const read = said.length > 0 ? `(SELECT *, ${said.join(', ')} FROM ${cells})` : cells
  return joined ? `(SELECT *, ${joined.sql} AS ${identifier(joined.name)} FROM ${read})` : read
}

/**
 * SQL of all rows of a file, each with its number in the file. DuckDB leaves out lines with invalid text only if it needs their column: all columns are
 * needed here, so that every reading has the same rows.
 */
export const wholeRows = (read: string, columns: Dialect['columns']): string =>
  `(SELECT * FROM ${read} WHERE strlen(concat(${columns.map(({ name }) => identifier(name)).join(', ')})) >= 0)`

function withAdded(
  read: string,
  columns: Dialect['columns'],
  { table, column, key, columns: others }: AddedColumns,
): string {
  const own = columns.map(({ name }) => `own.${identifier(name)}`)
  // A preview may add columns to the first rows only.
  const isSame = `own.${identifier(column)} IS NOT DISTINCT FROM ${table}.${identifier(key)}`
  const added = others.map(
    ({ name, of }) => `CASE WHEN ${isSame} THEN ${table}.${identifier(of)} END AS ${identifier(name)}`,
  )
  return `(SELECT ${[...own, ...added].join(', ')} FROM ${wholeRows(read, columns)} AS own POSITIONAL JOIN ${table})`
}

/** The columns that exist in the file itself. */
export const cellColumns = ({ columns, added, constants, joined }: Dialect): Dialect['columns'] =>
  columns.slice(0, columns.length - (joined ? 1 : 0) - (constants?.length ?? 0) - (added?.columns.length ?? 0))

/** The SQL identifier of a column. @throws StudioError BAD_INPUT that lists the existing columns. */
export function columnOf(dialect: Dialect, column: string, file: string): string {
  if (dialect.columns.some(({ name }) => name === column)) return identifier(column)
  const names = dialect.columns.slice(0, 20).map(({ name }) => name)
  throw new StudioError({
    code: 'BAD_INPUT',
    message: `${file} has no column “${column}”. It has the columns ${names.join(', ')}${dialect.columns.length > 20 ? ', …' : ''}.`,
    next: 'Choose one of these columns.',
  })
}

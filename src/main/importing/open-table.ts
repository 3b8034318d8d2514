import { type FileRole, type FoundFile, withoutItems } from '../../shared/found-files'
import type { FormatName } from '../../shared/format-options'
import type { Choice, ItemsReading, ReadingOverrides, TextEncoding } from '../../shared/reading'
import type { NamedFile } from './source-file'
import { withColumnsOfPath } from './columns-of-path'
import { type Dialect, detectDialect } from './dialect'
import type { TemporaryDatabase } from './duckdb'
import { unpack } from './archives/unpack'
import { formats } from './formats/all'
import type { Conversion, ConvertedText, Format } from './formats/format'
import { firstRowsWithAdded, joinHeader, refersTo } from './join-header'
import { groupedText } from './grouped-text'
import { joinedTime, withJoinedTime } from './joined-time'
import { encodingChoice, layoutChoices } from './layout-choices'
import { listText } from './list-text'
import { matrixText } from './matrix-text'
import { latinDigits } from './native-digits'
import { textOfRows } from './row-ends'
import { oneOfTables } from './side-by-side'
import { numberedColumns } from './numbered-columns'
import { mendQuotes } from './stray-quotes'
import { evenRows } from './uneven-rows'
import { headOf, plainText, textForm, withEmptyLines, withLines, withoutUtf16 } from './plain-text'

/** The files of an import after unpacking archives. */
export interface PlainFiles {
  readonly ratings: readonly NamedFile[]
  readonly items: NamedFile | null
  /** Tables whose columns are added to the rows of the ratings. */
  readonly joined: readonly NamedFile[]
}

/**
 * Unpacks archives. Items come from the items file if there is one, else from an archive of ratings that has one.
 * @param roles the roles that the user gave to files of archives, by path within them
 * @throws StudioError BAD_INPUT for an archive that cannot or should not be unpacked
 */
export async function plainFiles(
  files: Pick<PlainFiles, 'ratings' | 'items'> & { readonly joined?: readonly NamedFile[] | undefined },
  folder: string,
  signal: AbortSignal | null,
  roles: Readonly<Record<string, FileRole>> = {},
): Promise<PlainFiles & { readonly files: readonly FoundFile[] }> {
  const ratings: NamedFile[] = []
  const found: FoundFile[] = []
  const joined: NamedFile[] = []
  for (const file of files.joined ?? []) joined.push(...(await unpack(file, folder, signal)).ratings)
  let items = files.items && ((await unpack(files.items, folder, signal)).ratings[0] ?? null)
  for (const file of files.ratings) {
    const unpacked = await unpack(file, folder, signal, roles)
    ratings.push(...unpacked.ratings)
    joined.push(...unpacked.joined)
    found.push(...(items === null ? unpacked.files : unpacked.files.map(withoutItems)))
    items ??= unpacked.items
  }
  return { ratings, items, joined, files: found }
}

/** A table as text that DuckDB can read. */
export interface OpenTable {
  readonly path: string
  readonly dialect: Dialect
  /** The name of the file's format. */
  readonly format: FormatName
  /** Tables or sheets to choose from, beginning with the one that was read. */
  readonly tables: readonly string[]
  /** For delimited text; null for every other format. */
  readonly encoding: TextEncoding | null
  /** The dialect of the file itself; `dialect` is that of the text at `path`, in which a matrix is converted to a list. */
  readonly written: Dialect
  /** Lines before the table; long ones are cut off. */
  readonly preamble: readonly string[]
  /** The choices about its format, with their evidence. */
  readonly choices: readonly Choice[]
  /** Columns that number the rows of the file, if each of them became several rows of the text. */
  readonly rowNumbers?: readonly string[]
  /** The file's line from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}
const sameLine = (line: number): number => line

const longestPreambleLine = 200

/**
 * Opens a file of any format as UTF-8 text.
 * @param options.limit sufficient bytes of text, for a preview
 * @param options.reading the user's choices; the rest is detected
 * @throws StudioError BAD_INPUT for anything that is not a table, saying what it is.
 */
export async function openTable(
  temporary: TemporaryDatabase,
  file: NamedFile,
  options: OpenOptions,
): Promise<OpenTable> {
  const whole = await withHeaders(temporary, file, await openAsRows(temporary, file, options), options)
  const table =
    options.holds === 'items'
      ? whole
      : { ...whole, dialect: withColumnsOfPath(whole.dialect, file, options.isOneOfSeveral === true) }
  const joined =
    options.holds === 'items'
      ? null
      : await joinedTime(table, (most) => firstRowsWithAdded(temporary.connection, table, most))
  return joined ? { ...table, dialect: withJoinedTime(table.dialect, joined) } : table
}

/** A table with the columns that others add to its rows. */
async function withHeaders(
  temporary: TemporaryDatabase,
  file: NamedFile,
  table: OpenTable,
  { joined = [], ...options }: OpenOptions,
): Promise<OpenTable> {
  const headers = []
  for (const { name, inside, path } of joined)
    headers.push({
      ...(await openAsWritten(temporary, { name, path }, { signal: options.signal })),
      name,
      inside,
    })
  let whole = table
  while (headers.length > 0) {
    const lines = { name: file.name, path: whole.path, dialect: whole.dialect }
    // Customers may be joined by a column that only orders have, in whatever order the files are given.
    let at = 0
    for (const [position, header] of headers.length > 1 ? headers.entries() : [])
      if (await refersTo(temporary, lines, header)) {
        at = position
        break
      }
    const [header] = headers.splice(at, 1)
    if (!header) break
    const found = await joinHeader(temporary, lines, header, options.limit === undefined)
    whole = { ...whole, dialect: found.dialect, choices: [...whole.choices, found.choice] }
  }
  return whole
}

/** Opens a file with one row per interaction, whatever its layout. */
async function openAsRows(temporary: TemporaryDatabase, file: NamedFile, options: OpenOptions): Promise<OpenTable> {
  const whole = await openAsWritten(temporary, file, options)
  const conversion = conversionOf(temporary, options)
  const part = await oneOfTables(whole, file.name, conversion)
  const table = part
    ? {
        ...whole,
        ...part,
        lineOf: (line: number) => whole.lineOf(part.lineOf(line)),
        choices: [...whole.choices, ...part.choices],
      }
    : whole
  const numbered = await numberedColumns(table, file.name, conversion)
  if (numbered)
    return {
      ...table,
      ...numbered,
      lineOf: (line) => table.lineOf(numbered.lineOf(line)),
      choices: [...table.choices, ...numbered.choices],
    }
  const matrix = await matrixText(table, file.name, conversion, options.reading ?? {})
  const choices = [...table.choices, ...matrix.choices]
  if ('path' in matrix) return { ...table, ...matrix, lineOf: (line) => table.lineOf(matrix.lineOf(line)), choices }
  const grouped = await groupedText(table, file.name, conversion)
  if (grouped)
    return {
      ...table,
      ...grouped,
      lineOf: (line) => table.lineOf(grouped.lineOf(line)),
      choices: [...choices, ...grouped.choices],
    }
  const unfolded = table.choices.filter(({ about }) => about === 'layout').map(({ column }) => column)
  const { lists } = options
  const mayBeItem = (column: string): boolean => lists === undefined || lists.includes(column)
  const list = await listText(table, file.name, conversion, unfolded, mayBeItem)
  if (!list) return { ...table, choices }
  return {
    ...table,
    ...list,
    lineOf: (line) => table.lineOf(list.lineOf(line)),
    choices: [...choices, ...list.choices],
  }
}

/** Options for an items file: the user's choices, and never a rating matrix. */
export const asItems = ({ table, ...layout }: ItemsReading = {}): Omit<OpenOptions, 'signal' | 'limit'> => ({
  holds: 'items',
  table: table ?? null,
  reading: { ...layout, layout: 'list' },
})

export interface OpenOptions {
  readonly signal: AbortSignal | null
  readonly limit?: number
  readonly table?: string | null
  readonly reading?: ReadingOverrides
  readonly holds?: Conversion['holds']
  /** Whether other files have ratings, too, so that the file's name may say whose they are. */
  readonly isOneOfSeveral?: boolean
  /** Tables whose columns are added to the rows of this one. */
  readonly joined?: readonly NamedFile[] | undefined
  /** The columns of users and items: a list in any other cell is a remark or an attribute. Any column may have the items as long as they are not known. */
  readonly lists?: readonly string[] | undefined
  /** The columns that a person chose for users and items before they are known. */
  readonly wanted?: readonly string[] | undefined
}

const conversionOf = (
  { folder }: TemporaryDatabase,
  {
    signal,
    limit = Infinity,
    table = null,
    reading = {},
    holds = 'interactions',
    lists,
    wanted = lists ?? [],
  }: OpenOptions,
): Conversion => ({ folder, signal, limit, table, holds, wanted, known: reading })

async function openAsWritten(temporary: TemporaryDatabase, file: NamedFile, options: OpenOptions): Promise<OpenTable> {
  const { signal, limit = Infinity, reading = {} } = options
  // Text formats are recognised and read as UTF-8.
  const readable = await withoutUtf16(file, temporary.folder, signal)
  const head = headOf(readable.path, 4096)
  const format = formats.find(
    (candidate) =>
      candidate.recognises(head, readable) && !(candidate.anyEncoding === true && reading.delimiter !== undefined),
  )
  if (format && format.anyEncoding !== true)
    return asConverted(format, await format.toText(readable, conversionOf(temporary, options)))
  const form = await textForm(file, signal, { limit, encoding: reading.encoding })
  const plain = await plainText(file, form, temporary.folder, signal, limit)
  const withDigits = (path: string) =>
    form.nativeDigits ? latinDigits(path, file.name, temporary.folder, signal, limit) : null
  if (format) {
    const converted = await format.toText({ name: file.name, path: plain }, conversionOf(temporary, options))
    const digits = await withDigits(converted.path)
    const choices = [
      encodingChoice(file.name, form.finding),
      ...(converted.choices ?? []),
      ...(digits ? [digits.choice] : []),
    ]
    return asConverted(format, { ...converted, path: digits?.path ?? converted.path, choices })
  }
  const digits = await withDigits(plain)
  const anyEnds = digits?.path ?? plain
  const ofAnyEnds = await detectDialect(temporary, anyEnds, file.name, reading)
  const rows = digits ? null : await textOfRows(temporary, file, form, plain, ofAnyEnds, reading, { signal, limit })
  const { path: text, detected } = rows ?? { path: anyEnds, detected: ofAnyEnds }
  const { dialect, form: lines } = detected
  const shown = lines ? await withLines(text, temporary.folder, signal, lines, dialect.delimiter) : text
  const quotes =
    form.quotes && reading.quote === undefined ? await mendQuotes(temporary, shown, dialect, file.name, signal) : null
  const closed = quotes?.path ?? shown
  const lineOf = rows?.lineOf ?? sameLine
  const even =
    lines === null && reading.quote === undefined
      ? await evenRows(temporary, closed, dialect, file.name, {
          signal,
          limit,
          lineOf,
          firstRow: detected.header?.lines[2] ?? null,
        })
      : null
  const path = even?.path ?? closed
  const before = preambleOf(path, dialect)
  // What was drawn around a table is empty in the copy.
  const preamble = lines === 'boxed' && before.every((line) => line.trim() === '') ? [] : before
  const choices = [
    encodingChoice(file.name, form.finding),
    ...layoutChoices(file.name, detected, reading, preamble),
    ...(rows ? [rows.choice] : []),
    ...(quotes ? [quotes.choice] : []),
    ...(even?.choices ?? []),
    ...(digits ? [digits.choice] : []),
  ]
  const { header } = detected
  // DuckDB skips rows and everything else lines, which quoted names with line breaks would tell apart: empty lines are no rows for either.
  const below = header
    ? {
        path: await withEmptyLines(path, temporary.folder, signal, [header.lines[0], header.lines[2]]),
        dialect: { ...dialect, header: false, titles: header.titles ?? undefined },
      }
    : { path, dialect }
  return {
    ...below,
    written: dialect,
    format: 'delimited text',
    tables: [],
    encoding: form.encoding,
    preamble,
    choices,
    lineOf,
  }
}

const asConverted = ({ name }: Format, converted: ConvertedText): OpenTable => ({
  choices: [],
  lineOf: sameLine,
  ...converted,
  written: converted.dialect,
  preamble: [],
  format: name,
  encoding: null,
})

/** The skipped lines without the header. */
function preambleOf(path: string, { skip, shift }: Dialect): string[] {
  const lines = shift ? skip - 1 : skip
  if (lines <= 0) return []
  const head = headOf(path, 4 * 1024 * 1024).toString('utf8')
  return head.split(/\r\n|\r|\n/, lines).map((line) => line.replace('\ufeff', '').slice(0, longestPreambleLine))
}

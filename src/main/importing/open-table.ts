import { type FileRole, type FoundFile, withoutItems } from '../../shared/found-files'
import type { FormatName } from '../../shared/format-options'
import type { Choice, ItemsReading, ReadingOverrides, TextEncoding } from '../../shared/reading'
import type { NamedFile } from './source-file'
import { type Dialect, detectDialect } from './dialect'
import type { TemporaryDatabase } from './duckdb'
import { unpack } from './archives/unpack'
import { formats } from './formats/all'
import type { Conversion } from './formats/format'
import { groupedText } from './grouped-text'
import { joinedTime, withJoinedTime } from './joined-time'
import { layoutChoices } from './layout-choices'
import { listText } from './list-text'
import { matrixText } from './matrix-text'
import { mendQuotes } from './stray-quotes'
import { headOf, plainText, singleSpaced, textForm, withoutUtf16 } from './plain-text'

/** The files of an import: none of them an archive. */
export interface PlainFiles {
  readonly ratings: readonly NamedFile[]
  readonly items: NamedFile | null
}

/**
 * Unpacks what is packed. Items come from the file that was given for them, else from an archive of ratings that has some.
 * @param roles what a person says of the files of archives, by path within them
 * @throws StudioError BAD_INPUT for an archive that cannot or should not be unpacked
 */
export async function plainFiles(
  files: PlainFiles,
  folder: string,
  signal: AbortSignal | null,
  roles: Readonly<Record<string, FileRole>> = {},
): Promise<PlainFiles & { readonly files: readonly FoundFile[] }> {
  const ratings: NamedFile[] = []
  const found: FoundFile[] = []
  let items = files.items && ((await unpack(files.items, folder, signal)).ratings[0] ?? null)
  for (const file of files.ratings) {
    const unpacked = await unpack(file, folder, signal, roles)
    ratings.push(...unpacked.ratings)
    found.push(...(items === null ? unpacked.files : unpacked.files.map(withoutItems)))
    items ??= unpacked.items
  }
  return { ratings, items, files: found }
}

/** A table as text that DuckDB reads. */
export interface OpenTable {
  readonly path: string
  readonly dialect: Dialect
  /** What kind of file it was, for people. */
  readonly format: FormatName
  /** Tables or sheets to choose among, the one that was read first. */
  readonly parts: readonly string[]
  /** Of delimited text; null for every other format. */
  readonly encoding: TextEncoding | null
  /** How the file itself is written; `dialect` is that of the text at `path`, which lists what a matrix holds. */
  readonly written: Dialect
  /** Lines before the table, cut where they are long. */
  readonly preamble: readonly string[]
  /** How it was found to be written, with what speaks for it. */
  readonly choices: readonly Choice[]
  /** The file's line that a line of the text comes from. */
  readonly lineOf: (line: number) => number
}
const sameLine = (line: number): number => line

const longestPreambleLine = 200

/**
 * Opens a file of any format as UTF-8 text.
 * @param options.limit bytes of text that are enough, for a preview
 * @param options.reading what is known of delimited text beforehand; the rest is detected
 * @throws StudioError BAD_INPUT for anything that is no table, naming what it is.
 */
export async function openTable(
  temporary: TemporaryDatabase,
  file: NamedFile,
  options: OpenOptions,
): Promise<OpenTable> {
  const table = await openAsRows(temporary, file, options)
  const joined = options.holds === 'items' ? null : await joinedTime(table)
  return joined ? { ...table, dialect: withJoinedTime(table.dialect, joined) } : table
}

/** With one row for each interaction, however the file lists them. */
async function openAsRows(temporary: TemporaryDatabase, file: NamedFile, options: OpenOptions): Promise<OpenTable> {
  const table = await openAsWritten(temporary, file, options)
  const conversion = conversionOf(temporary, options)
  const matrix = await matrixText(table, file.name, conversion, options.reading?.layout)
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
  const list = await listText(table, file.name, conversion, unfolded)
  if (!list) return { ...table, choices }
  return {
    ...table,
    ...list,
    lineOf: (line) => table.lineOf(list.lineOf(line)),
    choices: [...choices, ...list.choices],
  }
}

/** How a file of items is opened: as what a person says of it, and never as a rating matrix. */
export const asItems = ({ part, ...layout }: ItemsReading = {}): Omit<OpenOptions, 'signal' | 'limit'> => ({
  holds: 'items',
  part: part ?? null,
  reading: { ...layout, layout: 'list' },
})

export interface OpenOptions {
  readonly signal: AbortSignal | null
  readonly limit?: number
  readonly part?: string | null
  readonly reading?: ReadingOverrides
  readonly holds?: Conversion['holds']
}

const conversionOf = (
  { folder }: TemporaryDatabase,
  { signal, limit = Infinity, part = null, reading = {}, holds = 'interactions' }: OpenOptions,
): Conversion => ({ folder, signal, limit, part, holds, known: reading })

async function openAsWritten(temporary: TemporaryDatabase, file: NamedFile, options: OpenOptions): Promise<OpenTable> {
  const { signal, limit = Infinity, reading = {} } = options
  // Formats of text are recognised and read as UTF-8.
  const readable = await withoutUtf16(file, temporary.folder, signal)
  const head = headOf(readable.path, 4096)
  const format = formats.find((candidate) => candidate.recognises(head, readable))
  if (format) {
    const converted = await format.toText(readable, conversionOf(temporary, options))
    return {
      choices: [],
      lineOf: sameLine,
      ...converted,
      written: converted.dialect,
      preamble: [],
      format: format.name,
      encoding: null,
    }
  }
  const form = await textForm(file, signal, { limit, encoding: reading.encoding })
  const text = await plainText(file, form, temporary.folder, signal, limit)
  const detected = await detectDialect(temporary, text, file.name, reading)
  const { dialect, spacing } = detected
  const spaced = spacing ? await singleSpaced(text, temporary.folder, signal, spacing) : text
  const quotes =
    form.quotes && reading.quote === undefined ? await mendQuotes(temporary, spaced, dialect, file.name, signal) : null
  const path = quotes?.path ?? spaced
  const preamble = preambleOf(path, dialect)
  const choices = [
    ...layoutChoices(file.name, detected, reading, preamble, form.finding),
    ...(quotes ? [quotes.choice] : []),
  ]
  return {
    path,
    dialect,
    written: dialect,
    format: 'delimited text',
    parts: [],
    encoding: form.encoding,
    preamble,
    choices,
    lineOf: sameLine,
  }
}

/** The lines that are skipped, without a header among them. */
function preambleOf(path: string, { skip, shift }: Dialect): string[] {
  const lines = shift ? skip - 1 : skip
  if (lines <= 0) return []
  const head = headOf(path, 4 * 1024 * 1024).toString('utf8')
  return head.split(/\r\n|\r|\n/, lines).map((line) => line.replace('\ufeff', '').slice(0, longestPreambleLine))
}

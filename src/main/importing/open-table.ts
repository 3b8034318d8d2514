import type { Choice, ReadingOverrides, TextEncoding } from '../../shared/reading'
import type { NamedFile } from './source-file'
import { type Dialect, detectDialect } from './dialect'
import type { Scratch } from './duckdb'
import { unpack } from './archives/unpack'
import { formats } from './formats/all'
import { layoutChoices } from './layout-choices'
import { mendQuotes } from './stray-quotes'
import { headOf, plainText, singleSpaced, textForm } from './plain-text'

/** The files of an import: none of them an archive. */
export interface PlainFiles {
  readonly ratings: readonly NamedFile[]
  readonly items: NamedFile | null
}

/**
 * Unpacks what is packed. Items come from the file that was given for them, else from an archive of ratings that has some.
 * @throws StudioError BAD_INPUT for an archive that cannot or should not be unpacked
 */
export async function plainFiles(files: PlainFiles, folder: string, signal: AbortSignal | null): Promise<PlainFiles> {
  const ratings: NamedFile[] = []
  let items: NamedFile | null = null
  for (const file of files.ratings) {
    const unpacked = await unpack(file, folder, signal)
    ratings.push(...unpacked.ratings)
    items ??= unpacked.items
  }
  if (files.items) items = (await unpack(files.items, folder, signal)).ratings[0] ?? null
  return { ratings, items }
}

/** A table as text that DuckDB reads. */
export interface OpenTable {
  readonly path: string
  readonly dialect: Dialect
  /** What kind of file it was, for people. */
  readonly format: string
  /** Tables or sheets to choose among, the one that was read first. */
  readonly parts: readonly string[]
  /** Of delimited text; null for every other format. */
  readonly encoding: TextEncoding | null
  /** Lines before the table, cut where they are long. */
  readonly preamble: readonly string[]
  /** How it was found to be written, with what speaks for it. */
  readonly choices: readonly Choice[]
}

const longestPreambleLine = 200

/**
 * Opens a file of any format as UTF-8 text.
 * @param options.limit bytes of text that are enough, for a preview
 * @param options.reading what is known of delimited text beforehand; the rest is detected
 * @throws StudioError BAD_INPUT for anything that is no table, naming what it is.
 */
export async function openTable(
  scratch: Scratch,
  file: NamedFile,
  {
    signal,
    limit = Infinity,
    part = null,
    reading = {},
  }: { signal: AbortSignal | null; limit?: number; part?: string | null; reading?: ReadingOverrides },
): Promise<OpenTable> {
  const head = headOf(file.path, 4096)
  const format = formats.find((candidate) => candidate.recognises(head, file))
  if (format) {
    const converted = await format.toText(file, { folder: scratch.folder, signal, limit, part })
    return { choices: [], ...converted, preamble: [], format: format.name, encoding: null }
  }
  const form = await textForm(file, signal, { limit, encoding: reading.encoding })
  const text = await plainText(file, form, scratch.folder, signal, limit)
  const detected = await detectDialect(scratch, text, file.name, reading)
  const { dialect, runs } = detected
  const spaced = runs ? await singleSpaced(text, scratch.folder, signal) : text
  const quotes =
    form.quotes && reading.quote === undefined ? await mendQuotes(scratch, spaced, dialect, file.name, signal) : null
  const path = quotes?.path ?? spaced
  const preamble = preambleOf(path, dialect)
  const choices = [
    ...layoutChoices(file.name, detected, reading, preamble, form.finding),
    ...(quotes ? [quotes.choice] : []),
  ]
  return { path, dialect, format: 'delimited text', parts: [], encoding: form.encoding, preamble, choices }
}

/** The lines that are skipped, without a header among them. */
function preambleOf(path: string, { skip, shift }: Dialect): string[] {
  const lines = shift ? skip - 1 : skip
  if (lines <= 0) return []
  const head = headOf(path, 4 * 1024 * 1024).toString('utf8')
  return head.split(/\r\n|\r|\n/, lines).map((line) => line.replace('\ufeff', '').slice(0, longestPreambleLine))
}

import type { FormatName } from '../../../shared/format-options'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import type { Dialect } from '../dialect'
import type { NamedFile } from '../source-file'

/** Where a conversion works and how far it goes. */
export interface Conversion {
  /** Folder for the text; gone after the import or preview. */
  readonly folder: string
  readonly signal: AbortSignal | null
  /** Bytes of text that are enough (a preview); the whole file where it is `Infinity`. */
  readonly limit: number
  /** Table of a database, sheet of a workbook; null: the likeliest. */
  readonly part: string | null
  /** What it is read for, which tells the likeliest of several tables or sheets. */
  readonly holds: 'interactions' | 'items'
  /** What a person says of the table. */
  readonly known: Pick<ReadingOverrides, 'skip' | 'header' | 'layout'>
}

/** A file's table as UTF-8 text, one line for each of its rows, so that a row's line tells where it stands in the file. */
export interface ConvertedText {
  readonly path: string
  readonly dialect: Dialect
  /** Tables or sheets to choose among, the one that was read first; empty where a file holds one table. */
  readonly parts: readonly string[]
  /** What had to be told about it, with what speaks for it. */
  readonly choices?: readonly Choice[]
  /** The file's line that a line of the text comes from, where it is another. */
  readonly lineOf?: (line: number) => number
}

/** A kind of file that is not delimited text: how it is known, and how its table becomes text. */
export interface Format {
  /** What people call it. */
  readonly name: FormatName
  /** @param head the file's first 4096 bytes, @param file for its name */
  recognises(head: Buffer, file: NamedFile): boolean
  /** @throws StudioError BAD_INPUT for a damaged file or one without a table, naming it. */
  toText(file: NamedFile, conversion: Conversion): Promise<ConvertedText>
}

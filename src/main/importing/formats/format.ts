import type { FormatName } from '../../../shared/format-options'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import type { Dialect } from '../dialect'
import type { NamedFile } from '../source-file'

/** The conditions of a conversion. */
export interface Conversion {
  /** Folder for the text; deleted after the import or preview. */
  readonly folder: string
  readonly signal: AbortSignal | null
  /** Sufficient bytes of text, for a preview; `Infinity` for the whole file. */
  readonly limit: number
  /** Table of a database or sheet of a workbook; null for the likeliest. */
  readonly table: string | null
  /** What the table is needed for, which determines the likeliest of several tables or sheets. */
  readonly holds: 'interactions' | 'items'
  /** The columns of users and items, as far as they are known or chosen: a name within a list makes its elements rows. */
  readonly wanted?: readonly string[]
  /** The user's choices about the table. */
  readonly known: Pick<ReadingOverrides, 'skip' | 'header' | 'layout'>
}

/** A file's table as UTF-8 text with one line per row, so that a row's line number locates it in the file. */
export interface ConvertedText {
  readonly path: string
  readonly dialect: Dialect
  /** Tables or sheets to choose from, beginning with the one that was read; empty if a file has only one table. */
  readonly tables: readonly string[]
  /** The choices made in reading it, with their evidence. */
  readonly choices?: readonly Choice[]
  /** Maps a line of the text to its line in the file; missing if they are the same. */
  readonly lineOf?: (line: number) => number
}

/** A file format other than delimited text: how it is recognised and converted to text. */
export interface Format {
  /** Its name in messages. */
  readonly name: FormatName
  /**
   * Whether it is text that people and programs write in any encoding, which is detected: `toText` is given the file as UTF-8. A separator that the
   * user chose makes it delimited text.
   */
  readonly anyEncoding?: true
  /** @param head the file's first 4096 bytes, @param file for its name */
  recognises(head: Buffer, file: NamedFile): boolean
  /** @throws StudioError BAD_INPUT for a damaged file or one without a table, naming it. */
  toText(file: NamedFile, conversion: Conversion): Promise<ConvertedText>
}

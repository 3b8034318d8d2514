import { isAscii, isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream, openSync, readSync, closeSync, symlinkSync, copyFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { wasChosen } from '../../shared/certainty'
import { badInput } from '../../shared/errors'
import type { TextEncoding } from '../../shared/reading'
import { decodedText, type Decoder, decoderOf } from './code-pages'
import { refuseForeign } from './foreign-files'
import { mayHaveNativeDigits } from './native-digits'
import { rewriteLines } from './rewritten-lines'
import type { NamedFile } from './source-file'
import { type LineForm, rewritten } from './table-shape'
import { certainly, EncodingEvidence, type EncodingFinding } from './text-encoding'

/** Longest line that DuckDB reads, in bytes; longer ones are rejected. */
export const longestLine = 2_000_000

export interface TextForm {
  readonly encoding: TextEncoding
  /** Whether the file has to be read from a copy: it has mixed line endings or lines that are too long for DuckDB, or it is not UTF-8. */
  readonly needsCopy: boolean
  /** The line endings that occur; all of them where that is not known. */
  readonly ends: LineEnds
  /** Whether it contains a quote. */
  readonly quotes: boolean
  /** Whether it may have digits of other scripts than ours. */
  readonly nativeDigits: boolean
  /** The detected encoding with its evidence. */
  readonly finding: EncodingFinding
}

const wantsText = 'Choose a text file with one rating per line, such as CSV or TSV, or export this file as one.'

export function headOf(path: string, bytes: number): Buffer {
  const head = Buffer.alloc(bytes)
  const descriptor = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(descriptor, head, 0, bytes, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** Detects UTF-16 by its byte order mark, or by every other byte being zero, as in text of western alphabets; formats with numbers in them begin with a word without zeros. */
function utf16(head: Buffer): TextEncoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros: [number, number] = [0, 0]
  if (head.subarray(0, 4).every((byte) => byte !== 0)) return null
  head.forEach((byte, i) => (zeros[i % 2 === 0 ? 0 : 1] += byte === 0 ? 1 : 0))
  const half = head.length / 2
  if (zeros[1] > 0.4 * half && zeros[0] < 0.05 * half) return 'utf-16le'
  if (zeros[0] > 0.4 * half && zeros[1] < 0.05 * half) return 'utf-16be'
  return null
}

/** A UTF-8 copy of a UTF-16 file; any other file itself. */
export async function withoutUtf16(file: NamedFile, temporary: string, signal: AbortSignal | null): Promise<NamedFile> {
  const encoding = utf16(headOf(file.path, 4096))
  if (!encoding) return file
  const path = join(temporary, `text-${nextCopy++}.json`)
  const decoder = new TextDecoder(encoding)
  async function* text(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  }
  await pipeline(createReadStream(file.path), text, createWriteStream(path), signal ? { signal } : {})
  return { path, name: file.name }
}

/** Number of bytes at the end of `chunk` that begin a UTF-8 character of the next chunk. */
function unfinished(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const byte = chunk[chunk.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

/**
 * Reads the file once and detects the form of its text.
 * @param options.limit bytes to examine, for a preview; by default the whole file
 * @param options.encoding the encoding that the user chose
 * @throws StudioError BAD_INPUT for anything that is not text, saying what it is.
 */
export async function textForm(
  file: NamedFile,
  signal: AbortSignal | null,
  { limit = Infinity, encoding }: { limit?: number; encoding?: TextEncoding | undefined } = {},
): Promise<TextForm> {
  const head = headOf(file.path, 4096)
  refuseForeign(head, file)
  if (encoding?.startsWith('utf-16'))
    return {
      encoding,
      needsCopy: true,
      ends: allEnds,
      quotes: true,
      nativeDigits: true,
      finding: certainly(encoding, wasChosen),
    }
  const wide = utf16(head)
  if (wide && encoding === undefined)
    return {
      encoding: wide,
      needsCopy: true,
      ends: allEnds,
      quotes: true,
      nativeDigits: true,
      finding: certainly(wide, 'Every character has two bytes.'),
    }

  let quotes = false
  let [ascii, nativeDigits] = [true, false]
  let offset = 0
  const evidence = new EncodingEvidence()
  const ends: LineEnds = { lineFeed: false, pair: false, carriageReturn: false }
  let carried = Buffer.alloc(0)
  /** Bytes since the last line ending, and whether a line was too long for DuckDB. */
  let [line, tooLong] = [0, false]
  const end = limit === Infinity ? {} : { end: limit - 1 }
  for await (const read of createReadStream(file.path, { highWaterMark: 1 << 20, ...end })) {
    signal?.throwIfAborted()
    const chunk = carried.length === 0 ? (read as Buffer) : Buffer.concat([carried, read as Buffer])
    if (chunk.includes(0))
      throw badInput(`The file ${file.name} contains NUL bytes, so it is not a text file with ratings.`, wantsText)
    // The next chunk may begin with the line feed of a carriage return at the end.
    const rest = Math.max(unfinished(chunk), chunk.at(-1) === 0x0d ? 1 : 0)
    const whole = chunk.subarray(0, chunk.length - rest)
    carried = Buffer.from(chunk.subarray(chunk.length - rest))
    evidence.look(whole, offset)
    offset += whole.length
    if (!isAscii(whole)) {
      ascii = false
      nativeDigits ||= mayHaveNativeDigits(whole)
    }
    quotes ||= whole.includes(0x22) || whole.includes(0x27)
    noteLineEnds(whole, ends)
    const last = Math.max(whole.lastIndexOf(0x0a), whole.lastIndexOf(0x0d))
    line = last === -1 ? line + whole.length : whole.length - last - 1
    tooLong ||= line > longestLine
  }
  if (carried[0] === 0x0d) ends.carriageReturn = true
  else if (carried.length > 0 && limit === Infinity) evidence.look(carried, offset)
  const mixed = [ends.lineFeed, ends.pair, ends.carriageReturn].filter(Boolean).length > 1
  const finding = encoding === undefined ? evidence.finding(file.path) : certainly(encoding, wasChosen)
  return {
    encoding: finding.encoding,
    needsCopy: mixed || tooLong || finding.encoding !== 'utf-8',
    ends,
    quotes,
    // In other encodings these digits have other bytes.
    nativeDigits: finding.encoding === 'utf-8' ? nativeDigits : !ascii,
    finding,
  }
}

/** Which line endings occur. */
export interface LineEnds {
  lineFeed: boolean
  /** Carriage return and line feed. */
  pair: boolean
  carriageReturn: boolean
}

const allEnds: LineEnds = { lineFeed: true, pair: true, carriageReturn: true }

/** The line endings that end rows: any, or all but those that stand for themselves within values. */
export type RowEnds = 'any' | 'no carriage return' | 'pairs only'

/** How each line ending is written where only some of them end rows: as a line feed, or as a space. */
const written: Readonly<Record<RowEnds, (end: string) => string>> = {
  any: () => '\n',
  'no carriage return': (end) => (end === '\r' ? ' ' : '\n'),
  'pairs only': (end) => (end === '\r\n' ? '\n' : ' '),
}

function noteLineEnds(bytes: Buffer, ends: LineEnds): void {
  for (let at = bytes.indexOf(0x0a); at !== -1 && !ends.lineFeed; at = bytes.indexOf(0x0a, at + 1))
    if (bytes[at - 1] !== 0x0d) ends.lineFeed = true
  for (let at = bytes.indexOf(0x0d); at !== -1 && !(ends.pair && ends.carriageReturn); at = bytes.indexOf(0x0d, at + 1))
    if (bytes[at + 1] === 0x0a) ends.pair = true
    else ends.carriageReturn = true
}

/**
 * A path to the file's text as UTF-8 with one kind of line ending, which DuckDB reads as one file: the file itself, or a
 * link or a copy in `temporary`.
 * @param noteWithin called with the copy's line for each line feed of the file that does not end a row
 */
export async function plainText(
  file: NamedFile,
  form: TextForm,
  temporary: string,
  signal: AbortSignal | null,
  limit = Infinity,
  rowEnds: RowEnds = 'any',
  noteWithin: (line: number) => void = () => undefined,
): Promise<string> {
  const path = resolve(file.path)
  const name = join(temporary, `text-${nextCopy++}.csv`)
  if (form.needsCopy) {
    const end = limit === Infinity ? {} : { end: limit - 1 }
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 20, ...end }),
      (chunks: AsyncIterable<Buffer>) => decoded(chunks, form, rowEnds, noteWithin),
      createWriteStream(name, form.encoding === 'utf-8' ? 'latin1' : 'utf8'),
      signal ? { signal } : {},
    )
    return name
  }
  return literalPath(path, temporary)
}
let nextCopy = 0

/** A copy of a text with its lines as they are read; line numbers do not change. */
export async function withLines(
  path: string,
  temporary: string,
  signal: AbortSignal | null,
  form: LineForm,
  delimiter: string,
): Promise<string> {
  const name = join(temporary, `text-${nextCopy++}.csv`)
  await rewriteLines(path, name, (line) => rewritten(line, form, delimiter), signal)
  return name
}

/** A copy of a text in which some lines are empty, from the first, which counts, to the last, which does not. */
export async function withEmptyLines(
  path: string,
  temporary: string,
  signal: AbortSignal | null,
  [first, end]: readonly [number, number],
): Promise<string> {
  const name = join(temporary, `text-${nextCopy++}.csv`)
  let at = 0
  const change = (line: string): string => {
    const number = at++
    return number >= first && number < end ? '' : line
  }
  await rewriteLines(path, name, change, signal)
  return name
}

/** A path that DuckDB reads as this one file: its own, or a link in `temporary` if DuckDB would take its own for a pattern. */
export function literalPath(path: string, temporary: string): string {
  if (!/[*?[\]{}]|:\/\//.test(path)) return path
  const name = join(temporary, `text-${nextCopy++}.csv`)
  try {
    symlinkSync(resolve(path), name)
  } catch {
    // Links need a privilege on Windows; a copy works as well.
    copyFileSync(path, name)
  }
  return name
}

/** Decodes each byte to one character, so that invalid UTF-8 is preserved and DuckDB rejects its row. */
const bytesAsTheyAre = (): Decoder => ({ decode: (bytes) => (bytes ? Buffer.from(bytes).toString('latin1') : '') })

/** Decodes valid UTF-8 lines as UTF-8 and the others in `encoding`. */
function lineByLine(encoding: TextEncoding): Decoder {
  let pending: Buffer = Buffer.alloc(0)
  const text = (line: Buffer): string => decodedText(line, isUtf8(line) ? 'utf-8' : encoding)
  return {
    decode(bytes) {
      const all = bytes ? Buffer.concat([pending, bytes]) : pending
      let [from, read] = [0, '']
      for (let at = all.indexOf(0x0a); at >= 0; at = all.indexOf(0x0a, from)) {
        read += text(all.subarray(from, at + 1))
        from = at + 1
      }
      pending = bytes ? all.subarray(from) : Buffer.alloc(0)
      return bytes ? read : read + text(all.subarray(from))
    },
  }
}

async function* decoded(
  chunks: AsyncIterable<Buffer>,
  { encoding, finding }: TextForm,
  rowEnds: RowEnds,
  noteWithin: (line: number) => void,
): AsyncGenerator<string> {
  const decoder: Decoder =
    encoding === 'utf-8' ? bytesAsTheyAre() : finding.mixed ? lineByLine(encoding) : decoderOf(encoding)
  const shortened = lineCutter()
  let line = 1
  const change = (end: string): string => {
    const is = written[rowEnds](end)
    if (is === '\n') line++
    else if (end === '\n') noteWithin(line)
    return is
  }
  const lines = (text: string): string =>
    shortened(rowEnds === 'any' ? text.replaceAll(/\r\n?/g, '\n') : text.replaceAll(/\r\n?|\n/g, change))
  let pending = ''
  for await (const chunk of chunks) {
    const text = pending + decoder.decode(chunk)
    pending = text.endsWith('\r') ? '\r' : ''
    yield lines(text.slice(0, text.length - pending.length))
  }
  yield lines(pending + decoder.decode())
}

/**
 * Cuts off lines beyond the length that DuckDB rejects, since it silently skips still longer ones. Takes the text in
 * chunks, each of them shorter than that.
 */
function lineCutter(): (text: string) => string {
  const most = 2 * longestLine
  let length = 0
  return (text) => {
    const first = text.indexOf('\n')
    const begun = first === -1 ? text.length : first
    const cut = Math.max(0, Math.min(begun, length + begun - most))
    length = first === -1 ? length + begun : text.length - text.lastIndexOf('\n') - 1
    return cut === 0 ? text : text.slice(0, begun - cut) + text.slice(begun)
  }
}

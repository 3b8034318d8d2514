import { createReadStream } from 'node:fs'
import type { Dialect } from './dialect'
import { longestLine } from './plain-text'

/** One record of a CSV file: its position and content. */
export interface RawRecord {
  /** Physical line of its first character, from 1. */
  readonly line: number
  /** Byte offset of its first character. */
  readonly start: number
  readonly text: string
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Iterates over a UTF-8 file's records as DuckDB splits them, after the skipped lines and the header; empty lines are not
 * records. `brokenBytes` has the length, by byte offset, of records that DuckDB could not read (their quotes are meaningless).
 */
export async function* records(
  path: string,
  dialect: Dialect,
  brokenBytes: ReadonlyMap<number, number>,
): AsyncGenerator<RawRecord> {
  let skip = dialect.skip
  let header = dialect.header
  let [line, offset] = [1, 0]
  let carried: Buffer = Buffer.alloc(0)
  const split = function* (bytes: Buffer, last: boolean): Generator<RawRecord> {
    let at = offset === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
    while (at < bytes.length) {
      const start = offset + at
      const known = skip > 0 ? undefined : brokenBytes.get(start)
      const end =
        known === undefined ? recordEnd(bytes, at, skip > 0 ? null : dialect, last) : endAfter(bytes, at + known)
      if (end === null || (!last && end >= bytes.length - 1)) break
      const next = afterLineEnd(bytes, end)
      const text = bytes.toString('utf8', at, end)
      if (skip > 0) skip--
      else if (end > at) {
        if (header) header = false
        else yield { line, start, text }
      }
      line += 1 + (text.match(/\r\n|\r|\n/g)?.length ?? 0)
      at = next
    }
    carried = bytes.subarray(at)
    offset += at
  }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    yield* split(Buffer.concat([carried, chunk as Buffer]), false)
  yield* split(carried, true)
}

const byteOrderMark = Buffer.from('\ufeff')

const isLineEnd = (byte: number | undefined): boolean => byte === lineFeed || byte === carriageReturn

const afterLineEnd = (bytes: Buffer, end: number): number =>
  bytes[end] === carriageReturn && bytes[end + 1] === lineFeed ? end + 2 : end + 1

/** The line ending at or after `at`; null if it is beyond these bytes. */
function endAfter(bytes: Buffer, at: number): number | null {
  if (at > bytes.length) return null
  let end = at
  while (end < bytes.length && !isLineEnd(bytes[end])) end++
  return end
}

/** The end of the record that begins at `from`; null if it is beyond these bytes. Without a dialect, the end of the line. */
function recordEnd(bytes: Buffer, from: number, dialect: Dialect | null, last: boolean): number | null {
  const quote = dialect?.quote.charCodeAt(0)
  const escape = dialect?.escape.charCodeAt(0)
  const delimiter = Buffer.from(dialect?.delimiter ?? '')
  let fieldStart = true
  let at = from
  while (at < bytes.length) {
    const byte = bytes[at]
    if (isLineEnd(byte)) return at
    if (fieldStart && byte === quote) {
      const close = closingQuote(bytes, at + 1, quote, escape)
      if (close === null) return last || bytes.length - from > 2 * longestLine ? endAfter(bytes, from) : null
      at = close + 1
      fieldStart = false
    } else if (delimiter.length > 0 && bytes.subarray(at, at + delimiter.length).equals(delimiter)) {
      at += delimiter.length
      fieldStart = true
    } else {
      at++
      fieldStart = false
    }
  }
  return last ? bytes.length : null
}

function closingQuote(
  bytes: Buffer,
  from: number,
  quote: number | undefined,
  escape: number | undefined,
): number | null {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === escape && escape !== quote) at++
    else if (bytes[at] === quote) {
      if (escape !== quote || bytes[at + 1] !== quote) return at
      at++
    }
  }
  return null
}

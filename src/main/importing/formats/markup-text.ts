import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import type { Parser } from 'htmlparser2'
import { decodedText } from '../code-pages'
import type { NamedFile } from '../source-file'
import { EncodingEvidence } from '../text-encoding'

/**
 * The text of a page or a document, decoded as its bytes or its declaration show.
 * @param declared finds the declared encoding, in its first group
 */
export function markupText(file: NamedFile, declared: RegExp): string {
  const bytes = readFileSync(file.path)
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\ufeff/, '')
  const said = declared.exec(bytes.subarray(0, 8192).toString('latin1'))?.[1]
  if (said !== undefined && !/^utf-?8$/i.test(said))
    try {
      return new TextDecoder(said).decode(bytes)
    } catch {
      // An unknown encoding is detected as for a file without a declaration.
    }
  const evidence = new EncodingEvidence()
  evidence.look(bytes, 0)
  return decodedText(bytes, evidence.finding(file.path).encoding)
}

/** Parses a text to its end in pieces, so that it can be cancelled. */
export function parseWhole(parser: Parser, text: string, signal: AbortSignal | null): void {
  const step = 1 << 20
  for (let at = 0; at < text.length; at += step) {
    signal?.throwIfAborted()
    parser.write(text.slice(at, at + step))
  }
  parser.end()
}

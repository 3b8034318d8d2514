import { createReadStream } from 'node:fs'
import { longestLine } from '../plain-text'

const [quote, backslash, comma, lineFeed] = [0x22, 0x5c, 0x2c, 0x0a]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Whether objects are elements of an array or follow one another. */
export type Sequence = 'array' | 'objects'

/**
 * Streams the texts of a file's objects. Blank texts are inserted so that each object is on the line of the file
 * where it begins, or on the next free one if several share a line. What follows an array, or never ends, is an element of its own;
 * elements longer than the longest line are cut off there.
 * @param options.begin characters before the first element that do not belong to it, @param options.cutOff called if an array never ends
 */
export async function* elementsOf(
  path: string,
  signal: AbortSignal | null,
  sequence: Sequence,
  { begin = 0, cutOff }: { begin?: number; cutOff?: () => void } = {},
): AsyncGenerator<string> {
  const scan = new ElementScan(sequence)
  let before = begin
  let yielded = 0
  const placed = function* ({ text, line }: Element): Generator<string> {
    for (; yielded < line - 1; yielded++) yield ''
    yielded++
    yield text
  }
  const decoder = new TextDecoder()
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted()
    const text = decoder.decode(chunk as Buffer, { stream: true })
    const skipped = text.slice(0, before).replaceAll(/[^\n]/g, ' ')
    const piece = skipped + text.slice(before)
    before = Math.max(0, before - text.length)
    for (const element of scan.read(piece)) yield* placed(element)
  }
  for (const element of scan.read(decoder.decode())) yield* placed(element)
  const rest = scan.rest()
  // The end of a call or statement around an array is not an element.
  if (rest && !(scan.ended && /^\)?;?$/.test(rest.text))) yield* placed(rest)
  if (sequence === 'array' && !scan.ended) cutOff?.()
}

interface Element {
  readonly text: string
  /** Line of its first character, from 1. */
  readonly line: number
}

/** Splits a JSON text into its elements; chunks of it may end anywhere. */
export class ElementScan {
  /** Open brackets and braces between two elements. */
  readonly #base: number
  #depth = 0
  #line = 1
  #inString = false
  #escaped = false
  /** The array has ended: everything after it is one element. */
  #ended = false
  /** The start of the current element; 0 between elements. */
  #begun = 0
  #text = ''

  constructor(private readonly sequence: Sequence) {
    this.#base = sequence === 'array' ? 1 : 0
  }

  /** Whether the array that began has ended. */
  get ended(): boolean {
    return this.#ended
  }

  /** The unfinished element. */
  rest(): Element | null {
    return this.#begun > 0 ? this.#element() : null
  }

  *read(piece: string): Generator<Element> {
    let from = 0
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      if (code === lineFeed) this.#line++
      if (this.#ended) {
        this.#begin(code)
        continue
      }
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (code === backslash) this.#escaped = true
        else if (code === quote) this.#inString = false
        continue
      }
      if (this.#depth === this.#base && (code === comma || (code === closeBracket && this.#base === 1))) {
        if (this.#begun > 0) {
          this.#keep(piece.slice(from, at))
          yield this.#element()
        }
        from = at + 1
        if (code === closeBracket) this.#ended = true
        continue
      }
      if (this.#depth < this.#base) {
        if (code === openBracket) this.#depth = 1
        from = at + 1
        continue
      }
      this.#begin(code)
      if (code === quote) this.#inString = true
      else if (code === openBrace || code === openBracket) this.#depth++
      else if ((code === closeBrace || code === closeBracket) && this.#depth > this.#base) {
        this.#depth--
        if (this.sequence === 'array' || this.#depth > this.#base) continue
        this.#keep(piece.slice(from, at + 1))
        from = at + 1
        yield this.#element()
      }
    }
    this.#keep(piece.slice(from))
  }

  #begin(code: number): void {
    if (this.#begun === 0 && code > 0x20) this.#begun = this.#line
  }

  #keep(text: string): void {
    if (this.#text.length <= longestLine) this.#text += text
  }

  #element(): Element {
    const element = { text: this.#text.slice(0, longestLine).trim(), line: this.#begun }
    this.#text = ''
    this.#begun = 0
    return element
  }
}

import { isAscii, isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import chardet from 'chardet'
import { formatCount, formatCounted } from '../../shared/format'
import type { Certainty } from '../../shared/certainty'
import { encodingNames, type TextEncoding } from '../../shared/reading'

/** What a file's bytes say of its encoding. */
export interface EncodingFinding {
  readonly encoding: TextEncoding
  readonly certainty: Certainty
  readonly evidence: string
  /** Lines that are no UTF-8 in a file that is; the import rejects them. */
  readonly damaged: number
  /** Whether some lines are UTF-8 all the same. */
  readonly mixed: boolean
}

/** Bytes of lines beyond ASCII that are looked at. */
const sampleBytes = 256 * 1024
const sampleOfChunk = 32 * 1024
/** Lines that are UTF-8 are counted up to about so many. */
const enoughLines = 20_000
const longestExample = 60

/** What the detector calls encodings that are read as one of ours. */
const ours: Readonly<Record<string, TextEncoding>> = {
  'ISO-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
  'windows-1250': 'windows-1250',
  'ISO-8859-2': 'iso-8859-2',
  'windows-1251': 'windows-1251',
  'KOI8-R': 'koi8-r',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-7': 'windows-1253',
  'windows-1253': 'windows-1253',
  'ISO-8859-9': 'windows-1254',
  'windows-1254': 'windows-1254',
  'windows-1257': 'windows-1257',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'EUC-KR': 'euc-kr',
  Big5: 'big5',
  GB18030: 'gb18030',
}

/** Gathers what lines beyond ASCII say, piece by piece: whether they are UTF-8, and if not, what they may be. */
export class EncodingEvidence {
  /** Lines with bytes beyond ASCII that are UTF-8, and that are not. */
  #good = 0
  #bad = 0
  #sample: Buffer[] = []
  #sampled = 0
  #first: { at: number; bytes: Buffer } | null = null

  /**
   * @param piece bytes that end with a character
   * @param at where it begins in the file
   */
  look(piece: Buffer, at: number): void {
    // ASCII alone tells nothing, and is told at once.
    if (isAscii(piece)) return
    if (isUtf8(piece)) {
      if (this.#good < enoughLines) for (const line of lines(piece)) if (!isAscii(line)) this.#good++
      return
    }
    let [from, sampled] = [at, 0]
    for (const line of lines(piece)) {
      const begins = from
      from += line.length + 1
      if (isAscii(line)) continue
      if (isUtf8(line)) {
        this.#good++
        continue
      }
      this.#bad++
      this.#first ??= { at: begins, bytes: Buffer.from(line) }
      if (this.#sampled > sampleBytes || sampled > sampleOfChunk) continue
      this.#sample.push(Buffer.from(line), Buffer.from('\n'))
      sampled += line.length
      this.#sampled += line.length
    }
  }

  /** @param path the file that was looked at, for the number of a line */
  finding(path: string): EncodingFinding {
    if (!this.#first) {
      const many =
        this.#good >= enoughLines
          ? 'Thousands of lines beyond ASCII are'
          : `${formatCounted(this.#good, 'line')} beyond ASCII ${this.#good === 1 ? 'is' : 'are all'}`
      const evidence = this.#good === 0 ? 'All of its characters are ASCII.' : `${many} UTF-8.`
      return { encoding: 'utf-8', certainty: 'certain', evidence, damaged: 0, mixed: false }
    }
    const first = { line: lineAt(path, this.#first.at), bytes: this.#first.bytes }
    if (this.#good >= 3 * this.#bad)
      return {
        encoding: 'utf-8',
        certainty: 'guess',
        evidence: `${formatCounted(this.#good, 'line')} beyond ASCII ${this.#good === 1 ? 'is' : 'are'} UTF-8; ${formatCounted(this.#bad, 'line')}, the first of them line ${formatCount(first.line)}, ${this.#bad === 1 ? 'is' : 'are'} not and cannot be used: “${example(first.bytes, 'utf-8')}”.`,
        damaged: this.#bad,
        mixed: false,
      }
    const [best, second] = candidates(Buffer.concat(this.#sample))
    const encoding = best ?? 'windows-1252'
    const other = second ?? (encoding === 'windows-1252' ? 'windows-1250' : 'windows-1252')
    const mixed = this.#good > 0
    return {
      encoding,
      certainty: 'guess',
      evidence: `Line ${formatCount(first.line)} is not UTF-8; it reads “${example(first.bytes, encoding)}”, and as ${encodingNames[other]} it would read “${example(first.bytes, other)}”.${mixed ? ` ${formatCounted(this.#good, 'other line')} ${this.#good === 1 ? 'is' : 'are'} UTF-8 and read as that.` : ''}`,
      damaged: 0,
      mixed,
    }
  }
}

/** The part of a line around its first character beyond ASCII. */
function example(bytes: Buffer, encoding: TextEncoding): string {
  const at = bytes.findIndex(
    (byte, index) => byte >= 0x80 && (encoding !== 'utf-8' || !isUtf8(bytes.subarray(0, index + 1))),
  )
  const text = new TextDecoder(encoding).decode(
    bytes.subarray(Math.max(0, at - longestExample / 2), at + longestExample / 2),
  )
  return text.trim()
}

/** Encodings that the bytes may be in, the likeliest first: what a detector of languages says, and how much of it is words. */
function candidates(sample: Buffer): TextEncoding[] {
  const confidence = new Map<TextEncoding, number>()
  for (const { name, confidence: sure } of chardet.analyse(sample)) {
    const encoding = ours[name]
    if (encoding) confidence.set(encoding, Math.max(sure, confidence.get(encoding) ?? 0))
  }
  for (const encoding of ['windows-1252', 'windows-1250'] as const)
    if (!confidence.has(encoding)) confidence.set(encoding, 0)
  return [...confidence]
    .map(([encoding, sure]) => ({ encoding, score: sure + 40 * shareOfWords(sample, encoding) }))
    .filter(({ score }) => score > -Infinity)
    .sort((a, b) => b.score - a.score)
    .map(({ encoding }) => encoding)
}

/** How many of the characters beyond ASCII stand in words as letters do; −∞ where some cannot be. */
function shareOfWords(sample: Buffer, encoding: TextEncoding): number {
  const text = new TextDecoder(encoding).decode(sample)
  if (/[\u0080-\u009f\ufffd\ue000-\uf8ff]/.test(text)) return -Infinity
  const beyond = text.match(/[^\p{ASCII}]/gu)?.length ?? 0
  // A capital within a small word, or a sign between letters, is no word.
  const odd =
    text.match(/(?<=\p{Ll})[^\p{ASCII}\p{Ll}\p{Lo}\p{M}](?=\p{L})|(?<=\p{L})[¡¢£¤¥¦§©¬®±¹²³µ¶¼½¾¿ªº¸]/gu)?.length ?? 0
  // Latin words with an East Asian character for each accented letter, as “Cz這wiek”, are those of another encoding.
  const foreign = text.match(/(?<=[a-z])\p{Lo}|\p{Lo}(?=[a-z])/giu)?.length ?? 0
  const letters = text.match(/(?=[^\p{ASCII}])\p{L}/gu)?.length ?? 0
  return beyond === 0 ? 0 : (letters - 2 * odd - 3 * foreign) / beyond
}

function* lines(piece: Buffer): Generator<Buffer> {
  let from = 0
  for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, from)) {
    yield piece.subarray(from, at)
    from = at + 1
  }
  if (from < piece.length) yield piece.subarray(from)
}

/** Number of the line, from 1, at a byte of a file. */
function lineAt(path: string, at: number): number {
  const piece = Buffer.alloc(1 << 20)
  const descriptor = openSync(path, 'r')
  let line = 1
  try {
    for (let from = 0; from < at;) {
      const read = piece.subarray(0, readSync(descriptor, piece, 0, Math.min(piece.length, at - from), from))
      if (read.length === 0) break
      for (let end = read.indexOf(0x0a); end >= 0; end = read.indexOf(0x0a, end + 1)) line++
      from += read.length
    }
    return line
  } finally {
    closeSync(descriptor)
  }
}

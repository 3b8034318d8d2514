import { isAscii, isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import chardet from 'chardet'
import { formatCount, formatCounted } from '../../shared/format'
import type { Certainty } from '../../shared/certainty'
import { encodingNames, type TextEncoding } from '../../shared/reading'
import { nameMatches } from './column-names'
import { decodedText, shareOfLanguage, singleByteEncodings } from './code-pages'

/** What a file's bytes say of its encoding. */
export interface EncodingFinding {
  readonly encoding: TextEncoding
  readonly certainty: Certainty
  readonly evidence: string
  /** Whether another encoding that it may be in would read something else. */
  readonly affectsData: boolean
  /** What it may be in instead. */
  readonly alternative: TextEncoding
  /** Lines that are no UTF-8 in a file that is; the import rejects them. */
  readonly damaged: number
  /** Whether some lines are UTF-8 all the same. */
  readonly mixed: boolean
}

/** Bytes of lines beyond ASCII that are looked at. */
const sampleBytes = 256 * 1024
const sampleOfChunk = 32 * 1024
const severalBytes: ReadonlySet<TextEncoding> = new Set(['shift_jis', 'euc-jp', 'euc-kr', 'big5', 'gb18030'])
/** Lines that are UTF-8 are counted up to about so many. */
const enoughLines = 20_000
const longestExample = 60

/** What the detector calls encodings that are read as one of ours; two that share nearly all letters of their languages count alike. */
const ours: Readonly<Record<string, TextEncoding | readonly TextEncoding[]>> = {
  'ISO-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
  'windows-1250': ['windows-1250', 'iso-8859-2'],
  'ISO-8859-2': ['windows-1250', 'iso-8859-2'],
  'windows-1251': 'windows-1251',
  'KOI8-R': 'koi8-r',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-7': 'windows-1253',
  'windows-1253': 'windows-1253',
  'ISO-8859-9': 'windows-1254',
  'windows-1254': 'windows-1254',
  'ISO-8859-8': 'windows-1255',
  'windows-1255': 'windows-1255',
  'ISO-8859-6': 'iso-8859-6',
  'windows-1256': 'windows-1256',
  'windows-1257': 'windows-1257',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'EUC-KR': 'euc-kr',
  Big5: 'big5',
  GB18030: 'gb18030',
}

/** Encodings that the detector does not know and takes for others, with which they share most small letters. */
const takenFor: Partial<Record<TextEncoding, TextEncoding>> = { 'x-mac-cyrillic': 'windows-1251', 'koi8-u': 'koi8-r' }

/** Gathers what lines beyond ASCII say, piece by piece: whether they are UTF-8, and if not, what they may be. */
export class EncodingEvidence {
  /** Lines with bytes beyond ASCII that are UTF-8, and that are not. */
  #good = 0
  #bad = 0
  #sample: Buffer[] = []
  #sampled = 0
  #first: Line | null = null
  /** By each byte beyond ASCII, the first line that is no UTF-8 and has it; in the order of the file. */
  readonly #firstWith = new Map<number, Line>()
  readonly #seen = new Uint8Array(256)

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
      this.#first ??= { begins, bytes: Buffer.from(line) }
      this.#note(line, begins)
      if (this.#sampled > sampleBytes || sampled > sampleOfChunk) continue
      this.#sample.push(Buffer.from(line), Buffer.from('\n'))
      sampled += line.length
      this.#sampled += line.length
    }
  }

  #note(line: Buffer, begins: number): void {
    for (let at = 0; at < line.length; at++) {
      const byte = line[at] ?? 0
      if (byte < 0x80 || this.#seen[byte] === 1) continue
      this.#seen[byte] = 1
      this.#firstWith.set(byte, { begins, bytes: Buffer.from(line) })
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
      return certainly('utf-8', evidence)
    }
    const first = this.#first
    if (this.#good >= 3 * this.#bad)
      return {
        encoding: 'utf-8',
        certainty: 'guess',
        affectsData: true,
        alternative: 'windows-1250',
        evidence: `${formatCounted(this.#good, 'line')} beyond ASCII ${this.#good === 1 ? 'is' : 'are'} UTF-8; ${formatCounted(this.#bad, 'line')}, the first of them line ${formatCount(lineAt(path, first.begins))}, ${this.#bad === 1 ? 'is' : 'are'} not and cannot be used: “${example(first.bytes, 'utf-8', damagedAt(first.bytes))}”.`,
        damaged: this.#bad,
        mixed: false,
      }
    const header = first.begins === 0 ? first.bytes : null
    const [best, ...others] = candidates(Buffer.concat(this.#sample), header)
    const encoding = best?.encoding ?? 'windows-1252'
    // Bytes that make no words in an encoding are hardly written in it.
    const likely = others.filter(({ words }) => words > 0)
    const differs = (other: Candidate): boolean => this.#differenceOf(encoding, other.encoding) !== null
    const affectsData = likely.length === 0 || likely.some(differs)
    const alternative = others.find(differs)?.encoding ?? otherThan(encoding)
    const { line, at } = this.#differenceOf(encoding, alternative) ?? { line: first, at: beyondAscii(first.bytes) }
    const mixed = this.#good > 0
    const alike = affectsData
      ? `and as ${encodingNames[alternative]} it would read “${example(line.bytes, alternative, at)}”`
      : 'and the other encodings that it may be in read the same'
    return {
      encoding,
      certainty: affectsData ? 'guess' : 'likely',
      affectsData,
      alternative,
      evidence: `Line ${formatCount(lineAt(path, line.begins))} is not UTF-8; it reads “${example(line.bytes, encoding, at)}”, ${alike}.${mixed ? ` ${formatCounted(this.#good, 'other line')} ${this.#good === 1 ? 'is' : 'are'} UTF-8 and read as that.` : ''}`,
      damaged: 0,
      mixed,
    }
  }

  /** Where two encodings first make different texts of a line that is no UTF-8; null: nowhere. */
  #differenceOf(one: TextEncoding, other: TextEncoding): { line: Line; at: number } | null {
    if (severalBytes.has(one) || severalBytes.has(other))
      return this.#first && { line: this.#first, at: beyondAscii(this.#first.bytes) }
    for (const [byte, line] of this.#firstWith) {
      const bytes = Uint8Array.of(byte)
      if (decodedText(bytes, one) !== decodedText(bytes, other)) return { line, at: line.bytes.indexOf(byte) }
    }
    return null
  }
}

/** A line of a file, and at which byte of it. */
interface Line {
  readonly begins: number
  readonly bytes: Buffer
}

const beyondAscii = (bytes: Buffer): number => bytes.findIndex((byte) => byte >= 0x80)
/** Where a line stops being UTF-8. */
const damagedAt = (bytes: Buffer): number =>
  bytes.findIndex((byte, index) => byte >= 0x80 && !isUtf8(bytes.subarray(0, index + 1)))

const otherThan = (encoding: TextEncoding): TextEncoding =>
  encoding === 'windows-1250' ? 'windows-1252' : 'windows-1250'

/** The finding of an encoding that is proven or was said. */
export const certainly = (encoding: TextEncoding, evidence: string): EncodingFinding => ({
  encoding,
  certainty: 'certain',
  evidence,
  affectsData: true,
  alternative: otherThan(encoding),
  damaged: 0,
  mixed: false,
})

/** The part of a line around one of its bytes. */
const example = (bytes: Buffer, encoding: TextEncoding, at: number): string =>
  decodedText(bytes.subarray(Math.max(0, at - longestExample / 2), at + longestExample / 2), encoding).trim()

/** What decides between encodings that read the same bytes equally well: what programs of today still write. */
const usual: Partial<Record<TextEncoding, number>> = {
  'windows-1252': 6,
  'windows-1250': 4,
  'windows-1251': 4,
  gb18030: 4,
  shift_jis: 4,
}

/** An encoding that bytes may be in. */
interface Candidate {
  readonly encoding: TextEncoding
  /** See `shareOfWords`. */
  readonly words: number
}

/**
 * Encodings that the bytes may be in, the likeliest first: what a detector of languages says, how much of it is words, and how many of the words
 * have the letters of one language that is written in the encoding; and whether the names of columns are words that columns are called by.
 * @param header the first line, where it is no UTF-8
 */
function candidates(sample: Buffer, header: Buffer | null): Candidate[] {
  const confidence = new Map<TextEncoding, number>(singleByteEncodings.map((encoding) => [encoding, 0]))
  for (const { name, confidence: sure } of chardet.analyse(sample)) {
    for (const encoding of [ours[name] ?? []].flat())
      confidence.set(encoding, Math.max(sure, confidence.get(encoding) ?? 0))
  }
  return [...confidence]
    .map(([encoding, own]) => {
      const sure = Math.max(own, confidence.get(takenFor[encoding] ?? encoding) ?? 0)
      const words = shareOfWords(sample, encoding)
      // Any two bytes make a character of East Asia; only the detector tells words of them.
      const language = severalBytes.has(encoding)
        ? sure / 100
        : shareOfLanguage(decodedText(sample, encoding), encoding)
      // The detector looks at words without accents, too, and would keep its language where the letters beyond ASCII make none.
      const score =
        (sure + 80 * language) * Math.max(0, words) +
        40 * words +
        (usual[encoding] ?? 0) +
        30 * namesKnown(header, encoding)
      return { encoding, words, score }
    })
    .filter(({ words }) => words > -Infinity)
    .sort((a, b) => b.score - a.score)
}

/** How much of the names of columns beyond ASCII is words that columns are called by, if a header is in an encoding: names as a whole, and their words, up to 6. */
function namesKnown(header: Buffer | null, encoding: TextEncoding): number {
  if (header === null) return 0
  const beyondAscii = (text: string): boolean => /[^\p{ASCII}]/u.test(text)
  const names = decodedText(header, encoding)
    .split(/[,;\t|]/)
    .filter(beyondAscii)
  const whole = names.filter((name) => nameMatches(name).some((match) => match.whole))
  const words = names.flatMap((name) => name.split(/[^\p{L}\p{M}]+/u)).filter(beyondAscii)
  return Math.min(6, whole.length + words.filter((word) => nameMatches(word).length > 0).length)
}

/** How many of the characters beyond ASCII stand in words as letters do; −∞ where some cannot be. */
function shareOfWords(sample: Buffer, encoding: TextEncoding): number {
  const text = decodedText(sample, encoding)
  if (/[\u0080-\u009f\ufffd\ue000-\uf8ff]/.test(text)) return -Infinity
  const beyond = text.match(/[^\p{ASCII}]/gu)?.length ?? 0
  // A capital within a small word, or a sign between letters, is no word; “Nº” is one.
  const odd =
    text.match(
      /(?<=\p{Ll})[^\p{ASCII}\p{Ll}\p{Lo}\p{M}](?=\p{L})|(?<=\p{L})(?<!\b[Nn](?=[ªº]))[¡¢£¤¥¦§©¬®±¹²³µ¶¼½¾¿ªº¸\u2500-\u25ff]|(?<=\p{L})[^\p{ASCII}\p{L}\p{M}\p{P}](?=\p{L})/gu,
    )?.length ?? 0
  // Latin words with a character of another script for each accented letter, as “Cz這wiek” and “Amйlie”, are those of another encoding.
  const foreign =
    text.match(
      /(?<=[a-z])(?![ªº])[\p{Lo}\p{Script=Cyrillic}\p{Script=Greek}]|(?![ªº])[\p{Lo}\p{Script=Cyrillic}\p{Script=Greek}](?=[a-z])/giu,
    )?.length ?? 0
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

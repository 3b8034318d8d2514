import { isAscii, isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import chardet from 'chardet'
import { formatCount, formatCounted } from '../../shared/format'
import type { Certainty } from '../../shared/certainty'
import { encodingNames, type TextEncoding } from '../../shared/reading'
import { nameMatches } from './column-names'
import { decodedText, shareOfLanguage, singleByteEncodings } from './code-pages'

/** A file's detected encoding. */
export interface EncodingFinding {
  readonly encoding: TextEncoding
  readonly certainty: Certainty
  readonly evidence: string
  /** Whether another possible encoding would give a different text. */
  readonly affectsData: boolean
  /** The other possible encoding. */
  readonly alternative: TextEncoding
  /** Number of invalid lines in a UTF-8 file; the import rejects them. */
  readonly damaged: number
  /** Whether some lines are nevertheless UTF-8. */
  readonly mixed: boolean
}

/** Number of examined bytes of lines beyond ASCII. */
const sampleBytes = 256 * 1024
const sampleOfChunk = 32 * 1024
const severalBytes: ReadonlySet<TextEncoding> = new Set(['shift_jis', 'euc-jp', 'euc-kr', 'big5', 'gb18030'])
/** UTF-8 lines are counted up to about this number. */
const enoughLines = 20_000
const longestExample = 60

/** The detector's names for the supported encodings; encodings that share nearly all letters of their languages are merged. */
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

/** Encodings that the detector does not know, and for which it reports others with mostly the same lower-case letters. */
const takenFor: Partial<Record<TextEncoding, TextEncoding>> = { 'x-mac-cyrillic': 'windows-1251', 'koi8-u': 'koi8-r' }

/** Collects lines beyond ASCII from chunks of text, and decides whether they are UTF-8 or what else they may be. */
export class EncodingEvidence {
  /** Number of lines with bytes beyond ASCII that are valid UTF-8, and that are not. */
  #good = 0
  #bad = 0
  #sample: Buffer[] = []
  #sampled = 0
  #first: Line | null = null
  /** For each byte beyond ASCII, the first line with it that is not UTF-8; in file order. */
  readonly #firstWith = new Map<number, Line>()
  readonly #seen = new Uint8Array(256)

  /**
   * @param piece bytes that end at a character boundary
   * @param at its offset in the file
   */
  look(piece: Buffer, at: number): void {
    // Pure ASCII is not evidence, and quickly recognised.
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

  /** @param path the examined file, for line numbers */
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
        evidence: `${formatCounted(this.#good, 'line')} beyond ASCII ${this.#good === 1 ? 'is' : 'are'} UTF-8; ${formatCounted(this.#bad, 'line')}, the first of them line ${formatCount(lineAt(path, first.begins))}, ${this.#bad === 1 ? 'is' : 'are'} not UTF-8 and cannot be used: “${example(first.bytes, 'utf-8', damagedAt(first.bytes))}”.`,
        damaged: this.#bad,
        mixed: false,
      }
    const header = first.begins === 0 ? first.bytes : null
    const [best, ...others] = candidates(Buffer.concat(this.#sample), header)
    const encoding = best?.encoding ?? 'windows-1252'
    // If bytes do not form words in an encoding, they are unlikely to be written in it.
    const likely = others.filter(({ words }) => words > 0)
    const differs = (other: Candidate): boolean => this.#differenceOf(encoding, other.encoding) !== null
    const affectsData = likely.length === 0 || likely.some(differs)
    const alternative = others.find(differs)?.encoding ?? otherThan(encoding)
    const { line, at } = this.#differenceOf(encoding, alternative) ?? { line: first, at: beyondAscii(first.bytes) }
    const mixed = this.#good > 0
    const alike = affectsData
      ? `but in ${encodingNames[alternative]} “${example(line.bytes, alternative, at)}”`
      : 'and the same in the other possible encodings'
    return {
      encoding,
      certainty: affectsData ? 'guess' : 'likely',
      affectsData,
      alternative,
      evidence: `Line ${formatCount(lineAt(path, line.begins))} is not UTF-8; in this encoding it reads “${example(line.bytes, encoding, at)}”, ${alike}.${mixed ? ` ${formatCounted(this.#good, 'other line')} ${this.#good === 1 ? 'is' : 'are'} UTF-8 and read as such.` : ''}`,
      damaged: 0,
      mixed,
    }
  }

  /** The first position where two encodings give different texts for a line that is not UTF-8; null if there is none. */
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

/** A line of a file, and a byte position in it. */
interface Line {
  readonly begins: number
  readonly bytes: Buffer
}

const beyondAscii = (bytes: Buffer): number => bytes.findIndex((byte) => byte >= 0x80)
/** The first byte of a line that is not UTF-8. */
const damagedAt = (bytes: Buffer): number =>
  bytes.findIndex((byte, index) => byte >= 0x80 && !isUtf8(bytes.subarray(0, index + 1)))

const otherThan = (encoding: TextEncoding): TextEncoding =>
  encoding === 'windows-1250' ? 'windows-1252' : 'windows-1250'

/** The result for an encoding that is proven or was chosen. */
export const certainly = (encoding: TextEncoding, evidence: string): EncodingFinding => ({
  encoding,
  certainty: 'certain',
  evidence,
  affectsData: true,
  alternative: otherThan(encoding),
  damaged: 0,
  mixed: false,
})

/** An excerpt of a line around one of its bytes. */
const example = (bytes: Buffer, encoding: TextEncoding, at: number): string =>
  decodedText(bytes.subarray(Math.max(0, at - longestExample / 2), at + longestExample / 2), encoding).trim()

/** Tie-breaker between encodings that fit equally well: the ones that programs still write today. */
const usual: Partial<Record<TextEncoding, number>> = {
  'windows-1252': 6,
  'windows-1250': 4,
  'windows-1251': 4,
  gb18030: 4,
  shift_jis: 4,
}

/** A possible encoding. */
interface Candidate {
  readonly encoding: TextEncoding
  /** See `shareOfWords`. */
  readonly words: number
}

/**
 * Possible encodings, the likeliest first, ranked by a language detector, by the share of words, by how many of the words
 * have the letters of one language of the encoding, and by whether the column names are known words.
 * @param header the first line, if it is not UTF-8
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
      // Any two bytes form an East Asian character; only the detector recognises words in these languages.
      const language = severalBytes.has(encoding)
        ? sure / 100
        : shareOfLanguage(decodedText(sample, encoding), encoding)
      // The detector also examines words without accents, and would keep a language to which the letters beyond ASCII do not belong.
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

/** How many of the column names beyond ASCII, and of their words, are known names of columns if the header is in an encoding; at most 6. */
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

/** The number of characters beyond ASCII that are letters within words; −∞ if some are impossible. */
function shareOfWords(sample: Buffer, encoding: TextEncoding): number {
  const text = decodedText(sample, encoding)
  if (/[\u0080-\u009f\ufffd\ue000-\uf8ff]/.test(text)) return -Infinity
  const beyond = text.match(/[^\p{ASCII}]/gu)?.length ?? 0
  // A capital inside a lower-case word, or a symbol between letters, is not a word; “Nº” is one.
  const odd =
    text.match(
      /(?<=\p{Ll})[^\p{ASCII}\p{Ll}\p{Lo}\p{M}](?=\p{L})|(?<=\p{L})(?<!\b[Nn](?=[ªº]))[¡¢£¤¥¦§©¬®±¹²³µ¶¼½¾¿ªº¸\u2500-\u25ff]|(?<=\p{L})[^\p{ASCII}\p{L}\p{M}\p{P}](?=\p{L})/gu,
    )?.length ?? 0
  // Latin words with characters of another script, such as "Cz這wiek" and "Amйlie", show that the encoding is wrong.
  const foreign =
    text.match(
      /(?<=[a-z])(?![ªº])[\p{Lo}\p{Script=Cyrillic}\p{Script=Greek}]|(?![ªº])[\p{Lo}\p{Script=Cyrillic}\p{Script=Greek}](?=[a-z])/giu,
    )?.length ?? 0
  // A currency stands before or after an amount; a single letter hardly does.
  const currencies = text.match(/(?<!\p{L})[€£¥](?=\s?\d)|(?<=\d\s?)[€£¥](?!\p{L})/gu)?.length ?? 0
  // A letter alone is a word in some languages, but ñ is in none.
  const alone =
    text.match(
      /(?<![\p{L}\p{M}])(?=[^\p{ASCII}])(?:\p{Lu}(?=\s?\d)|\p{L}(?=\d))|(?<=\d\s?)(?=[^\p{ASCII}])\p{Lu}(?!\p{L})|(?<=\s)(?![àáâåèéêìíòóôöøőùúæÀÁÂÅÈÉÊÌÍÒÓÔÖØŐÙÚÆ])(?=[^\p{ASCII}])\p{Script=Latin}(?=\s)/gu,
    )?.length ?? 0
  const letters = text.match(/(?=[^\p{ASCII}])\p{L}/gu)?.length ?? 0
  // Dashes between words, apostrophes in them and quotes around them are as good as letters.
  const marks =
    text.match(
      /(?<=\s)[–—](?=\s)|(?<=\p{L})’(?=\p{L})|(?<![\p{L}\d])[“„‘«](?=\S)|(?<=[\p{L}\d.,!?])[”»…](?![\p{L}\d])/gu,
    )?.length ?? 0
  return beyond === 0 ? 0 : (letters + currencies + marks - 2 * (odd + alone) - 3 * foreign) / beyond
}

function* lines(piece: Buffer): Generator<Buffer> {
  let from = 0
  for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, from)) {
    yield piece.subarray(from, at)
    from = at + 1
  }
  if (from < piece.length) yield piece.subarray(from)
}

/** The line number, from 1, at a byte offset of a file. */
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

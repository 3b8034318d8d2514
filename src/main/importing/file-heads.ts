import zlib from 'node:zlib'
import { ElementScan } from './formats/json-scan'
import { flattened, objectOf } from './formats/json-values'
import { keyedRecordsIn } from './formats/keyed-records'
import { ruledTable } from './formats/ruled-columns'
import { isHeaderOfNumbers } from './header-of-numbers'
import { holdsNumber, rowsBelow, type TableShape, tableShape } from './table-shape'

/** A file of an archive or a folder. */
export interface Candidate {
  readonly path: string
  readonly bytes: number
  /** Its first bytes. */
  readonly head: Buffer
}

export interface Columns {
  readonly names: readonly string[]
  /** Whether the names come from the file. */
  readonly named: boolean
  /** The first rows. */
  readonly rows: readonly (readonly string[])[]
}

const textTable = /\.(csv|tsv|txt|dat|data|psv|tab|json|jsonl|ndjson|item|user)$/i
/** Formats of tables whose first bytes do not show the columns. */
const otherTable = /\.(parquet|pq|xlsx|xlsm|xls|db|sqlite|sqlite3|zip)$/i
const packed = /\.(gz|gzip|zst|zstd)$/i
/** Endings of text that is not a table, whatever its lines look like. */
const noTable =
  /\.(md|rst|html?|xml|svg|css|ya?ml|toml|ini|cfg|sh|bat|pyw?|ipynb|r|rmd|jsx?|mjs|tsx?|sql|c|h|cc|cpp|java|bib|tex)$/i
/** In a file with an unknown ending, at least this share of the lines must have the same number of cells to be a table. */
const mostAgree = 0.9
const documentation = /(^|\/)(readme|licen[cs]e|changelog|copying)[^/]*$/i
/** Limit for unpacking the head of a compressed file, which may expand a thousandfold. */
const maxOutputLength = 64 * 1024 * 1024

/** The beginning of a file's text without an incomplete last line. */
function firstLines({ path, bytes, head }: Candidate): string[] {
  const whole = head.length >= bytes
  const isPacked = packed.test(path)
  const text = textOf(isPacked ? unpackedBeginning(head) : head)
  const lines = text.split(/\r\n|\r|\n/)
  if ((isPacked || !whole) && lines.length > 1) lines.pop()
  return lines
}

function textOf(head: Buffer): string {
  const wide = head[0] === 0xff && head[1] === 0xfe
  return head.toString(wide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '')
}

/** The unpacked beginning of a gzip or Zstandard file; empty if it is damaged, which reading the whole file will report. */
function unpackedBeginning(head: Buffer): Buffer {
  try {
    return head[0] === 0x1f
      ? zlib.gunzipSync(head, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength })
      : zlib.zstdDecompressSync(head, { finishFlush: zlib.constants.ZSTD_e_flush, maxOutputLength })
  } catch {
    return Buffer.alloc(0)
  }
}

/** Whether text with these first lines is a table although the file's ending does not show it. */
function looksLikeTable(lines: readonly string[], shape: TableShape): boolean {
  if (lines.some((line) => /[\0\ufffd]/.test(line))) return false
  return shape.filled > 1 && shape.skip === 0 && shape.agreeing >= mostAgree * shape.filled
}

/** Endings of tables only; any other text may also be a note for its readers. */
const onlyTable = /\.(csv|tsv|psv|tab|json|jsonl|ndjson)$/i
/** Text that ends like a sentence. */
const sentence = /\p{L}{2,} .*\p{L}[.!?]["”»)]?$/u
/** The same, or several words in a row. */
const prose = /\p{L}{2,} .*[.!?:]["”»)]?$|(?:\p{L}+[,;:]? ){3}/u

/** Whether a file is a note for its readers: text in words, whose lines have no constant number of cells. */
export function isProse(file: Candidate): boolean {
  const path = file.path.replace(packed, '')
  if (onlyTable.test(path) || otherTable.test(path)) return false
  const first = firstLines(file)
  if (printedTable(first)) return false
  const lines = first.flatMap((line) => line.trim() || [])
  if (lines.length === 0 || lines.some((line) => line.includes('\0'))) return false
  const agreeing = tableShape(lines)?.agreeing ?? 0
  return agreeing < mostAgree * lines.length
    ? 2 * lines.filter((line) => prose.test(line)).length >= lines.length
    : // Two or three sentences may have the same number of commas by chance.
      lines.every((line) => sentence.test(line))
}

/** The table in lines that no separator divides: columns below dashes, or records of keys and values. */
const printedTable = (lines: readonly string[]) => ruledTable(lines) ?? keyedRecordsIn(lines, false)

/** The columns of a text table or of JSON objects, from the first lines; null if it is neither. */
export function columnsOf(file: Candidate): Columns | null {
  const path = file.path.replace(packed, '')
  if ([otherTable, noTable, documentation].some((other) => other.test(path))) return null
  const lines = firstLines(file)
  const elements = elementsOfArray(lines)
  const object = objectOf(elements[0] ?? lines[0] ?? '')
  if (object) {
    const names = [...flattened(object.object).keys()]
    return { names, named: true, rows: rowsOfObjects(elements.length > 0 ? elements : lines, names) }
  }
  const printed = printedTable(lines)
  if (printed) return { ...printed, named: true }
  const shape = tableShape(lines)
  if (!shape || !(textTable.test(path) || looksLikeTable(lines, shape))) return null
  const below = rowsBelow(lines, shape)
  const isRow = holdsNumber(shape.first) && !isHeaderOfNumbers(shape.first, below, false)
  return isRow || shape.firstIsRow
    ? {
        names: shape.first.map((_, column) => `column ${column + 1}`),
        named: false,
        rows: [[...shape.first], ...below],
      }
    : { names: shape.first, named: true, rows: below }
}

/** The texts of the objects at the beginning of a JSON array, however it is broken into lines; none if the text is no array of objects. */
function elementsOfArray(lines: readonly string[]): string[] {
  const text = lines.join('\n')
  if (!/^\s*\[\s*\{/.test(text)) return []
  return [...new ElementScan('array').read(text)].map((element) => element.text)
}

/** The values of JSON objects, one object per text, in the order of the names. */
const rowsOfObjects = (lines: readonly string[], names: readonly string[]): string[][] =>
  lines.flatMap((line) => {
    const object = objectOf(line)
    if (!object) return []
    const values = flattened(object.object)
    return [names.map((name) => String(values.get(name) ?? ''))]
  })

/** Whether the first bytes of a file are all of it. */
export const isWhole = ({ path, bytes, head }: Candidate): boolean => head.length >= bytes && !packed.test(path)

/** Whether a file has the ending of a table whose first bytes do not show the columns. */
export const isOtherTable = (path: string): boolean => otherTable.test(path.replace(packed, ''))

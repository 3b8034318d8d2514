import { badInput } from '../../shared/errors'
import type { NamedFile } from './source-file'

interface ForeignKind {
  /** With its article: "an Excel 97–2003 workbook". */
  readonly kind: string
  readonly next: string
  readonly recognises: (head: Buffer) => boolean
}

const begins =
  (signature: string, at = 0) =>
  (head: Buffer): boolean =>
    head.subarray(at, at + signature.length).toString('latin1') === signature
const matches =
  (pattern: RegExp) =>
  (head: Buffer): boolean =>
    pattern.test(head.toString('latin1'))

/** Whether a ZIP archive is an OpenOffice or LibreOffice document. */
export const isOpenDocument = matches(/^PK[^]{28,80}application\/vnd\.oasis/)

/**
 * Whether a file is an XML document: with a declaration, or with an element that begins with another one, of which some end. The header of a table may have
 * its names in angle brackets, but ends no element.
 */
export const isXml = (head: Buffer): boolean => {
  const text = head.toString('latin1')
  if (/^(?:\xef\xbb\xbf)?\s*<\?xml\b/.test(text)) return true
  const begins =
    /^(?:\xef\xbb\xbf)?\s*(?:<!--[^]*?-->\s*|<!doctype\b[^>]*>\s*)*<[a-z_][\w:.-]*(?:\s[^<>]*)?>\s*<[a-z_]/i
  return begins.test(text) && /<\/[a-z_]|\/>/i.test(text)
}

/** A line of LibSVM: labels, perhaps the number of a query, then pairs of an index and a value. */
const libSvmLine = /^[-+\d.,eE]+(?:\s+qid:\d+)?((?:\s+\d+:[-+]?[\d.]+(?:[eE][-+]?\d+)?)+)\s*(?:#.*)?$/

/** Whether all lines have a label and pairs with rising indices, some of them several. Hours and minutes do not rise without end. */
function isLibSvm(head: Buffer): boolean {
  const lines = head.toString('latin1').split(/\r\n|\n|\r/)
  if (lines.length > 2) lines.pop()
  const filled = lines.filter((line) => line.trim() !== '')
  const pairs = filled.map((line) => libSvmLine.exec(line)?.[1]?.trim().split(/\s+/) ?? [])
  const rises = (line: readonly string[]): boolean =>
    line.every((pair, at) => at === 0 || Number.parseInt(pair, 10) > Number.parseInt(line[at - 1] ?? '', 10))
  const isClock = (pair: string): boolean => /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(pair)
  return (
    filled.length > 1 &&
    pairs.every((line) => line.length > 0 && rises(line)) &&
    pairs.some((line) => line.length > 1) &&
    !pairs.flat().every(isClock)
  )
}

const saveAs = 'Open it in a spreadsheet program and save the sheet as .xlsx or CSV, then import that file.'
const fromPython =
  'Write the table from Python as CSV or Parquet (DataFrame.to_csv or to_parquet), then import that file.'
const unpackIt = 'Unpack it, then import the files in it.'
const fromStatistics = 'Export the table from that program as CSV, then import that file.'

/** File formats that can contain tables but cannot be read here, by their first bytes. */
const kinds: readonly ForeignKind[] = [
  { kind: 'an Excel 97–2003 workbook (.xls)', next: saveAs, recognises: begins('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') },
  {
    kind: 'an XML spreadsheet of Excel 2003',
    next: saveAs,
    recognises: matches(/^(?:\xef\xbb\xbf)?\s*<\?xml[^]*urn:schemas-microsoft-com:office:spreadsheet/),
  },
  {
    kind: 'a web page (HTML), as some shops export under the name .xls',
    next: saveAs,
    recognises: matches(/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta)\b/i),
  },
  {
    kind: 'an XML document',
    next: 'Export the table as CSV or JSON lines, then import that file.',
    recognises: isXml,
  },
  { kind: 'an OpenDocument spreadsheet', next: saveAs, recognises: isOpenDocument },
  {
    kind: 'a tar archive',
    next: unpackIt,
    recognises: begins('ustar', 257),
  },
  { kind: 'a ZIP archive within another archive', next: unpackIt, recognises: begins('PK\x03\x04') },
  { kind: 'a bzip2 archive', next: unpackIt, recognises: matches(/^BZh[1-9]1AY&SY/) },
  { kind: 'an xz archive', next: unpackIt, recognises: begins('\xfd7zXZ\0') },
  { kind: 'a 7-Zip archive', next: unpackIt, recognises: begins('7z\xbc\xaf\x27\x1c') },
  { kind: 'a RAR archive', next: unpackIt, recognises: begins('Rar!\x1a\x07') },
  { kind: 'an HDF5 file', next: fromPython, recognises: begins('\x89HDF\r\n\x1a\n') },
  { kind: 'a NumPy array', next: fromPython, recognises: begins('\x93NUMPY') },
  { kind: 'a Python pickle', next: fromPython, recognises: matches(/^\x80[\x02-\x05][\x95}\]c(]/) },
  { kind: 'an Arrow (Feather) file', next: fromPython, recognises: begins('ARROW1') },
  { kind: 'an Avro file', next: fromPython, recognises: begins('Obj\x01') },
  { kind: 'an ORC file', next: fromPython, recognises: begins('ORC') },
  { kind: 'an SPSS file', next: fromStatistics, recognises: begins('$FL2') },
  { kind: 'a Stata file', next: fromStatistics, recognises: matches(/^<stata_dta>/) },
  {
    kind: 'a SAS file',
    next: fromStatistics,
    recognises: begins('\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11', 12),
  },
  {
    kind: 'an R data file',
    next: 'Write the table from R with write.csv(…, row.names = FALSE), then import that file.',
    recognises: matches(/^(?:RD[XA][23]\n|[XA]\n\0\0\0[\x02\x03])/),
  },
  {
    kind: 'a database dump (SQL)',
    next: 'Load it into a database, then export the table as CSV from there. A SQLite database can be imported directly.',
    recognises: matches(
      /^(?:\xef\xbb\xbf)?(?:\s|--[^\n]*\n|\/\*[^]*?\*\/;?)*(?:(?:CREATE|DROP|ALTER|LOCK) (?:TABLE|DATABASE|SCHEMA)|INSERT INTO|PRAGMA |BEGIN TRANSACTION|SET [@A-Z_]+ ?=|START TRANSACTION)/i,
    ),
  },
  {
    kind: 'a LibSVM (SVMlight) file, with a label and pairs of a number and a value in each line',
    next: 'Write a table with a line for each pair: the user of the line, the number and the value. In Python, sklearn.datasets.load_svmlight_file reads the file, and scipy.io.mmwrite writes its matrix as a Matrix Market file (.mtx), which can be imported.',
    recognises: isLibSvm,
  },
  { kind: 'a PDF document', next: 'Choose the table from which the document was made.', recognises: begins('%PDF') },
  {
    kind: 'a picture',
    next: 'Choose a table with one interaction per row.',
    recognises: matches(/^(?:\x89PNG|\xff\xd8\xff|GIF8)/),
  },
]

/** @throws StudioError BAD_INPUT with what the file is and how to get a table from it, if its first bytes identify such a format. */
export function refuseForeign(head: Buffer, file: NamedFile): void {
  const known = kinds.find(({ recognises }) => recognises(head))
  if (known) throw badInput(`${file.name} is ${known.kind}, which cannot be read.`, known.next)
}

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { formatCount, formatCounted } from '../../shared/format'
import { type Choice, delimiterName } from '../../shared/reading'
import { type Dialect, readAsText } from './dialect'
import type { TemporaryDatabase } from './duckdb'
import { headOf } from './plain-text'
import { byteLinesOf, rewriteLines } from './rewritten-lines'
import { cellsAsWritten } from './table-shape'
import { withClockMark } from './values/clock-text'
import { parseDate } from './values/date-text'

/** A text whose rows all have the columns of its table, and the choices about those that had others. */
export interface EvenRows {
  readonly path: string
  readonly choices: readonly Choice[]
}

/** More rows than this with other numbers of cells show that the separator is another one. */
const mostUneven = 100_000
/** How much of a text shows whether it has texts in words, or empty cells at the end of rows. */
const examinedBytes = 1024 * 1024
/** How many rows show the same in a preview. */
const fewerRows = 1_000_000

/** What the rows with as many cells as columns show of one column. Bytes are characters here, so only spaces of ASCII are. */
interface Signs {
  cells: number
  blank: number
  isNumber: boolean
  isTime: boolean
  /** The number of cells that were read as dates in words, such as 1 March 2024; null once one was none. */
  dates: number | null
  hasSpaces: boolean
  beginsWithSpace: boolean
}

const number = /^[-+]?\d[\d.,']*(?:[eE][-+]?\d+)?$/
const time = /^(?=.*\d)[\d\-/.: +TZ]+$/

/** A row with too many or too few cells. */
interface UnevenRow {
  readonly line: number
  readonly text: string
  readonly cells: readonly string[]
}

/** How rows with too many cells become rows of the table: the cells of one, and which of them are joined. Null: not at all. */
type Join = (
  cells: readonly string[],
) => { readonly cells: readonly string[]; readonly joined: readonly number[] } | null

/**
 * Exports that quote nothing split a title with a separator into several cells, and leave out empty cells at the end of a row. If all rows with too many cells
 * are rows of the table when the surplus ones belong to one text, this gives a copy in which that text is quoted; rows that lack cells which are often
 * empty elsewhere get them. Null if no row changes.
 * @param path UTF-8 text
 * @param options.lineOf the file's line from which a line of the text comes
 * @param options.firstRow the lines before the first row, if the header has several
 */
export async function evenRows(
  temporary: TemporaryDatabase,
  path: string,
  dialect: Dialect,
  file: string,
  {
    signal,
    limit,
    lineOf,
    firstRow,
  }: { signal: AbortSignal | null; limit: number; lineOf: (line: number) => number; firstRow: number | null },
): Promise<EvenRows | null> {
  if (dialect.quote === '' || !mayBeUneven(path, dialect) || !(await isUneven(temporary, path, dialect, limit)))
    return null
  const below = firstRow === null ? dialect : { ...dialect, header: false, skip: firstRow }
  const found = await examine(path, below, limit)
  if (!found) return null
  const { signs, long, short } = found
  const joins = long.length > 0 ? joinOf(long, signs, dialect) : null
  const padded = short.filter(({ cells }) => lacksEmptyCells(cells, signs))
  if (!joins && padded.length === 0) return null
  const names = dialect.columns.map(({ name }) => name)
  const copy = join(temporary.folder, `even-${copies++}.csv`)
  await writeEven(path, copy, below, signs, joins, signal, limit)
  const common = { file, column: null, affectsData: true, control: 'Quotes', option: '--quote double' } as const
  const shown = ({ line, text }: UnevenRow): string => {
    const row = Buffer.from(text, 'latin1').toString()
    return `line ${formatCount(lineOf(line))}: ${row.length > 80 ? `${row.slice(0, 80)}…` : row}`
  }
  const choices: Choice[] = []
  const [firstLong, firstShort] = [long[0], padded[0]]
  if (joins && firstLong) {
    const columns = [...new Set(long.flatMap(({ cells }) => joins(cells)?.joined ?? []))].map(
      (at) => `“${names[at] ?? ''}”`,
    )
    choices.push({
      ...common,
      about: 'quotes',
      value: `the surplus cells of ${formatCounted(long.length, 'row')} belong to ${columns.join(' and ')}`,
      certainty: 'guess',
      evidence: `${long.length === 1 ? 'It has' : 'They have'} more than ${names.length} cells, as if a text with the separator (${delimiterName(dialect.delimiter)}) were not quoted; ${shown(firstLong)}. Otherwise, ${long.length === 1 ? 'it is' : 'they are'} rejected.`,
    })
  }
  if (firstShort) {
    const missing = names.slice(firstShort.cells.length).map((name) => `“${name}”`)
    choices.push({
      ...common,
      about: 'quotes',
      value: `${formatCounted(padded.length, 'row')} without ${padded.length === 1 ? 'its' : 'their'} last cells`,
      certainty: 'likely',
      evidence: `${padded.length === 1 ? 'Its' : 'Their'} last cells are often empty in other rows, too; ${missing.join(', ')} in ${shown(firstShort)}.`,
    })
  }
  return { path: copy, choices }
}
let copies = 0

/** Whether the beginning of a text has texts in words, or an empty cell at the end of a row: nothing else can be split or left out. */
function mayBeUneven(path: string, { delimiter }: Dialect): boolean {
  const head = headOf(path, examinedBytes).toString('utf8')
  return /\p{L}[.,;:!?]? \p{L}/u.test(head) || head.includes(`${delimiter}\n`) || head.includes(`${delimiter}\r`)
}

/** Whether some row has too many or too few cells; within a limit, one of the first rows. */
async function isUneven(
  { connection }: TemporaryDatabase,
  path: string,
  dialect: Dialect,
  limit: number,
): Promise<boolean> {
  const table = `uneven_${copies++}`
  const rejects = ['store_rejects = true', `rejects_table = '${table}_errors'`, `rejects_scan = '${table}_scans'`]
  const some = limit === Infinity ? '' : `LIMIT ${fewerRows}`
  await connection.runAndReadAll(`SELECT count(*) FROM (SELECT * FROM ${readAsText(path, dialect, rejects)} ${some})`)
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM ${table}_errors WHERE error_type IN ('TOO MANY COLUMNS', 'MISSING COLUMNS') LIMIT 1`,
  )
  for (const kind of ['errors', 'scans']) await connection.run(`DROP TABLE IF EXISTS ${table}_${kind}`)
  return found.getRows().length > 0
}

/** Reads the lines of a table one by one, and gives the cells of those that are rows of their own; null for others. */
class RowLines {
  readonly #dialect: Dialect
  #line = 0
  #inQuotes = false

  constructor(dialect: Dialect) {
    this.#dialect = { ...dialect, delimiter: Buffer.from(dialect.delimiter).toString('latin1') }
  }

  cellsOf(line: string): string[] | null {
    const { skip, header, quote } = this.#dialect
    if (this.#line++ < skip + (header ? 1 : 0) || line === '') return null
    if (this.#inQuotes) {
      this.#inQuotes = line.split(quote).length % 2 === 1
      return null
    }
    const cells = cellsAsWritten(line, this.#dialect)
    this.#inQuotes = cells === null
    return cells
  }

  get line(): number {
    return this.#line
  }
}

/** The rows with too many or too few cells, and what the others show; null if the former are too many. */
async function examine(path: string, dialect: Dialect, limit: number) {
  const width = dialect.columns.length
  const signs = dialect.columns.map((): Signs => ({
    cells: 0,
    blank: 0,
    isNumber: true,
    isTime: true,
    dates: 0,
    hasSpaces: false,
    beginsWithSpace: false,
  }))
  const [long, short]: [UnevenRow[], UnevenRow[]] = [[], []]
  let even = 0
  const rows = new RowLines(dialect)
  for await (const line of byteLinesOf(path, limit)) {
    const cells = rows.cellsOf(line)
    if (cells === null) continue
    if (cells.length === width) {
      even++
      for (const [at, cell] of cells.entries()) note(signs[at], bare(cell, dialect))
    } else (cells.length > width ? long : short).push({ line: rows.line, text: line, cells })
    if (long.length + short.length > mostUneven) return null
  }
  // Within a limit, the last line is cut off.
  const isCut = limit !== Infinity && statSync(path).size > limit
  for (const uneven of isCut ? [long, short] : []) if (uneven.at(-1)?.line === rows.line) uneven.pop()
  return long.length + short.length > even ? null : { signs, long, short }
}

function note(signs: Signs | undefined, cell: string): void {
  if (!signs) return
  const text = cell.trim()
  signs.cells++
  if (text === '') {
    signs.blank++
    return
  }
  signs.isNumber &&= number.test(text)
  signs.isTime &&= time.test(text)
  if (signs.dates !== null && signs.dates < mostDates) signs.dates = isDate(text) ? signs.dates + 1 : null
  signs.hasSpaces ||= text.includes(' ')
  signs.beginsWithSpace ||= cell.startsWith(' ')
}

/** As many cells of a column show whether it has dates. */
const mostDates = 200
const isDate = (text: string): boolean =>
  /\d/.test(text) && parseDate(withClockMark(Buffer.from(text, 'latin1').toString())) !== null
const holdsDates = ({ dates }: Signs): boolean => dates !== null && dates > 0
/** Whether a column has texts, which may contain a separator. */
const holdsTexts = (signs: Signs | undefined): boolean => signs !== undefined && !signs.isTime && !holdsDates(signs)

/** A cell without its quotes. */
const bare = (cell: string, { quote }: Dialect): string =>
  cell.length > 1 && cell.startsWith(quote) && cell.endsWith(quote) ? cell.slice(1, -1) : cell

/** Whether a cell may stand in a column. */
function fits(cell: string, signs: Signs | undefined): boolean {
  const text = cell.trim()
  if (!signs) return false
  if (text === '') return signs.blank > 0
  if (signs.isNumber) return number.test(text)
  if (signs.isTime) return time.test(text)
  if (holdsDates(signs)) return isDate(text)
  return signs.hasSpaces || !text.includes(' ')
}

/** In at least this share of the rows, the cell of a column is empty that others may lack: otherwise these are broken. */
const oftenBlank = 0.2

/** Whether the cells that a row lacks are often empty in other rows, and its own ones belong to their columns. */
const lacksEmptyCells = (cells: readonly string[], signs: readonly Signs[]): boolean =>
  cells.length > 1 &&
  cells.length < signs.length &&
  signs.slice(cells.length).every((column) => column.blank >= oftenBlank * column.cells) &&
  cells.every((cell, at) => fits(cell, signs[at]))

/**
 * How all rows with too many cells become rows of the table: their surplus cells belong to the only column of texts for which all others fit, or each of them
 * begins with a space, as no other cell does, which follows a separator within a sentence. Null if neither holds for all of them.
 */
function joinOf(rows: readonly UnevenRow[], signs: readonly Signs[], dialect: Dialect): Join | null {
  const width = signs.length
  const delimiter = Buffer.from(dialect.delimiter).toString('latin1')
  const suits = (join: Join): boolean =>
    rows.every(({ cells }) => {
      const row = join(cells)
      return (
        row?.cells.length === width &&
        row.cells.every((cell, at) =>
          row.joined.includes(at) ? holdsTexts(signs[at]) : fits(bare(cell, dialect), signs[at]),
        )
      )
    })
  const isPlain = (cells: readonly string[]): boolean => !cells.some((cell) => cell.startsWith(dialect.quote))
  const intoColumn =
    (column: number): Join =>
    (cells) => {
      const end = column + 1 + cells.length - width
      const parts = cells.slice(column, end)
      if (!isPlain(parts)) return null
      return { cells: [...cells.slice(0, column), parts.join(delimiter), ...cells.slice(end)], joined: [column] }
    }
  const texts = [...signs.entries()].filter(([, column]) => column.hasSpaces && holdsTexts(column))
  const [only, ...others] = texts.map(([column]) => intoColumn(column)).filter(suits)
  if (only && others.length === 0) return only
  if (signs.some(({ beginsWithSpace }) => beginsWithSpace)) return null
  const bySpaces: Join = (cells) => {
    const whole: string[] = []
    const joined = new Set<number>()
    for (const cell of cells) {
      const last = whole.at(-1)
      if (!cell.startsWith(' ') || last === undefined) whole.push(cell)
      else {
        if (!isPlain([last, cell])) return null
        whole[whole.length - 1] = `${last}${delimiter}${cell}`
        joined.add(whole.length - 1)
      }
    }
    return { cells: whole, joined: [...joined] }
  }
  return suits(bySpaces) ? bySpaces : null
}

/** Copies a text with joined cells in quotes, and with the missing empty ones. */
async function writeEven(
  path: string,
  copy: string,
  dialect: Dialect,
  signs: readonly Signs[],
  joins: Join | null,
  signal: AbortSignal | null,
  limit: number,
): Promise<void> {
  const { quote, escape } = dialect
  const delimiter = Buffer.from(dialect.delimiter).toString('latin1')
  const rows = new RowLines(dialect)
  const even = (line: string): string => {
    const cells = rows.cellsOf(line)
    if (cells === null || cells.length === signs.length) return line
    if (cells.length < signs.length)
      return lacksEmptyCells(cells, signs) ? line + delimiter.repeat(signs.length - cells.length) : line
    const row = joins?.(cells)
    if (!row) return line
    return row.cells
      .map((cell, at) => (row.joined.includes(at) ? quote + cell.replaceAll(quote, escape + quote) + quote : cell))
      .join(delimiter)
  }
  await rewriteLines(path, copy, even, signal, limit)
}

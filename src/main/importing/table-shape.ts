import { mostTitles, nameInteractions, namesBelowTitles } from './suggest-mapping'
import { roleOfName } from './column-names'
import { isLikeRows } from './first-line'
import { type HeaderRows, headerRows } from './header-rows'

/** How rows relate to a header with one name fewer than they have cells, or with a separator after its last name. */
export type Shift =
  /** Their first cell has no name: row names of R, the index of pandas. */
  | 'first'
  /** Their last cell has no name. */
  | 'last'
  /** Every row ends with a separator. */
  | 'empty'
  /** Only the header ends with a separator. */
  | 'none'

/** How spaces separate columns; a copy with single spaces is read. */
export type Spacing =
  /** Values are separated by one or several spaces or tabs. */
  | 'runs'
  /** The same, but a date and the time of day after it are one value. */
  | 'clocks'
  /** Values are separated by two or more spaces and contain single ones. */
  | 'words'

/** How the lines of a text differ from those that are read; a copy with other lines is read then. */
export type LineForm =
  | Spacing
  /** A console or Markdown drew a line of dashes below the column names. */
  | 'ruled'
  /** The same, with a bar before and after each row. */
  | 'boxed'
  /** Each row is one quoted cell: a spreadsheet exported it with the whole row in its first column. */
  | 'quoted rows'

/** The start of a text's table and its separator. */
export interface TableShape {
  /** A space may represent several, see `form`. */
  readonly delimiter: string
  /** Null if the lines are read as they are. */
  readonly form: LineForm | null
  /** Lines before the first row, or before the header if it has as many cells as the rows. */
  readonly skip: number
  /** Cells of the first line of the table, without their quotes. */
  readonly first: readonly string[]
  /** Whether the first line is a row although none of its cells is a number: they are values of other lines, too, or look like them. */
  readonly firstIsRow: boolean
  /** Names in a header line that has one cell fewer than the rows, the last of the skipped lines; null if there is none. */
  readonly shortHeader: { readonly names: readonly string[]; readonly shift: Shift } | null
  /** The rows below the first one that name the columns, too, with the lines of the first row, of the one below it, and of the first that is no header; null if there are none. */
  readonly header: (HeaderRows & { readonly lines: readonly [first: number, second: number, end: number] }) | null
  /** Whether values are in double quotes. */
  readonly quoted: boolean
  /** The number of examined non-empty lines with the most frequent number of cells. */
  readonly agreeing: number
  readonly filled: number
  readonly cells: number
}

/** Hive writes the character 1. The first of equally good separators is used. */
const delimiters = [',', ';', '\t', '|', '::', '\x01', '^', '~'] as const
/** Signs with a space on each side, which separate the words of other lines, too; with more than four bytes, DuckDB reads none. */
const spacedSigns = [' - ', ' -- ', ' / ', ' // ', ' : ', ' > ', ' -> ', ' => '] as const
/** With fewer cells, a sign is rather within a title: “Queen - Radio Ga Ga”. */
const fewestSigned = 3
/** Number of examined lines. */
const sampledLines = 2000

/** The minimum share of the lines that have the columns separated by two spaces or more. */
const nearlyAll = 0.95

/** A line's cells as written. Files with :: and other signs of several characters never quote; a value that continues on the next line is cut off here. */
function cellsOf(line: string, delimiter: string): string[] {
  if (delimiter.length > 1) return line.split(delimiter)
  const cells: string[] = []
  let [from, quoted] = [0, false]
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    // A backslash escapes a quote that is not followed by a separator.
    if (quoted && character === '\\' && line[at + 1] === '"' && at + 2 < line.length && line[at + 2] !== delimiter) at++
    // A doubled quote is a quote within the value.
    else if (quoted && character === '"' && line[at + 1] === '"') at++
    else if (character === '"' && (quoted || at === from)) quoted = !quoted
    else if (character === "'" && at === from && !quoted) at = Math.max(at, closedAt(line, at, delimiter, "'") - 1)
    else if (character === delimiter && !quoted) {
      cells.push(line.slice(from, at))
      from = at + 1
    }
  }
  cells.push(line.slice(from))
  return cells
}

/** The ruler lines of a database console, below the column names and the rows. */
const rule = /^-{2,}(?: +-{2,})*$|^\(\d+ rows?(?: affected)?\)$/

const dayAndClock =
  /(?<=^| )(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{2,4}) (\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?)(?= |$)/g

/** A time in brackets, as web servers write it: [01/Mar/2024:01:14:39 +0100]. */
const timeInBrackets = /(?<=^| )(\[[^\s"[\]]*\d[^"[\]]*:\d\d[^"[\]]*\])(?= |$)/g
/** Whether a cell is a time in brackets, which no column is called. */
const isTimeInBrackets = (cell: string): boolean => /^\[.*\d.*:\d\d.*\]$/.test(cell)

/** Quotes a date and the time of day after it, and a time in brackets, so that they are one value in a line with single spaces. */
const withClocks = (line: string): string => line.replaceAll(dayAndClock, '"$1 $2"').replaceAll(timeInBrackets, '"$1"')

/** Converts a line whose columns are separated by two or more spaces to single spaces: values with several words are quoted. */
const withWords = (line: string): string =>
  line
    .trim()
    .replace(rule, '')
    .split(/ {2,}|\t+/)
    .map((value) => (value.includes(' ') && !value.includes('"') ? `"${value}"` : value))
    .join(' ')

/** A line with one space for each run of spaces and tabs between its values, and none at its ends. */
function withSingleSpaces(line: string): string {
  if (rule.test(line.trim())) return ''
  if (!line.includes('"')) return line.trim().replaceAll(/[ \t]+/g, ' ')
  let text = ''
  let quoted = false
  for (const character of line.trim()) {
    const space = !quoted && (character === ' ' || character === '\t')
    if (character === '"' && (quoted || text === '' || text.endsWith(' '))) quoted = !quoted
    if (!space) text += character
    else if (!text.endsWith(' ')) text += ' '
  }
  return text
}

/** A line of dashes between the rows of a table with bars, or around them. */
const isRuler = (line: string): boolean =>
  /^\s*[|+]?\s*:?[-=]{2,}:?\s*(?:[|+]\s*:?[-=]{2,}:?\s*)*[|+]?\s*$/.test(line) && /[-=:\s][|+]\s*:?[-=]/.test(line)
/** What database consoles say below a table. */
const isRemark = (line: string): boolean =>
  /^\s*(?:\(\d+ [^\s|()]+\)|\d+ rows? in set(?:, \d+ warnings?)?(?: \([\d.]+ sec\))?|Time: [\d.,]+ ms(?: \([\d:.,]+\))?)\s*$/.test(
    line,
  )

/** The form of a table with bars by its first line of dashes, which stands right above or below the first line with a bar; null if it has none. */
function formOfBars(lines: readonly string[]): 'ruled' | 'boxed' | null {
  const first = lines.findIndex((line) => line.includes('|') && !isRuler(line))
  const ruler = [lines[first + 1], lines[first - 1]].find((line) => line !== undefined && isRuler(line))
  if (first < 0 || ruler === undefined) return null
  return /^\s*[|+]/.test(ruler) ? 'boxed' : 'ruled'
}

/** A line of such a table without the bars around it; empty if it is no row. */
function withoutBars(line: string, form: 'ruled' | 'boxed'): string {
  if (isRuler(line) || isRemark(line)) return ''
  return form === 'boxed' ? line.replace(/^\s*\|/, '').replace(/\|\s*$/, '') : line
}

/** A row that is one quoted cell, perhaps before empty ones; a doubled quote is a quote of the row. */
const quotedRow = /^"((?:[^"]|"")+)"([,;\t]*)$/

/** A line without the quotes around all of it; the quotes of its own cells may be doubled or not. */
function withoutRowQuotes(line: string, delimiter: string): string {
  const text = line.replace(/\r$/, '')
  const inner = quotedRow.exec(text)?.[1]
  if (inner !== undefined) return inner.includes(delimiter) ? inner.replaceAll('""', '"') : line
  if (text.length < 3 || !text.startsWith('"') || !text.endsWith('"')) return line
  return closedAt(text, 0, delimiter, '"') === -1 ? text.slice(1, -1) : line
}

/** A line as it is read. */
export function rewritten(line: string, form: LineForm, delimiter: string): string {
  switch (form) {
    case 'words':
      return withWords(line)
    case 'clocks':
      return withClocks(withSingleSpaces(line))
    case 'runs':
      return withSingleSpaces(line)
    case 'ruled':
    case 'boxed':
      return withoutBars(line, form)
    case 'quoted rows':
      return withoutRowQuotes(line, delimiter)
  }
}

/** How values are quoted. */
export interface Quoting {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
}

/**
 * A line in which every value that begins with a quote also ends with one; the quotes of other values
 * are doubled within quotes.
 */
export function withoutStray(line: string, { delimiter, quote, escape }: Quoting): string {
  let at = 0
  let text = ''
  let changed = false
  for (;;) {
    const end = line.startsWith(quote, at) ? closedAt(line, at, delimiter, quote) : -1
    const next = end >= 0 ? end : line.indexOf(delimiter, at)
    const cell = next < 0 ? line.slice(at) : line.slice(at, next)
    if (end < 0 && cell.startsWith(quote)) {
      // A quoted value may contain quotes that should have been doubled.
      const whole = cell.length > 1 && cell.endsWith(quote) ? cell.slice(1, -1) : cell
      text += quote + whole.replaceAll(quote, escape + quote) + quote
      changed = true
    } else text += cell
    if (next < 0 || next >= line.length) return changed ? text : line
    text += delimiter
    at = next + delimiter.length
  }
}

/** The cells of a line as written, with their quotes; null if a quote is not closed on it. */
export function cellsAsWritten(
  line: string,
  { delimiter, quote }: Pick<Quoting, 'delimiter' | 'quote'>,
): string[] | null {
  const cells: string[] = []
  for (let at = 0; ;) {
    const end = line.startsWith(quote, at) ? closedAt(line, at, delimiter, quote) : line.indexOf(delimiter, at)
    if (end === -1 && line.startsWith(quote, at)) return null
    cells.push(end === -1 ? line.slice(at) : line.slice(at, end))
    if (end === -1 || end >= line.length) return cells
    at = end + delimiter.length
  }
}

/** The position after the closing quote of the value at `from`, where the delimiter or the line's end follows; -1 if there is none. */
function closedAt(line: string, from: number, delimiter: string, quote: string): number {
  for (let at = line.indexOf(quote, from + 1); at >= 0; at = line.indexOf(quote, at + 1)) {
    if (line[at + 1] === quote) {
      at++
      continue
    }
    return at + 1 === line.length || line.startsWith(delimiter, at + 1) ? at + 1 : -1
  }
  return -1
}

const quotedCell = /^"(.*)"$/s
const withoutQuotes = (cell: string): string => cell.replace(quotedCell, '$1')

/** The sign with which programs begin a comment. */
const commentSign = /^(?:#|%|\/\/)/
/** If more of the lines than this begin with such a sign, their first ids do. */
const mostMarked = 0.1

/** Blanks the comments at the beginning of a text, which are neither a header nor rows, unless the last of them names the columns. */
function withoutComments(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '' && !commentSign.test(line))
  const rows = lines.slice(Math.max(0, first)).filter((line) => line.trim() !== '')
  const marked = rows.filter((line) => commentSign.test(line)).length
  if (first <= 0 || marked > mostMarked * rows.length) return [...lines]
  const end = namesColumns(lines[first - 1] ?? '', lines[first] ?? '') ? first - 1 : first
  return lines.map((line, at) => (at < end ? '' : line))
}

/** Whether a comment has the column names of the row below it, as in `#user,item,rating`. Network files (KONECT, Matrix Market) have no names. */
function namesColumns(comment: string, row: string): boolean {
  if (comment.startsWith('%')) return false
  const names = comment.replace(/^(?:#+|\/\/+)/, '')
  return (
    delimiters.some((delimiter) => {
      const cells = names.split(delimiter).map((cell) => cell.trim())
      const isHeader = cells.length > 1 && cells.length === cellsOf(row, delimiter).length && !holdsNumber(cells)
      return isHeader && (!names.startsWith(' ') || nameInteractions(cells))
    }) ||
    (nameInteractions(names.trim().split(/\s+/)) && names.trim().split(/\s+/).length === row.trim().split(/\s+/).length)
  )
}

/** A row of a text: the cells of one line, or of several that a quoted value joins. */
interface TextRow {
  /** The index of its first line. */
  readonly at: number
  readonly cells: readonly string[]
}

/** A quoted value with more line breaks than this is not closed. */
const mostBreaks = 200

/** The rows of a text without its empty lines. A quote that opens a cell and is closed before a separator on a later line joins the lines up to there. */
function rowsWith(lines: readonly string[], delimiter: string): TextRow[] {
  const rows: TextRow[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === '') continue
    const last = delimiter.length > 1 ? at : lastLineOf(lines, at, delimiter)
    rows.push({ at, cells: cellsOf(last === at ? line : lines.slice(at, last + 1).join('\n'), delimiter) })
    at = last
  }
  return rows
}

/** The last line of the row that begins with a line: the line itself, unless it ends within quotes that are closed at the end of a cell further below. */
function lastLineOf(lines: readonly string[], first: number, delimiter: string): number {
  if (!endsInQuotes(lines[first] ?? '', delimiter)) return first
  for (let at = first + 1; at < Math.min(lines.length, first + mostBreaks); at++) {
    const line = lines[at] ?? ''
    const end = closedAt(`"${line}`, 0, delimiter, '"')
    if (end === -1) {
      // A quote within the value that is not doubled shows that the first one is stray.
      if (line.replaceAll('""', '').includes('"')) return first
    } else if (!endsInQuotes(line.slice(end), delimiter)) return at
  }
  return first
}

/** Whether a line ends within a cell that begins with a quote and has no other one that is not doubled. */
function endsInQuotes(line: string, delimiter: string): boolean {
  for (let at = 0; ;) {
    if (line[at] === '"') {
      const end = closedAt(line, at, delimiter, '"')
      if (end === -1)
        return !line
          .slice(at + 1)
          .replaceAll('""', '')
          .includes('"')
      at = end
    }
    const next = line.indexOf(delimiter, at)
    if (next === -1) return false
    at = next + delimiter.length
  }
}

/**
 * The table in the first lines of a text, in whatever form they are. Null if no separator gives most lines the same number of cells.
 */
export function tableShape(text: readonly string[]): TableShape | null {
  const lines = withoutComments(text.slice(0, sampledLines))
  const bars = formOfBars(lines.filter((line) => line.trim() !== ''))
  if (bars) {
    const shape = plainShape(lines.map((line) => withoutBars(line, bars)))
    if (shape?.delimiter === '|') return { ...shape, form: bars }
  }
  return quotedRowsShape(lines) ?? plainShape(lines)
}

/** The table in rows that are one quoted cell each; null if they are not. */
function quotedRowsShape(lines: readonly string[]): TableShape | null {
  const filled = lines.filter((line) => line.trim() !== '')
  const isWhole = filled.map((line) => quotedRow.test(line.replace(/\r$/, '')))
  if (isWhole.filter(Boolean).length < 2) return null
  const all = isWhole.every(Boolean)
  // Above the others, they are titles.
  if (!all && isWhole.lastIndexOf(true) < isWhole.indexOf(false)) return null
  const agreeing = all ? 0 : (plainShape(lines)?.agreeing ?? 0)
  for (const delimiter of [',', ';', '\t', '|']) {
    const rows = lines.map((line) => withoutRowQuotes(line, delimiter))
    const unquoted = rows.filter((row, at) => row !== lines[at]).length
    if (unquoted < (all ? nearlyAll * filled.length : 1)) continue
    const shape = plainShape(rows)
    const fits = shape?.delimiter === delimiter && shape.form === null && shape.agreeing >= nearlyAll * shape.filled
    if (fits && shape.agreeing > agreeing) return { ...shape, form: 'quoted rows' }
  }
  return null
}

/**
 * The delimiter with which most rows have the same, preferably large, number of cells: in `7;12;4,5` that is the semicolon. DuckDB's own
 * sniffer is misled by a title of several lines, by single faulty rows, by ::, and by columns aligned with spaces. Null if fewer than half of the
 * rows agree.
 */
function plainShape(sample: readonly string[]): TableShape | null {
  const filled = sample.filter((line) => line.trim() !== '')
  const signs = delimiters.map((delimiter) => {
    const rows = rowsWith(sample, delimiter)
    return { delimiter, rows, ...agreement(rows.map(({ cells }) => cells.length)) }
  })
  // Lists in cells have separators, too: those of the columns also separate the names of a header.
  const naming = signs.filter(({ delimiter, cells, score }) => {
    const names = cellsOf(filled[0] ?? '', delimiter).map(withoutQuotes)
    return score > 0 && names.length === cells && nameInteractions(names)
  })
  const best = (naming.length > 0 ? naming : signs).reduce((first, other) =>
    other.score > first.score ? other : first,
  )
  const runs: Spacing = holdsClocks(filled) ? 'clocks' : 'runs'
  const spaced = (spacing: Spacing) => {
    const rows = rowsWith(
      sample.map((line) => rewritten(line, spacing, ' ')),
      ' ',
    )
    return { delimiter: ' ', spacing, rows, ...agreement(rows.map(({ cells }) => cells.length)) }
  }
  const [byValues, byColumns] = [spaced(runs), spaced('words')]
  // Values with several words are recognised by columns that are aligned in nearly all lines, including the header.
  const inWords =
    byColumns.agreeing >= nearlyAll * byColumns.rows.length &&
    (byValues.score === 0 || byColumns.cells < byValues.cells)
  const spaces = inWords ? byColumns : byValues
  // Titles, dates with a time and remarks also contain spaces, so spaces separate only if no other character does, or if every comma is inside a number.
  const commasInNumbers = (): boolean =>
    best.delimiter === ',' && spaces.cells > best.cells && !filled.some((line) => /,(?!\d)|(?<!\d),/.test(line))
  const bySpaces =
    spaces.score > 0 && (best.score === 0 || (spaces.agreeing === spaces.rows.length && commasInNumbers()))
  const signed = best.score === 0 ? bySpacedSigns(sample) : null
  if (best.score === 0 && !bySpaces && !signed) return null
  const { cells, agreeing, rows, delimiter } = signed ?? (bySpaces ? spaces : best)
  const isRewritten =
    !signed && bySpaces && filled.some((line) => rewritten(line, spaces.spacing, ' ') !== line.replace(/\r$/, ''))
  const bare = rows.map((row) => row.cells.map(withoutQuotes))
  const first = firstOfTable(bare, cells)
  const quoted = rows.some((row) => row.cells.some((cell) => quotedCell.test(cell)))
  return {
    delimiter,
    form: isRewritten ? spaces.spacing : null,
    skip: rows[first]?.at ?? first,
    first: bare[first] ?? [],
    firstIsRow: isLikeRows(
      bare[first] ?? [],
      bare.slice(first + 1).filter((row) => row.length === cells),
    ),
    shortHeader:
      rows[first - 1]?.at === (rows[first]?.at ?? 0) - 1
        ? shortHeader(
            bare[first - 1] ?? [],
            bare.slice(first).filter((row) => row.length === cells),
            rows.slice(first).some((row) => quotedCell.test(row.cells[0] ?? '')),
          )
        : null,
    header: headerWith(rows, bare, first, cells),
    quoted: delimiter !== '::' && quoted,
    agreeing,
    filled: rows.length,
    cells,
  }
}

/** The rows of a text whose cells nearly all have the same sign between spaces between them, and are too many for titles; null if they do not. */
function bySpacedSigns(sample: readonly string[]) {
  const found = spacedSigns
    .map((delimiter) => {
      const rows = rowsWith(sample, delimiter)
      return { delimiter, rows, ...agreement(rows.map(({ cells }) => cells.length)) }
    })
    .filter(
      ({ rows, cells, agreeing }) =>
        agreeing >= nearlyAll * rows.length && (cells >= fewestSigned || nameInteractions(rows[0]?.cells ?? [])),
    )
  return found.toSorted((a, b) => b.score - a.score)[0] ?? null
}

/** The header of several rows that begins at a row; null if there is none. */
function headerWith(
  rows: readonly TextRow[],
  bare: readonly (readonly string[])[],
  first: number,
  cells: number,
): TableShape['header'] {
  const from = rows[first]
  const found = from ? headerRows(bare.slice(first).filter((row) => row.length === cells)) : null
  const second = rows[first + 1]
  const end = found && rows[first + found.rows + 1]
  if (
    !from ||
    !found ||
    !second ||
    !end ||
    bare.slice(first, first + found.rows + 1).some((row) => row.length !== cells)
  )
    return null
  return { ...found, lines: [from.at, second.at, end.at] }
}

/** The cells of the rows below the first line of a table, without their quotes. */
export function rowsBelow(lines: readonly string[], { delimiter, form, skip }: TableShape): string[][] {
  const sample = withoutComments(lines.slice(0, sampledLines)).map((line) =>
    form ? rewritten(line, form, delimiter) : line,
  )
  return rowsWith(sample.slice(skip + 1), delimiter).map(({ cells }) => cells.map(withoutQuotes))
}

/** The first line of a table: the first with the usual number of cells, unless a line below it is the header: a title may have as many cells, filled or empty. */
export function firstOfTable(rows: readonly (readonly string[])[], cells: number): number {
  const first = rows.findIndex((row) => row.length === cells)
  if (first < 0 || nameInteractions(rows[first] ?? [])) return first
  const below = rows.slice(first, first + mostTitles)
  const isWide = (row: readonly string[]): boolean => row.length === cells
  const named = namesBelowTitles(
    below,
    (row) => (isWide(row) ? row : []),
    (row) => isWide(row) && row.every(holdsSome) && holdsNumber(row),
  )
  if (named > 0) return first + named
  const isTitle = (row: readonly string[]): boolean => row.length < cells || 2 * row.filter(holdsSome).length <= cells
  const filled = below.findIndex((row) => !isTitle(row))
  return filled > 0 && below[filled]?.every(holdsSome) && !holdsNumber(below[filled]) ? first + filled : first
}
const holdsSome = (cell: string): boolean => cell.trim() !== ''

/** Whether most lines have a date and a time that share one column name, or have no names if the first line is a row as well. */
function holdsClocks(lines: readonly string[]): boolean {
  const single = lines.map(withSingleSpaces)
  const joined = single.map(withClocks)
  if (2 * joined.filter((line, at) => line !== single[at]).length < lines.length) return false
  const { cells } = agreement(joined.map((line) => cellsOf(line, ' ').length))
  const first = joined[0] ?? ''
  const names = cellsOf(first, ' ').length
  return first !== single[0] || names === cells || names === cells - 1
}

/** How many rows have the most frequent number of cells; the score is 0 if fewer than half of them agree. */
function agreement(counts: readonly number[]) {
  const byCells = new Map<number, number>()
  for (const cells of counts) if (cells > 1) byCells.set(cells, (byCells.get(cells) ?? 0) + 1)
  let best = { cells: 0, agreeing: 0, score: 0 }
  for (const [cells, agreeing] of byCells) {
    const score = (agreeing / counts.length) * Math.log2(cells)
    if (2 * agreeing >= counts.length && score > best.score) best = { cells, agreeing, score }
  }
  return best
}

/** The header that has one name fewer than `rows` have cells; null if the line before them is not a header. */
function shortHeader(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  quotesFirst: boolean,
): TableShape['shortHeader'] {
  const [row] = rows
  if (row && names.length === row.length + 1 && names.at(-1)?.trim() === '') return headerAbove(names.slice(0, -1), row)
  if (!row || names.length !== row.length - 1 || names.length < 2) return null
  if (holdsNumber(names) || names.some((name) => name.trim() === '') || new Set(names).size < names.length) return null
  if (nameInteractions(row) || (!holdsNumber(row) && !names.some((name) => roleOfName(name)?.whole))) return null
  if (rows.every((cells) => cells.at(-1) === '')) return { names, shift: 'empty' }
  const ids = rows.map((cells) => cells[0] ?? '')
  const isUnique = new Set(ids).size === rows.length
  // Names of rows are quoted or words, or count the rows. Other numbers may be users who occur once, and the last cell a part of a value.
  const numbers = ids.map((id) => Number(id.trim()))
  const counts =
    numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? NaN)) &&
    (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) < 2 * rows.length
  return { names, shift: isUnique && (quotesFirst || counts || numbers.some(Number.isNaN)) ? 'first' : 'last' }
}

/** The header that alone ends with a separator; null if the line is none. */
function headerAbove(names: readonly string[], row: readonly string[]): TableShape['shortHeader'] {
  const isHeader =
    names.length > 1 &&
    !holdsNumber(names) &&
    names.every((name) => name.trim() !== '') &&
    new Set(names).size === names.length &&
    (nameInteractions(names) || (holdsNumber(row) && names.some((name) => roleOfName(name)?.whole)))
  return isHeader ? { names, shift: 'none' } : null
}

/** Whether cells cannot be a header: column names are hardly ever numbers, or times in brackets. */
export const holdsNumber = (cells: readonly string[]): boolean =>
  cells.some(
    (cell) =>
      (cell.trim() !== '' && Number.isFinite(Number(cell.trim().replace(',', '.')))) || isTimeInBrackets(cell.trim()),
  )

import { mostTitles, nameInteractions, namesBelowTitles } from './suggest-mapping'
import { roleOfName } from './column-names'

/** How rows relate to a header with one name fewer than they have cells. */
export type Shift =
  /** Their first cell has no name: row names of R, the index of pandas. */
  | 'first'
  /** Their last cell has no name. */
  | 'last'
  /** Every row ends with a separator. */
  | 'empty'

/** How spaces separate columns; a copy with single spaces is read. */
export type Spacing =
  /** Values are separated by one or several spaces or tabs. */
  | 'runs'
  /** The same, but a date and the time of day after it are one value. */
  | 'clocks'
  /** Values are separated by two or more spaces and contain single ones. */
  | 'words'

/** The start of a text's table and its separator. */
export interface TableShape {
  /** A space may represent several, see `spacing`. */
  readonly delimiter: string
  /** How spaces separate columns, if not each single space does; null if each does, or for other separators. */
  readonly spacing: Spacing | null
  /** Lines before the first row, or before the header if it has as many cells as the rows. */
  readonly skip: number
  /** Cells of the first line of the table, without their quotes. */
  readonly first: readonly string[]
  /** Names in a header line that has one cell fewer than the rows, the last of the skipped lines; null if there is none. */
  readonly shortHeader: { readonly names: readonly string[]; readonly shift: Shift } | null
  /** Whether values are in double quotes. */
  readonly quoted: boolean
  /** The number of examined non-empty lines with the most frequent number of cells. */
  readonly agreeing: number
  readonly filled: number
  readonly cells: number
}

/** Hive writes the character 1. The first of equally good separators is used. */
const delimiters = [',', ';', '\t', '|', '::', '\x01', '^', '~'] as const
/** Number of examined lines. */
const sampledLines = 2000

/** The minimum share of the lines that have the columns separated by two spaces or more. */
const nearlyAll = 0.95

/** A line's cells as written. Files with :: never quote; a value that continues on the next line is cut off here. */
function cellsOf(line: string, delimiter: string): string[] {
  if (delimiter === '::') return line.split(delimiter)
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

/** Quotes a date and the time of day after it, so that they are one value in a line with single spaces. */
const withClocks = (line: string): string => line.replaceAll(dayAndClock, '"$1 $2"')

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

/** A line as it is read, with single spaces between its values. */
export function respaced(line: string, spacing: Spacing): string {
  if (spacing === 'words') return withWords(line)
  return spacing === 'clocks' ? withClocks(withSingleSpaces(line)) : withSingleSpaces(line)
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

const quotedCell = /^"(.*)"$/
const withoutQuotes = (cell: string): string => cell.replace(quotedCell, '$1')

/** Blanks the comments at the beginning of network files (KONECT, Matrix Market), which are not a header. */
function withoutComments(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => !line.startsWith('%'))
  return lines.map((line, at) => (at < first ? '' : line))
}

/**
 * The delimiter with which most lines have the same, preferably large, number of cells: in `7;12;4,5` that is the semicolon. DuckDB's own
 * sniffer is misled by a title of several lines, by single faulty rows, by ::, and by columns aligned with spaces. Null if fewer than half of the
 * lines agree.
 */
export function tableShape(lines: readonly string[]): TableShape | null {
  const sample = withoutComments(lines.slice(0, sampledLines))
  const filled = sample.filter((line) => line.trim() !== '')
  const signs = delimiters.map((delimiter) => ({ delimiter, ...agreement(filled, (line) => cellsOf(line, delimiter)) }))
  // Lists in cells have separators, too: those of the columns also separate the names of a header.
  const naming = signs.filter(({ delimiter, cells, score }) => {
    const names = cellsOf(filled[0] ?? '', delimiter).map(withoutQuotes)
    return score > 0 && names.length === cells && nameInteractions(names)
  })
  const best = (naming.length > 0 ? naming : signs).reduce((first, other) =>
    other.score > first.score ? other : first,
  )
  const runs: Spacing = holdsClocks(filled) ? 'clocks' : 'runs'
  const byValues = agreement(filled, (line) => cellsOf(respaced(line, runs), ' '))
  const byColumns = agreement(filled, (line) => cellsOf(respaced(line, 'words'), ' '))
  // Values with several words are recognised by columns that are aligned in nearly all lines, including the header.
  const inWords =
    byColumns.agreeing >= nearlyAll * filled.length && (byValues.score === 0 || byColumns.cells < byValues.cells)
  const spaces = inWords ? byColumns : byValues
  const spaced: Spacing = inWords ? 'words' : runs
  // Titles, dates with a time and remarks also contain spaces, so spaces separate only if no other character does, or if every comma is inside a number.
  const commasInNumbers = (): boolean =>
    best.delimiter === ',' && spaces.cells > best.cells && !filled.some((line) => /,(?!\d)|(?<!\d),/.test(line))
  const bySpaces = spaces.score > 0 && (best.score === 0 || (spaces.agreeing === filled.length && commasInNumbers()))
  if (best.score === 0 && !bySpaces) return null
  const { cells, agreeing } = bySpaces ? spaces : best
  const delimiter = bySpaces ? ' ' : best.delimiter
  const spacing = bySpaces && filled.some((line) => respaced(line, spaced) !== line.replace(/\r$/, '')) ? spaced : null
  const rows = sample.map((line) => cellsOf(bySpaces ? respaced(line, spaced) : line, delimiter))
  const bare = (row: readonly string[]): string[] => row.map(withoutQuotes)
  const skip = firstOfTable(rows.map(bare), cells)
  return {
    delimiter,
    spacing,
    skip,
    first: bare(rows[skip] ?? []),
    shortHeader: shortHeader(
      bare(rows[skip - 1] ?? []),
      rows
        .slice(skip)
        .filter((row) => row.length === cells)
        .map(bare),
    ),
    quoted: delimiter !== '::' && rows.some((row) => row.some((cell) => quotedCell.test(cell))),
    agreeing,
    filled: filled.length,
    cells,
  }
}

/** The cells of the rows below the first line of a table, without their quotes. */
export const rowsBelow = (lines: readonly string[], { delimiter, spacing, skip }: TableShape): string[][] =>
  withoutComments(lines.slice(0, sampledLines))
    .slice(skip + 1)
    .filter((line) => line.trim() !== '')
    .map((line) => cellsOf(spacing ? respaced(line, spacing) : line, delimiter).map(withoutQuotes))

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
  const { cells } = agreement(joined, (line) => cellsOf(line, ' '))
  const first = joined[0] ?? ''
  const names = cellsOf(first, ' ').length
  return first !== single[0] || names === cells || names === cells - 1
}

/** How many lines have the most frequent number of cells; the score is 0 if fewer than half of them agree. */
function agreement(lines: readonly string[], split: (line: string) => string[]) {
  const byCells = new Map<number, number>()
  for (const line of lines) {
    const cells = split(line).length
    if (cells > 1) byCells.set(cells, (byCells.get(cells) ?? 0) + 1)
  }
  let best = { cells: 0, agreeing: 0, score: 0 }
  for (const [cells, agreeing] of byCells) {
    const score = agreeing * Math.log2(cells)
    if (2 * agreeing >= lines.length && score > best.score) best = { cells, agreeing, score }
  }
  return best
}

/** The header that has one name fewer than `rows` have cells; null if the line before them is not a header. */
function shortHeader(names: readonly string[], rows: readonly (readonly string[])[]): TableShape['shortHeader'] {
  const [row] = rows
  if (!row || names.length !== row.length - 1 || names.length < 2) return null
  if (holdsNumber(names) || names.some((name) => name.trim() === '') || new Set(names).size < names.length) return null
  if (nameInteractions(row) || (!holdsNumber(row) && !names.some((name) => roleOfName(name)?.whole))) return null
  if (rows.every((cells) => cells.at(-1) === '')) return { names, shift: 'empty' }
  const ids = new Set(rows.map((cells) => cells[0]))
  return { names, shift: ids.size === rows.length ? 'first' : 'last' }
}

/** Whether cells cannot be a header: column names are hardly ever numbers. */
export const holdsNumber = (cells: readonly string[]): boolean =>
  cells.some((cell) => cell.trim() !== '' && Number.isFinite(Number(cell.trim().replace(',', '.'))))

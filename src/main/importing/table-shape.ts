import { mostTitles, nameInteractions, namesBelowTitles } from './suggest-mapping'
import { roleOfName } from './column-names'

/** How rows stand to a header that has one name less than they have cells. */
export type Shift =
  /** Their first cell has no name: R's row names, the index of pandas. */
  | 'first'
  /** Their last one has none. */
  | 'last'
  /** Every row ends with a separator. */
  | 'empty'

/** How spaces separate columns; a copy with single ones is read. */
export type Spacing =
  /** One or several spaces or tabs stand between values. */
  | 'runs'
  /** The same, and a day and the time of day behind it are one value, too. */
  | 'clocks'
  /** Two or more stand between values, and single ones within them. */
  | 'words'

/** Where a text's table begins and what separates its columns. */
export interface TableShape {
  /** A space may stand for several, see `spacing`. */
  readonly delimiter: string
  /** How spaces separate columns, where not each of them does; null where each does, or another sign. */
  readonly spacing: Spacing | null
  /** Lines before the first row, or before the header if it has as many cells as the rows. */
  readonly skip: number
  /** Cells of the first line of the table, without their quotes. */
  readonly first: readonly string[]
  /** Names of a header line that has one cell less than the rows, the last of the skipped lines; null where there is none. */
  readonly shortHeader: { readonly names: readonly string[]; readonly shift: Shift } | null
  /** Whether values stand in double quotes. */
  readonly quoted: boolean
  /** Lines with as many cells as most have, of those that are looked at and not empty. */
  readonly agreeing: number
  readonly filled: number
  readonly cells: number
}

/** Hive writes the character 1; of signs that separate as well, the first is taken. */
const delimiters = [',', ';', '\t', '|', '::', '\x01', '^', '~'] as const
/** Lines that are looked at. */
const looked = 2000

/** Share of the lines that have the columns which two spaces or more separate. */
const nearlyAll = 0.95

/** A line's cells as they are written. Files with :: never quote; a value that goes on in the next line ends with this one. */
function cellsOf(line: string, delimiter: string): string[] {
  if (delimiter === '::') return line.split(delimiter)
  const cells: string[] = []
  let [from, quoted] = [0, false]
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    // A backslash before a quote that no separator follows makes it an ordinary character.
    if (quoted && character === '\\' && line[at + 1] === '"' && at + 2 < line.length && line[at + 2] !== delimiter) at++
    // Doubled, it is one within the value.
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

/** What a database's console writes below the names of columns, and below the rows. */
const rule = /^-{2,}(?: +-{2,})*$|^\(\d+ rows?(?: affected)?\)$/

const dayAndClock =
  /(?<=^| )(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{2,4}) (\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?)(?= |$)/g

/** A line of single spaces in which a day and the time of day behind it are one value, in quotes. */
const withClocks = (line: string): string => line.replaceAll(dayAndClock, '"$1 $2"')

/** A line of columns that two spaces or more separate, as one of single spaces: words of a value stand in quotes. */
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
 * A line in which every value that begins with a quote ends with one; where it does not, its quotes
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
      // A value within quotes may hold others that should have been doubled.
      const whole = cell.length > 1 && cell.endsWith(quote) ? cell.slice(1, -1) : cell
      text += quote + whole.replaceAll(quote, escape + quote) + quote
      changed = true
    } else text += cell
    if (next < 0 || next >= line.length) return changed ? text : line
    text += delimiter
    at = next + delimiter.length
  }
}

/** Where the delimiter or the line's end stands behind the quote that closes the value at `from`; -1 where none does. */
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

/** Lines with nothing in place of the comments that networks begin with (KONECT, Matrix Market): they are no header. */
function withoutComments(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => !line.startsWith('%'))
  return lines.map((line, at) => (at < first ? '' : line))
}

/**
 * The delimiter by which most lines have the same number of cells, many rather than few: in `7;12;4,5` that is the semicolon. DuckDB's own
 * sniffer is misled by a title of several lines, by single faulty rows, by ::, and by columns aligned with spaces. Null where no half of the
 * lines agrees.
 */
export function tableShape(lines: readonly string[]): TableShape | null {
  const sample = withoutComments(lines.slice(0, looked))
  const filled = sample.filter((line) => line.trim() !== '')
  const signs = delimiters.map((delimiter) => ({ delimiter, ...agreement(filled, (line) => cellsOf(line, delimiter)) }))
  const best = signs.reduce((first, other) => (other.score > first.score ? other : first))
  const runs: Spacing = holdsClocks(filled) ? 'clocks' : 'runs'
  const byValues = agreement(filled, (line) => cellsOf(respaced(line, runs), ' '))
  const byColumns = agreement(filled, (line) => cellsOf(respaced(line, 'words'), ' '))
  // Values of several words are told by their columns, which stand apart in nearly all lines, a header's among them.
  const inWords =
    byColumns.agreeing >= nearlyAll * filled.length && (byValues.score === 0 || byColumns.cells < byValues.cells)
  const spaces = inWords ? byColumns : byValues
  const spaced: Spacing = inWords ? 'words' : runs
  // Titles, dates with a clock and remarks have spaces, too: they separate only where no sign does, or where each comma stands inside a number.
  const commasInNumbers = (): boolean =>
    best.delimiter === ',' && spaces.cells > best.cells && !filled.some((line) => /,(?!\d)|(?<!\d),/.test(line))
  const bySpaces = spaces.score > 0 && (best.score === 0 || (spaces.agreeing === filled.length && commasInNumbers()))
  if (best.score === 0 && !bySpaces) return null
  const { cells, agreeing } = bySpaces ? spaces : best
  const delimiter = bySpaces ? ' ' : best.delimiter
  const spacing = bySpaces && filled.some((line) => respaced(line, spaced) !== line.replace(/\r$/, '')) ? spaced : null
  const rows = sample.map((line) => cellsOf(bySpaces ? respaced(line, spaced) : line, delimiter))
  const bare = (row: readonly string[]): string[] => row.map((cell) => cell.replace(quotedCell, '$1'))
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

/** The first line of a table: that with as many cells as most have, unless one below it names the columns: a title may fill as many, or leave them empty. */
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

/** Whether most lines hold a day and a clock that have one name together, or none where the first line is a row as well. */
function holdsClocks(lines: readonly string[]): boolean {
  const single = lines.map(withSingleSpaces)
  const joined = single.map(withClocks)
  if (2 * joined.filter((line, at) => line !== single[at]).length < lines.length) return false
  const { cells } = agreement(joined, (line) => cellsOf(line, ' '))
  const first = joined[0] ?? ''
  const names = cellsOf(first, ' ').length
  return first !== single[0] || names === cells || names === cells - 1
}

/** How many lines have as many cells as most have; a score of 0 where no half of them agrees. */
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

/** The header that has one name less than `rows` have cells; null where the line before them is none. */
function shortHeader(names: readonly string[], rows: readonly (readonly string[])[]): TableShape['shortHeader'] {
  const [row] = rows
  if (!row || names.length !== row.length - 1 || names.length < 2) return null
  if (holdsNumber(names) || names.some((name) => name.trim() === '') || new Set(names).size < names.length) return null
  if (nameInteractions(row) || (!holdsNumber(row) && !names.some((name) => roleOfName(name)?.whole))) return null
  if (rows.every((cells) => cells.at(-1) === '')) return { names, shift: 'empty' }
  const ids = new Set(rows.map((cells) => cells[0]))
  return { names, shift: ids.size === rows.length ? 'first' : 'last' }
}

/** Whether cells can be no header: columns are hardly ever called by a number. */
export const holdsNumber = (cells: readonly string[]): boolean =>
  cells.some((cell) => cell.trim() !== '' && Number.isFinite(Number(cell.trim().replace(',', '.'))))

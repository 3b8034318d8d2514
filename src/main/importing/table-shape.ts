/** Where a text's table begins and what separates its columns. */
export interface TableShape {
  readonly delimiter: string
  /** Lines before the header or the first row: a title, a remark, empty lines. */
  readonly skip: number
  /** Cells of the first line of the table, without their quotes. */
  readonly first: readonly string[]
  /** Whether values stand in double quotes. */
  readonly quoted: boolean
}

const delimiters = [',', ';', '\t', '|', '::'] as const
/** Lines that are looked at. */
const looked = 2000

/** A line's cells as they are written. Files with :: never quote; a value that goes on in the next line ends with this one. */
function cellsOf(line: string, delimiter: string): string[] {
  if (delimiter === '::') return line.split(delimiter)
  const cells: string[] = []
  let [from, quoted] = [0, false]
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === '"' && (quoted || at === from)) quoted = !quoted
    else if (character === delimiter && !quoted) {
      cells.push(line.slice(from, at))
      from = at + 1
    }
  }
  cells.push(line.slice(from))
  return cells
}

const quotedCell = /^"(.*)"$/

/**
 * The delimiter by which most lines have the same number of cells, many rather than few: in `7;12;4,5` that is the semicolon. DuckDB's own
 * sniffer is misled by a title of several lines, by single faulty rows, and by ::. Null where no half of the lines agrees.
 */
export function tableShape(lines: readonly string[]): TableShape | null {
  const sample = lines.slice(0, looked)
  const filled = sample.filter((line) => line.trim() !== '')
  let best: { delimiter: string; cells: number; score: number } | null = null
  for (const delimiter of delimiters) {
    const byCells = new Map<number, number>()
    for (const line of filled) {
      const cells = cellsOf(line, delimiter).length
      if (cells > 1) byCells.set(cells, (byCells.get(cells) ?? 0) + 1)
    }
    for (const [cells, agreeing] of byCells) {
      const score = agreeing * Math.log2(cells)
      if (2 * agreeing < filled.length || (best && best.score >= score)) continue
      best = { delimiter, cells, score }
    }
  }
  if (!best) return null
  const rows = sample.map((line) => cellsOf(line, best.delimiter))
  const skip = rows.findIndex((row) => row.length === best.cells)
  return {
    delimiter: best.delimiter,
    skip,
    first: (rows[skip] ?? []).map((cell) => cell.replace(quotedCell, '$1')),
    quoted: best.delimiter !== '::' && rows.some((row) => row.some((cell) => quotedCell.test(cell))),
  }
}

/** Whether cells can be no header: columns are hardly ever called by a number. */
export const holdsNumber = (cells: readonly string[]): boolean =>
  cells.some((cell) => cell.trim() !== '' && Number.isFinite(Number(cell.trim().replace(',', '.'))))

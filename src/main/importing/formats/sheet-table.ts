import { roleOfName } from '../column-names'
import { namesBelowTitles } from '../suggest-mapping'
import type { Cell } from './text-writer'

/** The location of a sheet's table. */
export interface SheetTable {
  /** Rows before the header or the first row: a title, a remark, empty rows. */
  readonly skip: number
  readonly header: boolean
  /** Position of the first row below the header. */
  readonly begin: number
  /** Positions of the columns that are not empty, and of empty ones between those of what may be several tables. */
  readonly columns: readonly number[]
  /** Names by column; empty if there is no header or its cell is empty. */
  readonly names: readonly string[]
  /** Positions of skipped rows with so many cells that they may be rows of the table. */
  readonly doubted: readonly number[]
}

type Row = readonly Cell[]

const isFilled = (cell: Cell | undefined): boolean =>
  cell !== null && cell !== undefined && !(typeof cell === 'string' && cell.trim() === '')

/** Number of rows that determine the width of the table. */
const sampledRows = 2000

/** A title or a remark has fewer cells. */
const fewestCells = 3

/**
 * Finds the table of a sheet: it begins at the first row that is as wide as most rows, or at an earlier one that has usual column names or
 * cells like those below. Its first row is the header unless it contains a number or a date; a second row may have the names that are missing in it.
 * @param known the user's choices about it
 */
export function sheetTable(
  rows: readonly Row[],
  known: { readonly skip?: number | undefined; readonly header?: boolean | undefined } = {},
): SheetTable {
  const skip = known.skip ?? tableBegin(rows)
  const first = rows[skip] ?? []
  const header = known.header ?? !first.some(isValue)
  const second = header && continuesNames(first, rows[skip + 1] ?? [], kindsOf(rows.slice(skip + 2, sampledRows)))
  const begin = skip + (second ? 2 : header ? 1 : 0)
  const width = rows.slice(skip).reduce((most, row) => Math.max(most, row.length), 0)
  const isColumn = (column: number): boolean => rows.slice(skip).some((row) => isFilled(row[column]))
  const all = Array.from({ length: width }, (_, column) => column)
  const filled = all.filter(isColumn)
  const columns = header ? all.filter((column) => filled.includes(column) || isGap(column, filled, first)) : filled
  const below = second ? (rows[skip + 1] ?? []) : []
  const nameOf = (column: number): Cell => (isFilled(below[column]) ? below[column] : first[column]) ?? ''
  const names = columns.map((column) => (header ? String(nameOf(column)).trim() : ''))
  const doubted =
    known.skip === undefined ? [...rows.slice(0, skip).keys()].filter((at) => widthOf(rows[at]) >= fewestCells) : []
  return { skip, header, begin, columns, names, doubted }
}

/** Whether an empty column separates two columns with names, which may belong to different tables, from two others. */
const isGap = (column: number, filled: readonly number[], header: Row): boolean =>
  [
    [column - 2, column - 1],
    [column + 1, column + 2],
  ].every((pair) => pair.every((at) => filled.includes(at) && isFilled(header[at])))

const widthOf = (row: Row = []): number => row.filter(isFilled).length
const textsOf = (row: Row): string[] => row.filter(isFilled).map(String)

/** Position of the header, or of the first row if there is none. */
function tableBegin(rows: readonly Row[]): number {
  const widths = new Map<number, number>()
  for (const row of rows.slice(0, sampledRows)) {
    const width = widthOf(row)
    if (width > 1) widths.set(width, (widths.get(width) ?? 0) + 1)
  }
  const [usual] = [...widths].sort(([a, rowsA], [b, rowsB]) => rowsB * Math.log2(b) - rowsA * Math.log2(a))[0] ?? [1]
  const widest = Math.max(
    0,
    rows.findIndex((row) => widthOf(row) >= usual),
  )
  // A title may be as wide as the table, but usual column names identify the header.
  const below = namesBelowTitles(rows.slice(widest), textsOf, (row) => row.some((cell) => typeof cell === 'number'))
  if (below > 0) return widest + below
  const named = rows.slice(0, widest).findIndex((row) => namesColumns(row))
  if (named >= 0) return named
  const kinds = kindsOf(rows.slice(widest + 1, sampledRows))
  const isHeader = (row: Row): boolean => !row.some(isValue) && isAbove(row, kinds)
  let begin = widest
  if (!isHeader(rows[widest] ?? [])) {
    const isRow = (row: Row = []): boolean => row.some(isValue) && fits(row, kinds)
    const early = rows.slice(0, widest).findIndex((row) => widthOf(row) >= fewestCells && isRow(row))
    if (early >= 0) begin = early
    // A row with two cells is one of the table if no other separates it from the table.
    while (begin > 0 && widthOf(rows[begin - 1]) > 1 && isRow(rows[begin - 1])) begin--
  }
  const before = (at: number): Row => rows[at - 1] ?? []
  if (!isHeader(rows[begin] ?? []) && widthOf(before(begin)) >= fewestCells && isHeader(before(begin))) begin--
  return continuesNames(before(begin), rows[begin] ?? [], kinds) ? begin - 1 : begin
}

/** Whether cells are usual names of columns with different roles, and nothing else. */
function namesColumns(row: Row): boolean {
  if (widthOf(row) < fewestCells || row.some(isValue)) return false
  const matches = textsOf(row).flatMap((name) => {
    const match = roleOfName(name)
    return match?.whole ? [match.role] : []
  })
  return new Set(matches).size > 1
}

type Kind = 'number' | 'date' | 'boolean' | 'text'

/** The kind of the cells of a column. */
const kindOf = (cell: Cell): Kind => {
  if (typeof cell === 'number') return 'number'
  if (typeof cell === 'boolean') return 'boolean'
  const text = String(cell)
  return isDate(text) ? 'date' : isNumber(text) ? 'number' : 'text'
}

/** The kind of most cells of each column; undefined for an empty one. */
function kindsOf(rows: readonly Row[]): readonly (Kind | undefined)[] {
  const counts: Map<Kind, number>[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries())
      if (isFilled(cell)) {
        const kind = kindOf(cell)
        const ofColumn = (counts[column] ??= new Map<Kind, number>())
        ofColumn.set(kind, (ofColumn.get(kind) ?? 0) + 1)
      }
  return Array.from(
    counts,
    (ofColumn: Map<Kind, number> | undefined) => [...(ofColumn ?? [])].sort(([, a], [, b]) => b - a)[0]?.[0],
  )
}

/** Whether the cells of a row are all of the kinds of their columns. */
const fits = (row: Row, kinds: readonly (Kind | undefined)[]): boolean =>
  row.every((cell, column) => !isFilled(cell) || kinds[column] === undefined || kindOf(cell) === kinds[column])

/** Whether a row has a text above numbers, dates or truth values. */
const isAbove = (row: Row, kinds: readonly (Kind | undefined)[]): boolean =>
  row.some((cell, column) => isFilled(cell) && (kinds[column] ?? 'text') !== 'text')

/**
 * Whether a row has the names that a header leaves open, as in surveys: a question is in the first cell of the header above its answers, and
 * the second row names each of them.
 * @param kinds those of the columns below
 */
function continuesNames(header: Row, row: Row, kinds: readonly (Kind | undefined)[]): boolean {
  const isOpen = (column: number): boolean =>
    !isFilled(header[column]) || (!isFilled(header[column + 1]) && isFilled(row[column + 1]))
  const isNamed = header.some((cell, column) => isFilled(cell) && !isFilled(row[column]))
  return (
    isNamed &&
    widthOf(header) > 1 &&
    widthOf(row) > 1 &&
    !header.some(isValue) &&
    !row.some(isValue) &&
    isAbove(row, kinds) &&
    row.every((cell, column) => !isFilled(cell) || isOpen(column))
  )
}

const isNumber = (text: string): boolean => Number.isFinite(Number(text.trim()))
const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d(?:T|$)/.test(text)
/** Whether a cell is filled, and not with a text. */
const isValue = (cell: Cell | undefined): boolean => isFilled(cell) && kindOf(cell ?? null) !== 'text'

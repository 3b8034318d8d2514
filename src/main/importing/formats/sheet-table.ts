import { namesBelowTitles } from '../suggest-mapping'
import type { Cell } from './text-writer'

/** The location of a sheet's table. */
export interface SheetTable {
  /** Rows before the header or the first row: a title, a remark, empty rows. */
  readonly skip: number
  readonly header: boolean
  /** Positions of the columns that are not empty. */
  readonly columns: readonly number[]
  /** Names by column; empty if there is no header or its cell is empty. */
  readonly names: readonly string[]
}

const isFilled = (cell: Cell | undefined): boolean =>
  cell !== null && cell !== undefined && !(typeof cell === 'string' && cell.trim() === '')

/** Number of rows that determine the width of the table. */
const sampledRows = 2000

/**
 * Finds the table of a sheet: it begins at the first row that is as wide as most rows, and its first row is the header unless it contains a
 * number or a date.
 * @param known the user's choices about it
 */
export function sheetTable(
  rows: readonly (readonly Cell[])[],
  known: { readonly skip?: number | undefined; readonly header?: boolean | undefined } = {},
): SheetTable {
  const widths = new Map<number, number>()
  for (const row of rows.slice(0, sampledRows)) {
    const width = row.filter(isFilled).length
    if (width > 1) widths.set(width, (widths.get(width) ?? 0) + 1)
  }
  const [usual] = [...widths].sort(([a, rowsA], [b, rowsB]) => rowsB * Math.log2(b) - rowsA * Math.log2(a))[0] ?? [1]
  const widest = rows.findIndex((row) => row.filter(isFilled).length >= usual)
  // A title may be as wide as the table, but usual column names identify the header.
  const begin = Math.max(0, widest)
  const below = namesBelowTitles(
    rows.slice(begin),
    (row) => row.filter(isFilled).map(String),
    (row) => row.some((cell) => typeof cell === 'number'),
  )
  const skip = known.skip ?? begin + below
  const first = rows[skip] ?? []
  const header =
    known.header ?? !first.some((cell) => isFilled(cell) && (typeof cell !== 'string' || isNumberOrDate(cell)))
  const width = Math.max(0, ...rows.slice(skip).map((row) => row.length))
  const columns = Array.from({ length: width }, (_, column) => column).filter((column) =>
    rows.slice(skip).some((row) => isFilled(row[column])),
  )
  const names = columns.map((column) => (header ? String(first[column] ?? '').trim() : ''))
  return { skip, header, columns, names }
}

const isNumberOrDate = (text: string): boolean => Number.isFinite(Number(text.trim())) || /^\d{4}-\d\d-\d\dT/.test(text)

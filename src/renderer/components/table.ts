import { sortedBy, type Sorting } from '../../shared/sorting'
import type { widths } from './wide'

export interface Column<Row> {
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly align?: 'left' | 'right'
  readonly width?: string
  /** The least width, for columns without a width or with one in percent. */
  readonly min?: string
  /** Only shown in windows of this width or more; narrower ones show it in another cell or on the row's page. */
  readonly from?: keyof typeof widths
  /** The label is for screen readers only (columns of buttons). */
  readonly hideLabel?: boolean
  /** The text of the cell if no slot draws it. */
  readonly text?: (row: Row) => string
  /** The value by which the column is sorted; `null` comes last in both directions. Without it, the column cannot be sorted. */
  readonly sort?: (row: Row) => number | string | null
}

/** Width of a column of moments: “2026-11-30 12:34”, with the room beside the last column. */
export const momentWidth = '10rem'

/** Rows in the order of one column; equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const value = columns.find((column) => column.key === sorting?.key)?.sort
  return value && sorting ? sortedBy(rows, value, sorting.direction) : rows
}

/** Rows under one line of a table. */
export interface RowGroup<Row> {
  readonly key: string
  readonly rows: readonly Row[]
}

/** CSS width below which a table scrolls sideways, so that no column loses its content. */
export function leastWidth<Row>(columns: readonly Column<Row>[], choosable = false): string {
  const parts = columns.map(({ width, min }) => {
    if (width?.endsWith('rem') === true) return width
    return min ?? (width === undefined ? '12rem' : '7rem')
  })
  return `calc(${[...parts, ...(choosable ? ['2.5rem'] : [])].join(' + ') || '0px'})`
}

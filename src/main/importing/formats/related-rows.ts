import type { JoinedColumns, Reference } from '../../store/foreign-database'
import { isBlankCell } from '../blank-cells'
import type { CalledTable, Relations } from './related-tables'
import type { Cell } from './text-writer'

/** A table whose rows are in memory. */
export interface TableInMemory extends CalledTable {
  readonly rows: readonly (readonly Cell[])[]
  /** Whether these are only the first rows of the table. */
  readonly isCut?: boolean
}

/** Rows without repetitions: a row that an export contains twice still has a unique key. */
export const distinctRows = <T extends readonly Cell[]>(rows: readonly T[]): T[] => [
  ...new Map(rows.map((row) => [row.join('\0'), row])).values(),
]

/** A value as a key: numbers and texts are equal if they are written alike; null for an empty cell. */
const keyOf = (cell: Cell | undefined): string | null => {
  const text = cell === null || cell === undefined ? '' : String(cell).trim()
  return isBlankCell(text) ? null : text
}

/** An export that begins at a date lacks the orders of some lines: at least this share of the keys must be present. */
const mostlyWithin = 0.95

/** The references between rows of tables in memory, and the rows that they refer to. */
export class RelatedRows implements Relations {
  readonly #tables: ReadonlyMap<string, TableInMemory>

  constructor(tables: readonly TableInMemory[]) {
    this.#tables = new Map(tables.map((table) => [table.name, table]))
  }

  #table(name: string): TableInMemory {
    const table = this.#tables.get(name)
    if (!table) throw new Error(`there is no table ${name}`)
    return table
  }

  #values(name: string, column: string, most = Infinity): (string | null)[] {
    const { columns, rows } = this.#table(name)
    const at = columns.indexOf(column)
    return rows.slice(0, most).map((row) => keyOf(row[at]))
  }

  count(table: string, most: number): number {
    return Math.min(most, this.#table(table).rows.length)
  }

  isUnique(table: string, column: string, most: number): boolean {
    const values = this.#values(table, column, most)
    return values.every((value) => value !== null) && new Set(values).size === values.length
  }

  isWithin(table: string, { column, table: other, key }: Reference, most: number): boolean {
    const values = this.#values(table, column)
      .filter((value) => value !== null)
      .slice(0, most)
    const keys = new Set(this.#values(other, key))
    // The first orders of a file need not belong to the first lines of another one; then names show the reference.
    if (this.#table(other).isCut)
      return column.toLowerCase() === key.toLowerCase() || values.some((value) => keys.has(value))
    return values.length > 0 && values.filter((value) => keys.has(value)).length >= mostlyWithin * values.length
  }

  /** Returns the cells that `joined` adds to a row of a table; null if the row refers to none. */
  adding(table: string, joined: readonly JoinedColumns[]): (row: readonly Cell[]) => Cell[] {
    const { columns } = this.#table(table)
    const others = joined.map(({ column, table: other, key, columns: added }) => {
      const { columns: names, rows } = this.#table(other)
      const byKey = new Map(rows.map((row) => [keyOf(row[names.indexOf(key)]), row]))
      return { at: columns.indexOf(column), byKey, added: added.map((name) => names.indexOf(name)) }
    })
    return (row) =>
      others.flatMap(({ at, byKey, added }) => {
        const key = keyOf(row[at])
        const other = key === null ? undefined : byKey.get(key)
        return added.map((position) => other?.[position] ?? null)
      })
  }
}

import { wasChosen } from '../../shared/certainty'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice, RowLayout } from '../../shared/reading'
import { isBlankCell } from './blank-cells'
import { type NamedRole, roleOfName } from './column-names'
import { cellColumns } from './dialect'
import type { Conversion } from './formats/format'
import { TextWriter } from './formats/text-writer'
import { firstRowsOf, rowsOf, type Table } from './table-rows'

/** Number of rows by which groups are recognised. */
const sampledRows = 1000
/** Fewer groups may be chance if the column's name does not identify users. */
const fewestGroups = 3
/** Minimum share of rows in which the cells of their group's first row are blank. */
const leastBlank = 0.3
/** Maximum share of groups that have the name of another one or violate the pattern in one row. */
const mostSlips = 0.02

/** A table in which every row has its own user. */
export interface GroupedText extends Table {
  readonly choices: readonly Choice[]
  /** The table's line from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}

/** Columns with a value only in the first row of each group, beginning with the one that names the group. */
type Grouped = readonly [number, ...number[]]

/** Fewer blank cells are errors. */
const fewestBlank = 3

const isBlank = (cell: string | undefined): boolean => isBlankCell(cell ?? '')

/**
 * Fills merged cells: the user (or the item) is only in the first row of its group, as in a
 * pivot table. Returns null if every row has its own.
 */
export async function groupedText(table: Table, file: string, conversion: Conversion): Promise<GroupedText | null> {
  const wanted = conversion.known.layout
  if (wanted !== undefined && wanted !== 'groups') return null
  const { dialect } = table
  const names = cellColumns(dialect).map(({ name }) => name)
  const first = await firstRowsOf(table, sampledRows)
  const grouped = groupedColumns(names, first, dialect.named, wanted)
  if (!grouped) return null
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  let [filled, rows] = [0, 0]
  let before: readonly string[] = []
  try {
    for await (const { cells, line } of rowsOf(table)) {
      rows++
      const belongs = isBlank(cells[grouped[0]]) && !cells.every(isBlank)
      const whole = cells.map((cell, column) =>
        belongs && grouped.includes(column) && isBlank(cell) ? (before[column] ?? '') : cell,
      )
      if (belongs) filled++
      else if (!isBlank(cells[grouped[0]])) before = cells
      lines.push(line)
      await writer.row(whole)
      if (!writer.wantsMore) break
    }
    const { path, dialect: written } = await writer.end(names)
    return {
      path,
      dialect: { ...written, named: dialect.named },
      choices: [choiceOf(file, names, grouped, { filled, rows }, wanted)],
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** The columns with a value only in the first row of each group; null if there are none. */
function groupedColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  named: boolean,
  wanted?: RowLayout,
): Grouped | null {
  const whole = rows.filter((row) => row.length === names.length && !row.every(isBlank))
  const says = (column: number): NamedRole | null => {
    const match = named ? roleOfName(names[column] ?? '') : null
    return match?.whole ? match.role : null
  }
  const columns = names.map((_, column) => column)
  const user = columns.find((column) => says(column) === 'user')
  const mayLead = (column: number): boolean => {
    const role = says(column)
    // The first column may have any name, such as "Row Labels" in a pivot table.
    if (role !== 'user' && (column > 0 || (role !== 'item' && (role !== null || user !== undefined)))) return false
    return leadsGroups(whole, column, role === 'user' ? 1 : fewestGroups)
  }
  const leads = wanted === 'groups' ? (user ?? 0) : columns.find(mayLead)
  if (leads === undefined) return null
  const begins = whole.map((row) => !isBlank(row[leads]))
  const others = columns.filter((column) => {
    if (column === leads) return false
    const against = whole.filter((row, at) => isBlank(row[column]) === begins[at]).length
    return against <= mostSlips * whole.length && whole.some((row) => !isBlank(row[column]))
  })
  const grouped: Grouped = [leads, ...others]
  // Some column has to distinguish the rows of a group.
  return grouped.length < names.length ? grouped : null
}

/** Whether each group begins with a different value followed by blank cells, while the other columns continue without blanks. */
function leadsGroups(rows: readonly (readonly string[])[], column: number, fewest: number): boolean {
  if (rows.length === 0 || isBlank(rows[0]?.[column])) return false
  const heads = rows.flatMap((row) => (isBlank(row[column]) ? [] : [(row[column] ?? '').trim()]))
  const blank = rows.length - heads.length
  if (heads.length < fewest || blank < fewestBlank || blank < leastBlank * rows.length) return false
  // A user who is missing in some rows recurs in others; a group has its name only once.
  if (new Set(heads).size < (1 - mostSlips) * heads.length) return false
  // A group's name may be in a row of its own, without an item.
  const mostBlank = mostSlips * rows.length + heads.length
  return (
    rows[0]?.some((_, other) => other !== column && rows.filter((row) => isBlank(row[other])).length <= mostBlank) ===
    true
  )
}

function choiceOf(
  file: string,
  names: readonly string[],
  [leads, ...others]: Grouped,
  { filled, rows }: { filled: number; rows: number },
  wanted: RowLayout | undefined,
): Choice {
  const name = names[leads] ?? ''
  const also = others.map((column) => `“${names[column] ?? ''}”`)
  return {
    about: 'layout',
    file,
    column: name,
    value: 'blank cells have the value above them',
    certainty: wanted === undefined ? 'guess' : 'certain',
    evidence: `${wanted === undefined ? '' : `${wasChosen} `}“${name}”${also.length > 0 ? `, together with ${also.join(', ')},` : ''} is blank in ${formatCount(filled)} of ${formatCounted(rows, 'row')}${wanted === undefined ? ' below values that each occur once, as with merged cells' : ', which take the value above them'}.`,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  }
}

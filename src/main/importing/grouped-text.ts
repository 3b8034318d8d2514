import { wasChosen } from '../../shared/certainty'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice, RowLayout } from '../../shared/reading'
import { type NamedRole, roleOfName } from './column-names'
import { cellColumns } from './dialect'
import type { Conversion } from './formats/format'
import { TextWriter } from './formats/text-writer'
import { firstRowsOf, rowsOf, type Table } from './table-rows'

/** Rows by which groups are recognised. */
const sampledRows = 1000
/** Fewer groups may be chance, where the name does not say that they are users. */
const fewestGroups = 3
/** Share of the rows that have to lack what only the first row of their group has. */
const leastBlank = 0.3
/** Share of the groups that may begin as another one does, or go against the pattern in one row. */
const mostSlips = 0.02

/** A table in which every row has its user. */
export interface GroupedText extends Table {
  readonly choices: readonly Choice[]
  /** The line of the table that a line of the text comes from. */
  readonly lineOf: (line: number) => number
}

/** Columns that have a value in the first row of each group only, the one that names the group first. */
type Grouped = readonly [number, ...number[]]

/** Fewer blank cells are slips. */
const fewestBlank = 3

const isBlank = (cell: string | undefined): boolean => (cell ?? '').trim() === ''

/**
 * The table with the values of merged cells in each of their rows, where the user (or the item) stands in the first row of its group only, as in a
 * pivot table; null where each row has its own.
 */
export async function groupedText(table: Table, file: string, conversion: Conversion): Promise<GroupedText | null> {
  const said = conversion.known.layout
  if (said !== undefined && said !== 'groups') return null
  const { dialect } = table
  const names = cellColumns(dialect).map(({ name }) => name)
  const first = await firstRowsOf(table, sampledRows)
  const grouped = groupedColumns(names, first, dialect.named, said)
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
      choices: [choiceOf(file, names, grouped, { filled, rows }, said)],
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** The columns that have a value in the first row of each group only; null where there are none. */
function groupedColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  named: boolean,
  said?: RowLayout,
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
    // What stands first may be called anything, as “Row Labels” of a pivot table.
    if (role !== 'user' && (column > 0 || (role !== 'item' && (role !== null || user !== undefined)))) return false
    return leadsGroups(whole, column, role === 'user' ? 1 : fewestGroups)
  }
  const leads = said === 'groups' ? (user ?? 0) : columns.find(mayLead)
  if (leads === undefined) return null
  const begins = whole.map((row) => !isBlank(row[leads]))
  const others = columns.filter((column) => {
    if (column === leads) return false
    const against = whole.filter((row, at) => isBlank(row[column]) === begins[at]).length
    return against <= mostSlips * whole.length && whole.some((row) => !isBlank(row[column]))
  })
  const grouped: Grouped = [leads, ...others]
  // Something has to be left that tells the rows of a group apart.
  return grouped.length < names.length ? grouped : null
}

/** Whether values stand alone above blank cells, another one at the head of each group, and all that has no blanks goes on below them. */
function leadsGroups(rows: readonly (readonly string[])[], column: number, fewest: number): boolean {
  if (rows.length === 0 || isBlank(rows[0]?.[column])) return false
  const heads = rows.flatMap((row) => (isBlank(row[column]) ? [] : [(row[column] ?? '').trim()]))
  const blank = rows.length - heads.length
  if (heads.length < fewest || blank < fewestBlank || blank < leastBlank * rows.length) return false
  // A user who is known in some rows and unknown in others comes again; a group has its name once.
  if (new Set(heads).size < (1 - mostSlips) * heads.length) return false
  // Heads may stand in a row of their own, without an item.
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
  said: RowLayout | undefined,
): Choice {
  const name = names[leads] ?? ''
  const also = others.map((column) => `“${names[column] ?? ''}”`)
  return {
    about: 'layout',
    file,
    column: name,
    value: 'blank cells have the value above them',
    certainty: said === undefined ? 'guess' : 'certain',
    evidence: `${said === undefined ? '' : `${wasChosen} `}“${name}”${also.length > 0 ? `, and with it ${also.join(', ')},` : ''} is blank in ${formatCount(filled)} of ${formatCounted(rows, 'row')}, ${said === undefined ? 'below values that each stand once, as where cells are merged' : 'which have the value above them'}.`,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  }
}

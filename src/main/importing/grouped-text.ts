import { wasChosen } from '../../shared/certainty'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice, RowLayout } from '../../shared/reading'
import { isBlankCell } from './blank-cells'
import { type NamedRole, roleOfName, saysTransaction } from './column-names'
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

/** Columns with a value only in the first row of each group. */
interface Groups {
  /** The column that begins a group with each value. */
  readonly leads: number
  /** Whether `leads` has its value in every row of the group, as an order's number has; otherwise in the first only. */
  readonly repeats: boolean
  readonly filled: readonly number[]
}

/** Fewer blank cells are errors. */
const fewestBlank = 3

const isBlank = (cell: string | undefined): boolean => isBlankCell(cell ?? '')

/**
 * Fills cells that are blank below the first row of a group: the user (or the item) of a pivot
 * table, or the user and the time of an order with a row for each item. Returns null if every row
 * has its own.
 */
export async function groupedText(table: Table, file: string, conversion: Conversion): Promise<GroupedText | null> {
  const wanted = conversion.known.layout
  if (wanted !== undefined && wanted !== 'groups') return null
  const { dialect } = table
  const names = cellColumns(dialect).map(({ name }) => name)
  const first = await firstRowsOf(table, sampledRows)
  const rowsOfGroups = first.filter((row) => row.length === names.length && !row.every(isBlank))
  const groups =
    (dialect.named ? orderColumns(names, rowsOfGroups) : null) ??
    mergedColumns(names, rowsOfGroups, dialect.named, wanted)
  if (!groups) return null
  const { leads, repeats, filled } = groups
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  let [blank, total] = [0, 0]
  let before: readonly string[] = []
  try {
    for await (const { cells, line } of rowsOf(table)) {
      total++
      const lead = cells[leads]
      const belongs = repeats ? !isBlank(lead) && lead === before[leads] : isBlank(lead) && !cells.every(isBlank)
      const whole = cells.map((cell, column) =>
        belongs && filled.includes(column) && isBlank(cell) ? (before[column] ?? '') : cell,
      )
      if (belongs) blank++
      else if (!isBlank(lead)) before = cells
      lines.push(line)
      await writer.row(whole)
      if (!writer.wantsMore) break
    }
    const { path, dialect: written } = await writer.end(names)
    return {
      path,
      dialect: { ...written, named: dialect.named },
      choices: [choiceOf(file, names, groups, { blank, total }, wanted)],
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** What a column is for according to its whole name. */
const says = (name: string | undefined): NamedRole | null => {
  const match = roleOfName(name ?? '')
  return match?.whole ? match.role : null
}

/**
 * The columns of users and times that have a value only in the first of the rows with the same
 * order, as in a shop's export of orders; null if there are none.
 */
function orderColumns(names: readonly string[], rows: readonly (readonly string[])[]): Groups | null {
  const columns = names.map((_, column) => column)
  const sparse = columns.filter((column) => {
    const role = roleOfName(names[column] ?? '')?.role
    return (role === 'user' || role === 'time') && rows.filter((row) => isBlank(row[column])).length >= fewestBlank
  })
  if (sparse.length === 0) return null
  const groupsBy = columns.flatMap((leads) => {
    const begins = firstRowsOfGroups(rows, leads)
    if (!begins) return []
    const filled = sparse.filter((column) => {
      const values = rows.flatMap((row, at) => (isBlank(row[column]) ? [] : [begins[at] === true]))
      // An order that is not yet paid has no time of payment, not even in its first row.
      return values.every(Boolean) && 2 * values.length > begins.filter(Boolean).length
    })
    return filled.length > 0 ? [{ leads, repeats: true, filled }] : []
  })
  return groupsBy.find(({ leads }) => saysTransaction(names[leads] ?? '')) ?? groupsBy[0] ?? null
}

/** For each row whether it is the first with its value; null unless rows with the same value follow each other and there are several such groups. */
function firstRowsOfGroups(rows: readonly (readonly string[])[], column: number): readonly boolean[] | null {
  const seen = new Set<string>()
  let before: string | null = null
  const begins: boolean[] = []
  for (const row of rows) {
    const value = (row[column] ?? '').trim()
    if (isBlankCell(value) || (value !== before && seen.has(value))) return null
    begins.push(value !== before)
    seen.add(value)
    before = value
  }
  const several = begins.filter((first, at) => first && begins[at + 1] === false).length
  return several >= fewestGroups ? begins : null
}

/** The columns of a pivot table with a value only in the first row of each group; null if there are none. */
function mergedColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  named: boolean,
  wanted?: RowLayout,
): Groups | null {
  const role = (column: number): NamedRole | null => (named ? says(names[column]) : null)
  const columns = names.map((_, column) => column)
  const user = columns.find((column) => role(column) === 'user')
  const mayLead = (column: number): boolean => {
    const named = role(column)
    // The first column may have any name, such as "Row Labels" in a pivot table.
    if (named !== 'user' && (column > 0 || (named !== 'item' && (named !== null || user !== undefined)))) return false
    return leadsGroups(rows, column, named === 'user' ? 1 : fewestGroups)
  }
  const leads = wanted === 'groups' ? (user ?? 0) : columns.find(mayLead)
  if (leads === undefined) return null
  const begins = rows.map((row) => !isBlank(row[leads]))
  const others = columns.filter((column) => {
    if (column === leads) return false
    const against = rows.filter((row, at) => isBlank(row[column]) === begins[at]).length
    return against <= mostSlips * rows.length && rows.some((row) => !isBlank(row[column]))
  })
  const filled = [leads, ...others]
  // Some column has to distinguish the rows of a group.
  return filled.length < names.length ? { leads, repeats: false, filled } : null
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
  { leads, repeats, filled }: Groups,
  { blank, total }: { blank: number; total: number },
  wanted: RowLayout | undefined,
): Choice {
  const nameOf = (column: number): string => `“${names[column] ?? ''}”`
  const [first = leads, ...others] = filled
  const also = others.map(nameOf).join(', ')
  const certain = wanted === undefined ? '' : `${wasChosen} `
  const inFirst = `${nameOf(first)}${also === '' ? '' : `, together with ${also},`}`
  const above =
    wanted === undefined
      ? ' below values that each occur once, as with merged cells'
      : ', which take the value above them'
  return {
    about: 'layout',
    file,
    column: names[first] ?? '',
    value: 'blank cells have the value above them',
    certainty: wanted === undefined ? 'guess' : 'certain',
    evidence: repeats
      ? `${certain}${inFirst} has values only in the first of the rows with the same ${nameOf(leads)}; the rows after it, ${formatCount(blank)} of ${formatCount(total)}, take them.`
      : `${certain}${inFirst} is blank in ${formatCount(blank)} of ${formatCounted(total, 'row')}${above}.`,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  }
}

import { wasChosen } from '../../shared/certainty'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { isBlankCell } from './blank-cells'
import { roleOfName } from './column-names'
import { cellColumns } from './dialect'
import type { Conversion } from './formats/format'
import { TextWriter } from './formats/text-writer'
import { nameInteractions } from './suggest-mapping'
import { rowsOf, type Table } from './table-rows'

/** One of several tables that stand beside each other. */
export interface OneOfTables extends Table {
  readonly choices: readonly Choice[]
  /** The line of both tables from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}

/** A table among others: the positions of its columns. */
type Part = readonly number[]

/** A narrower part is a remark or a column of its own beside the table. */
const narrowest = 2

const isBlank = (cell: string | undefined): boolean => isBlankCell(cell ?? '')

/**
 * Separates tables that stand beside each other in a sheet, with an empty column without a name between them, and gives the one with the interactions. They are
 * taken for several tables if a name or an id occurs in both, or if one goes on below the end of the other; a row of one says nothing about the row beside it.
 * Null if the table is one.
 */
export async function oneOfTables(table: Table, file: string, conversion: Conversion): Promise<OneOfTables | null> {
  const { dialect } = table
  if (!dialect.named || conversion.known.layout !== undefined || conversion.holds !== 'interactions') return null
  const names = cellColumns(dialect).map(({ name }) => name)
  if (!mayBeSeveral(names)) return null
  const parts = await partsOf(table, names)
  if (!parts) return null
  const wanted = parts.filter((part) => conversion.wanted?.some((name) => part.some((at) => names[at] === name)))
  // A person who chooses columns of several tables says that they are one.
  if (wanted.length > 1) return null
  const likeliest = parts.find((one) => nameInteractions(plainNames(names, one))) ?? widestOf(parts)
  const part = wanted[0] ?? likeliest
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  try {
    for await (const { cells, line } of rowsOf(table)) {
      const row = part.map((at) => cells[at] ?? '')
      if (row.every(isBlank)) continue
      lines.push(line)
      // A row with other cells than the header names stays as it is, to be rejected.
      await writer.row(cells.length > names.length ? cells : row)
      if (!writer.wantsMore) break
    }
    const { path, dialect: written } = await writer.end(part.map((at) => names[at] ?? ''))
    return {
      path,
      dialect: { ...written, named: true },
      choices: [choiceOf(file, names, parts, part, part !== likeliest)],
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** The name that a reader of the file gives to a column without one. */
const isNameless = (name: string, at: number): boolean => name.trim() === '' || name === `column${at}`

/** The columns between those without names, if there are several groups of them. */
function groupsOf(names: readonly string[], isGap: (at: number) => boolean): Part[] {
  const groups: number[][] = [[]]
  for (const at of names.keys())
    if (isGap(at)) groups.push([])
    else groups.at(-1)?.push(at)
  return groups.filter((group) => group.length > 0)
}

const mayBeSeveral = (names: readonly string[]): boolean => {
  const groups = groupsOf(names, (at) => isNameless(names[at] ?? '', at))
  return groups.filter((group) => group.length >= narrowest).length > 1
}

/** The tables beside each other; null if they are one. */
async function partsOf(table: Table, names: readonly string[]): Promise<Part[] | null> {
  const filled = new Set<number>()
  const nameless = [...names.keys()].filter((at) => isNameless(names[at] ?? '', at))
  const ends = names.map(() => 0)
  let rows = 0
  for await (const { cells } of rowsOf(table)) {
    if (cells.every(isBlank)) continue
    rows++
    for (const [at, cell] of cells.entries()) if (!isBlank(cell)) ends[at] = rows
    for (const at of nameless) if (!isBlank(cells[at])) filled.add(at)
    if (filled.size === nameless.length) return null
  }
  const groups = groupsOf(names, (at) => nameless.includes(at) && !filled.has(at))
  const parts = groups.filter((group) => group.length >= narrowest)
  if (parts.length < 2) return null
  const endOf = (part: Part): number => Math.max(...part.map((at) => ends[at] ?? 0))
  const isEven = parts.every((part) => endOf(part) === rows)
  return parts.some((part, at) => parts.slice(0, at).some((before) => repeats(names, before, part))) ||
    (!isEven && (await haveEnds(table, parts, endOf)))
    ? parts
    : null
}

/** Whether each part has a cell in all rows until it ends, as tables do: a comment is blank in the midst of others. */
async function haveEnds(table: Table, parts: readonly Part[], endOf: (part: Part) => number): Promise<boolean> {
  let rows = 0
  for await (const { cells } of rowsOf(table)) {
    if (cells.every(isBlank)) continue
    rows++
    if (parts.some((part) => rows <= endOf(part) && part.every((at) => isBlank(cells[at])))) return false
  }
  return true
}

/** The names of a part's columns as the header has them: where one occurs twice, readers number it. */
const plainNames = (names: readonly string[], part: Part): string[] =>
  part.map((at) => {
    const name = names[at] ?? ''
    const plain = name.replace(/_\d+$/, '')
    return names.slice(0, at).some((before) => before.toLowerCase() === plain.toLowerCase()) ? plain : name
  })

/** Whether a name, or an id under another name, occurs in both of two parts. */
function repeats(names: readonly string[], before: Part, part: Part): boolean {
  const [one, other] = [plainNames(names, before), plainNames(names, part)]
  const lower = one.map((name) => name.toLowerCase())
  if (other.some((name) => lower.includes(name.toLowerCase()))) return true
  const idsOf = (all: readonly string[]): string[] =>
    all.flatMap((name) => {
      const match = roleOfName(name)
      return match?.whole && (match.role === 'user' || match.role === 'item') ? [match.role] : []
    })
  const ids = idsOf(one)
  return idsOf(other).some((role) => ids.includes(role))
}

const widestOf = (parts: readonly Part[]): Part =>
  parts.reduce((widest, part) => (part.length > widest.length ? part : widest))

function choiceOf(
  file: string,
  names: readonly string[],
  parts: readonly Part[],
  read: Part,
  isChosen: boolean,
): Choice {
  const listed = (part: Part): string => part.map((at) => `“${names[at] ?? ''}”`).join(', ')
  const others = parts.filter((part) => part !== read)
  const [example = []] = others
  return {
    about: 'layout',
    file,
    column: null,
    value: `only the table with ${listed(read)} of ${formatCounted(parts.length, 'table')} beside each other`,
    certainty: isChosen ? 'certain' : 'guess',
    evidence: `${isChosen ? `${wasChosen} ` : ''}An empty column without a name separates ${others.length === 1 ? 'it' : 'them'} from ${others.map(listed).join(' and ')} (column ${formatCount((example[0] ?? 0) + 1)} and after), whose rows say nothing about the rows beside them and are left out. To use both, save each table as a file of its own${others.some((part) => !nameInteractions(plainNames(names, part))) ? '; a table of items is given with --items' : ''}.`,
    affectsData: true,
    control: 'Layout',
    option: '--user and --item with columns of the other table, or --layout list, which reads all columns as one table',
  }
}

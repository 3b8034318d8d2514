import { formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { isBlankCell } from './blank-cells'
import { roleOfName, saysTransaction } from './column-names'
import { cellColumns } from './dialect'
import type { Conversion } from './formats/format'
import { namesKey } from './formats/related-tables'
import { TextWriter } from './formats/text-writer'
import { sessionColumn } from './next-items'
import { firstRowsOf, rowsOf, type Table } from './table-rows'

/** A table with a row for each of the items that its rows had in numbered columns. */
export interface UnfoldedColumns extends Table {
  readonly choices: readonly Choice[]
  /** The table's line from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}

/** Number of rows by which the columns are recognised. */
const sampledRows = 1000
/** At least this share of the values of each column also occur in another one, as the same things do in any place of a list. */
const leastShared = 0.5

/** Whether a name may be an id of rows or people. */
const isId = (name: string): boolean => namesKey(name) || saysTransaction(name) || roleOfName(name)?.role === 'user'

const isBlank = (cell: string | undefined): boolean => isBlankCell(cell ?? '')

/** Columns whose names differ only in a number, such as movie1, movie2: their positions by number. */
interface Stem {
  readonly name: string
  readonly columns: ReadonlyMap<number, number>
}

/** The stems of numbered names, each with at least two numbers. */
function stemsOf(names: readonly string[]): Stem[] {
  const stems = new Map<string, { name: string; columns: Map<number, number> }>()
  for (const [at, written] of names.entries()) {
    const [, before = '', number, after = ''] = /^(.*?)[\s_.#-]*(\d{1,3})[\s_.-]*(\D*)$/.exec(written.trim()) ?? []
    const name = [before, after].filter((part) => part !== '').join('_')
    if (number === undefined || name === '') continue
    const stem = stems.get(name.toLowerCase()) ?? { name, columns: new Map<number, number>() }
    stem.columns.set(Number(number), at)
    stems.set(name.toLowerCase(), stem)
  }
  return [...stems.values()].filter(({ columns }) => columns.size > 1)
}

/** Whether the numbers are 1, 2, 3 … or 0, 1, 2 …. */
const isCounted = ({ columns }: Stem): boolean => {
  const numbers = [...columns.keys()].sort((a, b) => a - b)
  return (numbers[0] === 0 || numbers[0] === 1) && numbers.every((number, at) => number === (numbers[0] ?? 0) + at)
}

/** Words for things that somebody likes most, beside the names of items. */
const favourites = /^(?:my_?)?(?:fav(?:ou?rites?|s)?|top|choices?|picks?|liebling\w*|favori\w*|preferid\w*)(?![a-z])/i

/** The stem of the items: texts or codes under a name for items or favourites that occur in several of its columns; null if there is none. */
function itemStem(stems: readonly Stem[], rows: readonly (readonly string[])[]): Stem | null {
  const found = stems.filter(({ name, columns }) => {
    const role = roleOfName(name)?.role
    if (role !== 'item' && role !== 'title' && !favourites.test(name)) return false
    const values = [...columns.values()].map(
      (at) => new Set(rows.flatMap((row) => (isBlank(row[at]) ? [] : [(row[at] ?? '').trim()]))),
    )
    // Numbers such as 4.5 are the ratings of a matrix with an item in each column, in which NA or the like may stand for none.
    const different = [...new Set(values.flatMap((all) => [...all]))]
    if (2 * different.filter((value) => /^[+-]?\d{1,2}(?:[.,]\d+)?$/.test(value)).length >= different.length)
      return false
    const filled = values.filter((all) => all.size > 0)
    return filled.every((all) => {
      const others = filled.filter((other) => other !== all)
      const shared = [...all].filter((value) => others.some((other) => other.has(value))).length
      return shared >= leastShared * all.size
    })
  })
  return found.length === 1 ? (found[0] ?? null) : null
}

/**
 * Unfolds a table whose rows have several items in numbered columns (movie1, rating1, movie2, rating2; fav1, fav2) into one row for each item; null if they do
 * not. Other columns with the same numbers belong to these items, all others to the row.
 */
export async function numberedColumns(
  table: Table,
  file: string,
  conversion: Conversion,
): Promise<UnfoldedColumns | null> {
  const { dialect } = table
  if (!dialect.named || conversion.known.layout !== undefined || conversion.holds !== 'interactions') return null
  const names = cellColumns(dialect).map(({ name }) => name)
  const stems = stemsOf(names).filter(isCounted)
  if (stems.length === 0) return null
  const items = itemStem(stems, await firstRowsOf(table, sampledRows))
  if (!items || conversion.wanted?.some((name) => [...items.columns.values()].some((at) => names[at] === name)))
    return null
  const numbers = [...items.columns.keys()].sort((a, b) => a - b)
  const beside = stems.filter((stem) => stem !== items && numbers.every((number) => stem.columns.has(number)))
  const unfolded = [items, ...beside]
  const kept = [...names.keys()].filter((at) => !unfolded.some(({ columns }) => [...columns.values()].includes(at)))
  const keptNames = kept.map((at) => names[at] ?? '')
  // Nothing says whose the rows are: each is a basket, which may count as a user.
  const session = keptNames.some((name) => isId(name)) ? null : sessionColumn(keptNames)
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  try {
    let rowNumber = 0
    for await (const { cells, line } of rowsOf(table)) {
      rowNumber++
      if (cells.length !== names.length) {
        lines.push(line)
        await writer.row([cells.join(' ')])
        continue
      }
      for (const number of numbers) {
        const row = unfolded.map(({ columns }) => cells[columns.get(number) ?? -1] ?? '')
        if (isBlank(row[0])) continue
        lines.push(line)
        await writer.row([
          ...kept.map((at) => cells[at] ?? ''),
          ...row,
          ...(session === null ? [] : [String(rowNumber)]),
        ])
      }
      if (!writer.wantsMore) break
    }
    const { path, dialect: written } = await writer.end([
      ...keptNames,
      ...unfolded.map(({ name }) => name),
      ...(session === null ? [] : [session]),
    ])
    return {
      path,
      dialect: { ...written, named: true },
      choices: [choiceOf(file, names, items, beside, session)],
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function choiceOf(
  file: string,
  names: readonly string[],
  items: Stem,
  beside: readonly Stem[],
  session: string | null,
): Choice {
  const all = [...items.columns.values()].map((at) => `“${names[at] ?? ''}”`)
  const listed = all.length > 3 ? `${all.slice(0, 2).join(', ')}, … ${all.at(-1) ?? ''}` : all.join(', ')
  const along = beside.map(({ name, columns }) => `“${name}” (of ${formatCounted(columns.size, 'column')})`)
  return {
    about: 'layout',
    file,
    column: items.name,
    value: `a row for each of the items in ${formatCounted(items.columns.size, 'numbered column')}`,
    certainty: 'guess',
    evidence: `${listed} have the same values, and their names differ only in a number: they become “${items.name}”${along.length > 0 ? `, with ${along.join(' and ')} beside it` : ''}. Empty cells are left out.${session === null ? '' : ` No column says whose the rows are, so each row is a user of its own (“${session}”), as if it were a basket.`}`,
    affectsData: true,
    control: 'Layout',
    option: '--layout list, which reads a row as one interaction',
  }
}

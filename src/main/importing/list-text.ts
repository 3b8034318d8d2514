import type { Choice } from '../../shared/reading'
import { delimiterName } from '../../shared/reading'
import type { Conversion } from './formats/format'
import { TextWriter } from './formats/text-writer'
import { elementsOf, itemAndNumber, itemListColumn, type ItemListColumn } from './item-lists'
import { nextItemColumn, sessionColumn } from './next-items'
import { firstRowsOf, rowsOf, type Table } from './table-rows'

/** Number of rows by which lists are recognised. */
const sampledRows = 1000

/** A table with one row per item of its rows' lists. */
export interface ListText extends Table {
  /** Columns that number the rows of the file, each of which may be several rows here. */
  readonly rowNumbers: readonly string[]
  readonly choices: readonly Choice[]
  /** The table's line from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}

/** The choice of a table that was unfolded. */
export const rowForEachItem = 'a row for each item of the list'
export const rowForEachElement = 'a row for each element of the list'

/**
 * Unfolds a table whose rows have lists of items in a cell (`a|b|c`, `["a", "b"]`) into one row per item; null if they do not.
 * Items with a number each (`a:5|b:3`) get another column for it.
 * @param unfolded columns whose lists have been unfolded already
 * @param mayBeItem whether a column may contain the items: the lists of all others stay in their cells
 */
export async function listText(
  table: Table,
  file: string,
  conversion: Conversion,
  unfolded: readonly (string | null)[],
  mayBeItem: (column: string) => boolean,
): Promise<ListText | null> {
  const { dialect } = table
  if (conversion.known.layout !== undefined) return null
  const first = await firstRowsOf(table, sampledRows)
  const names = dialect.columns.map(({ name }) => name)
  const list = itemListColumn(names, dialect.named, first)
  if (!list) return null
  const name = names[list.column] ?? ''
  if (unfolded.includes(name) || !mayBeItem(name)) return null
  const next = dialect.named ? nextItemColumn(names, first, list) : null
  const session = next === null ? null : sessionColumn(names)
  const written = names.filter((_, column) => column !== next)
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  let sessions = 0
  try {
    for await (const { cells, line } of rowsOf(table)) {
      sessions += 1
      for (const row of unfoldedRows(cells, names.length, list, next)) {
        lines.push(line)
        await writer.row(session === null ? row : [...row, String(sessions)])
      }
      if (!writer.wantsMore) break
    }
    const { path, dialect: unfoldedDialect } = await writer.end([
      ...written,
      ...(list.numbered ? [numberColumn(names, dialect.named)] : []),
      ...(session === null ? [] : [session]),
    ])
    return {
      path,
      dialect: { ...unfoldedDialect, named: dialect.named },
      choices: [choiceOf(file, names, list, next, session)],
      rowNumbers: names.filter((_, column) => numbersRows(first, column)),
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** Whether a column has the number of each row. */
const numbersRows = (rows: readonly (readonly string[])[], column: number): boolean => {
  const [first] = rows
  const begin = Number(first?.[column] ?? '')
  return rows.length > 2 && rows.every((row, at) => row[column] === String(begin + at))
}

/** The name of the column with the items' numbers: that of the next column if the others have no names. */
const numberColumn = (names: readonly string[], named: boolean): string => (named ? 'value' : `column${names.length}`)

/** A row with too few cells, or with lists of different lengths, stays one row and will be rejected as too short. */
function unfoldedRows(
  cells: readonly string[],
  width: number,
  list: ItemListColumn,
  next: number | null,
): (readonly string[])[] {
  if (cells.length !== width) return [[cells.join(' ')]]
  const listed = elementsOf(cells[list.column] ?? '', list.form)
  if (listed === null) return [[cells.join(' ')]]
  if (next !== null) {
    const following = (cells[next] ?? '').trim()
    return [...listed, ...(following === '' ? [] : [following])].map((item) =>
      cells.flatMap((cell, column) => (column === next ? [] : [column === list.column ? item : cell])),
    )
  }
  const items = listed
  const { numbered } = list
  // No item: the import reports that.
  if (items.length === 0) return [numbered ? [...cells, ''] : cells]
  const others = new Map(list.parallel.map((column) => [column, elementsOf(cells[column] ?? '', list.form)]))
  if ([...others.values()].some((elements) => elements?.length !== items.length)) return [[cells.join(' ')]]
  return items.map((element, at) => {
    const [item, number] = (numbered && itemAndNumber(element, numbered)) ?? [element, '']
    const row = cells.map((cell, column) => (column === list.column ? item : (others.get(column)?.[at] ?? cell)))
    return numbered ? [...row, number] : row
  })
}

function choiceOf(
  file: string,
  names: readonly string[],
  { column, form, parallel, numbered, example }: ItemListColumn,
  next: number | null,
  session: string | null,
): Choice {
  const name = names[column] ?? ''
  const how = form === 'brackets' ? 'in brackets' : `with a ${delimiterName(form)} between them`
  const number = numbered ? `, each followed by “${numbered}” and a number, which is its value` : ''
  const along = parallel.map((other) => `“${names[other] ?? ''}”`)
  return {
    about: 'layout',
    file,
    column: name,
    value: rowForEachItem,
    certainty: 'guess',
    evidence: `“${name}” contains several items per row ${how}${number}, such as ${example.slice(0, 60)}${along.length > 0 ? `; ${along.join(' and ')} ${along.length === 1 ? 'has' : 'have'} a value for each` : ''}.${next === null ? '' : ` The item of “${names[next] ?? ''}” follows them.`}${session === null ? '' : ` No column says whose rows these are, so each row is taken for the visit of another user, numbered in “${session}”.`}`,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  }
}

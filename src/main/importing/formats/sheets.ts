import { wasChosen } from '../../../shared/certainty'
import { badInput } from '../../../shared/errors'
import { formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import type { Conversion, ConvertedText } from './format'
import { joinChoice, likeliestTable, namesBeside } from './joined-tables'
import { alike, likeliest, tableChoice } from './likeliest-table'
import { RelatedRows, type TableInMemory } from './related-rows'
import { RelatedTables } from './related-tables'
import { sheetTable, type SheetTable } from './sheet-table'
import { type Cell, TextWriter } from './text-writer'

/** What people call the tables of a file. */
type Kind = 'sheet' | 'table'

/** The cells of a sheet of a workbook, or of a table of a page. */
export interface SheetCells {
  readonly name: string
  readonly rows: readonly (readonly Cell[])[]
  /** The position of the row that the file marks as the column names. */
  readonly header?: number | undefined
  /** The line of the file by row; the row's own position if the rows are not lines of a text. */
  readonly lines?: readonly number[] | undefined
}

/** A date as `cellOf` writes it. */
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}$/

/** The rows of the likeliest of several sheets, together with those of sheets with the same columns, as text with one line per row. The table may begin below a title. */
export async function sheetsText(
  sheets: readonly SheetCells[],
  file: string,
  conversion: Conversion,
  what: Kind,
): Promise<ConvertedText> {
  const { known } = conversion
  const all = sheets.map(({ name, rows, header, lines }): Sheet => {
    const table = sheetTable(
      rows,
      header === undefined || known.skip !== undefined || known.header !== undefined
        ? known
        : { skip: header, header: true },
    )
    return { name, columns: table.names, rows, lines, table }
  })
  const filled = withRows(all)
  const asked = conversion.table?.startsWith(allLike(what))
    ? conversion.table.slice(allLike(what).length)
    : conversion.table
  refuseWithoutRows(asked, all, filled, file, what)
  const { chosen, joined, adding, choice } = chosenSheet(filled, { ...conversion, table: asked }, file, what)
  const same = alike(filled, chosen)
  // Interactions of several sheets add up, but a second sheet of items may be an older list of the same items.
  const addUp = conversion.table === null && conversion.holds === 'interactions'
  const read = addUp || asked !== conversion.table ? same : [chosen]
  const { table } = chosen
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  try {
    for (const sheet of read) await writeSheet(sheet, adding, writer, lines)
    const names = filled.map(({ name }) => name)
    const together = same.length > 1 ? [allLike(what) + chosen.name] : []
    const first = read.length > 1 ? together : [chosen.name]
    const others = [...together, ...names].filter((name) => !first.includes(name))
    const columns = [...table.names, ...joined.flatMap((join) => namesBeside(chosen, join))]
    const converted = await writer.end(columns, [...first, ...others])
    return {
      ...converted,
      dialect: { ...converted.dialect, named: table.header },
      choices: [
        ...(filled.length > 1 ? [readTogether(choice, chosen, read, conversion.table !== null, what)] : []),
        ...joined.map((join) => joinChoice(file, chosen, join, filled, what)),
        ...choicesOf(file, chosen, known),
        ...mixedDates(file, read),
      ],
      lineOf: (line) => lines[line - 1] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

const rowsBefore = (skip: number): string =>
  skip === 0 ? 'none' : skip === 1 ? 'the first row' : `the first ${skip} rows`

/** A sheet with rows. */
interface Sheet {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly lines: readonly number[] | undefined
  readonly table: SheetTable
}

/** Prefix of the name for all sheets with the same columns as one. */
const allLike = (what: Kind): string => `all ${what}s like `

/** Number of rows below a sheet's column names. */
const rowsIn = ({ rows, table }: Sheet): number =>
  rows.slice(table.begin).filter((row) => table.columns.some((at) => row[at] != null)).length

/** The sheets with rows of a table: a cover or a note has a few cells outside of rows, or a single column. */
function withRows(sheets: readonly Sheet[]): Sheet[] {
  const filled = sheets.filter((sheet) => rowsIn(sheet) > 0)
  const tables = filled.filter(({ columns }) => columns.length > 1)
  return tables.length > 0 ? tables : filled
}

/** @throws StudioError BAD_INPUT for a sheet that exists but has no rows; the message names those that have. */
function refuseWithoutRows(
  asked: string | null,
  all: readonly Sheet[],
  filled: readonly Sheet[],
  file: string,
  what: Kind,
): void {
  if (asked === null || filled.some(({ name }) => name === asked) || !all.some(({ name }) => name === asked)) return
  throw badInput(
    `The ${what} “${asked}” of ${file} has no rows of a table.`,
    filled.length === 0
      ? 'Choose another file.'
      : `Choose a ${what} with rows (--table NAME; in the app: ${what === 'sheet' ? 'Sheet' : 'Table'}): ${filled
          .slice(0, 20)
          .map(({ name }) => `“${name}”`)
          .join(', ')}.`,
  )
}

/** A sheet as a table among others; sheets with the same columns count as one, because they are read together. */
const asTable = (sheets: readonly Sheet[]): TableInMemory => {
  const [first] = sheets
  return {
    name: first?.name ?? '',
    columns: first?.columns ?? [],
    key: null,
    references: [],
    rows: sheets.flatMap(({ rows, table }) =>
      rows
        .slice(table.begin)
        .map((row) => table.columns.map((column) => row[column] ?? null))
        .filter((row) => row.some((cell) => cell !== null)),
    ),
  }
}

/** The sheet to read, and the columns that others add to its rows. */
function chosenSheet(
  filled: readonly Sheet[],
  { table: wanted, holds }: Pick<Conversion, 'table' | 'holds'>,
  file: string,
  what: Kind,
) {
  if (holds === 'items' || filled.length < 2) {
    const chosen = likeliest(filled, { table: wanted, holds }, file, what, rowsIn)
    const choice = tableChoice(file, chosen, filled, what, wanted !== null)
    return { chosen, joined: [], adding: () => [], choice }
  }
  const groups = [...new Map(filled.map((sheet) => [alike(filled, sheet)[0] ?? sheet, alike(filled, sheet)])).entries()]
  const tables = groups.map(([, sheets]) => asTable(sheets))
  const sheetOf = (name: string): Sheet[] => filled.filter((sheet) => sheet.name === name)
  const rows = new RelatedRows(tables)
  const related = new RelatedTables(rows, tables)
  const found = wanted === null ? likeliestTable(related, tables, file, what) : null
  const [named] = found ? sheetOf(found.table.name) : []
  const chosen = named ?? likeliest(filled, { table: wanted, holds }, file, what, rowsIn)
  const [group] = alike(filled, chosen)
  const table = tables.find(({ name }) => name === group?.name)
  const joined = table ? related.joinedTo(table) : []
  const rivals = found?.rivals?.flatMap(({ name }) => sheetOf(name))
  return {
    chosen,
    joined,
    adding: table && joined.length > 0 ? rows.adding(table.name, joined) : () => [],
    choice: tableChoice(file, chosen, filled, what, wanted !== null, found?.evidence, rivals),
  }
}

/** Appends a sheet's rows. @param adding cells of other sheets for a row @param lines the sheet's row by line of the text; appended to */
async function writeSheet(
  { rows, lines: linesOf, table }: Sheet,
  adding: (row: readonly Cell[]) => readonly Cell[],
  writer: TextWriter,
  lines: number[],
): Promise<void> {
  // Rows before the table, and its header, remain as lines without a row.
  for (const [at, row] of rows.entries()) {
    if (!writer.wantsMore) return
    lines.push(linesOf?.[at] ?? at + 1)
    const cells = table.columns.map((column) => row[column] ?? null)
    if (at < table.begin || cells.every((cell) => cell === null)) await writer.line('')
    else await writer.row([...cells, ...adding(cells)])
  }
}

/** Which sheets are read: all with the same columns. Their names show whether one may be a copy or an extract of another. */
function readTogether(one: Choice, chosen: Sheet, read: readonly Sheet[], byUser: boolean, what: Kind): Choice {
  if (read.length === 1) return one
  const names = read.map(({ name }) => `“${name}”`)
  const numbered = new Set(read.map(({ name }) => name.replaceAll(/\d+/g, '0'))).size === 1
  return {
    ...one,
    value: `${formatCounted(read.length, what)}, one after the other`,
    certainty: byUser ? 'certain' : numbered ? 'likely' : 'guess',
    evidence: `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''} have the same columns.`,
    option: `--table ${JSON.stringify(chosen.name)}`,
  }
}

/** The choices about the location of the table, with their evidence. */
function choicesOf(file: string, { rows, table }: Sheet, known: Conversion['known']): Choice[] {
  const about = { file, column: null, affectsData: true }
  const choices: Choice[] = []
  if (known.skip !== undefined)
    choices.push({
      ...about,
      about: 'skipped lines',
      value: rowsBefore(known.skip),
      certainty: 'certain',
      evidence: wasChosen,
      control: 'Skip lines',
      option: '--skip LINES',
    })
  else if (table.skip > 0) {
    const before = rows.slice(0, table.skip).flatMap((row) => row.filter((cell) => cell !== null))
    const [doubted] = table.doubted
    choices.push({
      ...about,
      about: 'skipped lines',
      value: rowsBefore(table.skip),
      certainty: doubted === undefined ? 'likely' : 'guess',
      evidence:
        doubted === undefined
          ? `The table begins in row ${table.skip + 1}, the first that is as wide as most rows; before it comes “${before.slice(0, 3).join(' ')}”.`
          : `The table begins in row ${table.skip + 1}, as wide as most rows; but ${table.doubted.length === 1 ? `row ${doubted + 1} has` : `${formatCounted(table.doubted.length, 'row')} from row ${doubted + 1} on have`} three cells or more, and may be part of it.`,
      control: 'Skip lines',
      option: doubted === undefined ? '--skip' : `--skip ${doubted}`,
    })
  }
  if (table.begin > table.skip + 1)
    choices.push({
      ...about,
      about: 'header',
      value: `the names in rows ${table.skip + 1} and ${table.skip + 2}`,
      certainty: known.header === undefined ? 'guess' : 'likely',
      evidence: `Row ${table.skip + 2} has texts above numbers or dates where row ${table.skip + 1} is empty, so it names these columns.`,
      control: 'Skip lines',
      option: `--skip ${table.skip + 1}`,
    })
  if (known.header !== undefined || !table.header)
    choices.push({
      ...about,
      about: 'header',
      value: table.header ? 'the first row names the columns' : 'none',
      certainty: known.header === undefined ? 'likely' : 'certain',
      evidence:
        known.header === undefined
          ? `Row ${table.skip + 1} contains a number or a date, so it is not a row of column names.`
          : wasChosen,
      control: 'First row',
      option: `--header ${table.header ? 'no' : 'yes'}`,
    })
  return choices
}

/** A date written as text: 13/01/2022, 1.2.22. */
const dayAsText = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b/

/**
 * Warns about columns with both dates and date texts, because day and month may be swapped: a spreadsheet that expects the other order converts
 * the texts that are valid dates in that order and leaves the others as texts.
 */
function mixedDates(file: string, sheets: readonly Sheet[]): Choice[] {
  const [first] = sheets
  return (first?.table.columns ?? []).flatMap((column, position): Choice[] => {
    const cells = sheets.flatMap(({ rows, table }) => {
      return rows.slice(table.begin).map((row) => row[table.columns[position] ?? column] ?? null)
    })
    const texts = cells.filter((cell) => typeof cell === 'string' && dayAsText.test(cell)).map(String)
    const dates = cells.filter((cell) => typeof cell === 'string' && isoTime.test(cell))
    if (texts.length === 0 || dates.length === 0) return []
    const late = (cell: unknown): boolean => Number(String(cell).slice(8, 10)) > 12
    const proven =
      !dates.some(late) &&
      texts.every((text) =>
        dayAsText
          .exec(text)
          ?.slice(1, 3)
          .some((part) => Number(part) > 12),
      )
    return [
      {
        about: 'times',
        file,
        column: first?.table.names[position] ?? null,
        value: 'dates and texts of dates, as they stand',
        certainty: 'guess',
        evidence: `${formatCounted(dates.length, 'cell')} ${dates.length === 1 ? 'is a date' : 'are dates'}, ${formatCounted(texts.length, 'cell')} ${texts.length === 1 ? 'is a text' : 'are texts'} such as “${texts[0] ?? ''}”. ${proven ? 'No date has a day above 12, but every text has one: a' : 'A'} spreadsheet that expects the other order of day and month ${proven ? 'swapped' : 'may have swapped'} them in the dates.`,
        affectsData: true,
        control: 'Times',
        option: '--time none, or a workbook or CSV file with texts only',
      },
    ]
  })
}

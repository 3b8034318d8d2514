import readWorkbook from 'read-excel-file/node'
import { wasChosen } from '../../../shared/certainty'
import { badInput } from '../../../shared/errors'
import { formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { entriesOf } from '../archives/zip'
import { isOpenDocument } from '../foreign-files'
import type { Conversion, Format } from './format'
import { joinChoice, likeliestTable, namesBeside } from './joined-tables'
import { alike, likeliest, partChoice } from './likeliest-part'
import { RelatedRows, type TableInMemory } from './related-rows'
import { RelatedTables } from './related-tables'
import { sheetTable, type SheetTable } from './sheet-table'
import { type Cell, TextWriter } from './text-writer'

/** Largest unpacked XML: about a million rows of four columns. The library keeps a sheet in memory. */
const largestWorkbook = 256 * 1024 * 1024

/**
 * Fractions of a day are inexact: the library turns 13:00:00 into 12:59:59.999. If nothing else in a column is finer than a second, 13:00:00
 * is what was written.
 */
const wholeSecond = (time: Date): Date => (time.getUTCMilliseconds() === 999 ? new Date(time.getTime() + 1) : time)

/** [columns]: whether its times are whole seconds. */
function wholeSeconds(rows: readonly (readonly unknown[])[]): boolean[] {
  const columns = rows.reduce((most, { length }) => Math.max(most, length), 0)
  return Array.from({ length: columns }, (_, column) =>
    rows.every((row) => {
      const value = row[column]
      return !(value instanceof Date) || [0, 999].includes(value.getUTCMilliseconds())
    }),
  )
}

const cellOf = (value: unknown, whole = false): Cell => {
  if (value instanceof Date) return (whole ? wholeSecond(value) : value).toISOString()
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/**
 * Integers that a double cannot represent stay as written in the file: ids of twenty digits, and 1.2345678901234568E+17, which shows
 * that a spreadsheet rounded it.
 */
const numberOf = (text: string): string | number => {
  const number = Number(text)
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number
}

/** A date as `cellOf` writes it. */
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Names of the first entry of a workbook. In an archive of workbooks the first entry is called as its file is. */
const firstEntries = /^(?:\[Content_Types\]\.xml|mimetype|xl\/|_rels\/|docProps\/|customXml\/)/

/** The name in a ZIP file's first local header. */
const firstEntryOf = (head: Buffer): string =>
  head.length < 30 ? '' : head.subarray(30, 30 + head.readUInt16LE(26)).toString('utf8')

/** Excel's XLSX: one line per row of the sheet. The table may begin below a title. */
export const workbook: Format = {
  name: 'Excel workbook',
  recognises: (head, file) =>
    head.subarray(0, 4).toString('latin1') === 'PK\x03\x04' &&
    (/\.xls[xm]$/i.test(file.name) || (firstEntries.test(firstEntryOf(head)) && !isOpenDocument(head))),
  async toText(file, conversion) {
    const entries = await entriesOf(file)
    if (!entries.some(({ name }) => name === 'xl/workbook.xml'))
      throw badInput(`${file.name} cannot be read as an Excel workbook.`, 'Save its sheet as CSV and import that.')
    if (entries.reduce((sum, { bytes }) => sum + bytes, 0) > largestWorkbook)
      throw badInput(
        `The workbook ${file.name} is too large: it has more than 256 MB when unpacked.`,
        'Save its sheet as CSV and import that.',
      )
    const all = (await readSheets(file)).map(({ sheet, data }) => {
      const whole = wholeSeconds(data)
      const rows = data.map((row) => row.map((value, column) => cellOf(value, whole[column])))
      const table = sheetTable(rows, conversion.known)
      return { name: sheet, columns: table.names, rows, table }
    })
    const parts = withRows(all)
    const asked = conversion.part?.startsWith(allLike) ? conversion.part.slice(allLike.length) : conversion.part
    refuseWithoutRows(asked, all, parts, file.name)
    const { chosen, joined, adding, choice } = chosenSheet(parts, { ...conversion, part: asked }, file.name)
    const same = alike(parts, chosen)
    // Interactions of several sheets add up, but a second sheet of items may be an older list of the same items.
    const addUp = conversion.part === null && conversion.holds === 'interactions'
    const read = addUp || asked !== conversion.part ? same : [chosen]
    const { table } = chosen
    const writer = new TextWriter(conversion)
    const lines: number[] = []
    try {
      for (const sheet of read) await writeSheet(sheet, adding, writer, lines)
      const names = parts.map(({ name }) => name)
      const together = same.length > 1 ? [allLike + chosen.name] : []
      const first = read.length > 1 ? together : [chosen.name]
      const others = [...together, ...names].filter((name) => !first.includes(name))
      const columns = [...table.names, ...joined.flatMap((join) => namesBeside(chosen, join))]
      const converted = await writer.end(columns, [...first, ...others])
      return {
        ...converted,
        dialect: { ...converted.dialect, named: table.header },
        choices: [
          ...(parts.length > 1 ? [readTogether(choice, chosen, read, conversion.part !== null)] : []),
          ...joined.map((join) => joinChoice(file.name, chosen, join, 'sheet')),
          ...choicesOf(file.name, chosen, conversion.known),
          ...mixedDates(file.name, read),
        ],
        lineOf: (line) => lines[line - 1] ?? line,
      }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

const rowsBefore = (skip: number): string =>
  skip === 0 ? 'none' : skip === 1 ? 'the first row' : `the first ${skip} rows`

/** A sheet with rows. */
interface Sheet {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly table: SheetTable
}

/** Prefix of the name that stands for all sheets with the same columns as one. */
const allLike = 'all sheets like '

/** Number of rows below a sheet's column names. */
const rowsIn = ({ rows, table }: Sheet): number =>
  rows.slice(table.skip + (table.header ? 1 : 0)).filter((row) => table.columns.some((at) => row[at] != null)).length

/** The sheets with rows of a table: a cover or a note has a few cells in no rows, or a single column. */
function withRows(sheets: readonly Sheet[]): Sheet[] {
  const filled = sheets.filter((sheet) => rowsIn(sheet) > 0)
  const tables = filled.filter(({ columns }) => columns.length > 1)
  return tables.length > 0 ? tables : filled
}

/** @throws StudioError BAD_INPUT for a sheet that exists but has no rows, naming those that have. */
function refuseWithoutRows(asked: string | null, all: readonly Sheet[], parts: readonly Sheet[], file: string): void {
  if (asked === null || parts.some(({ name }) => name === asked) || !all.some(({ name }) => name === asked)) return
  throw badInput(
    `The sheet “${asked}” of ${file} has no rows of a table.`,
    parts.length === 0
      ? 'Choose another file.'
      : `Choose a sheet with rows (--table NAME; in the app: Sheet): ${parts
          .slice(0, 20)
          .map(({ name }) => `“${name}”`)
          .join(', ')}.`,
  )
}

/** A sheet as a table beside others; those with the same columns are one, since they are read together. */
const asTable = (sheets: readonly Sheet[]): TableInMemory => {
  const [first] = sheets
  return {
    name: first?.name ?? '',
    columns: first?.columns ?? [],
    key: null,
    references: [],
    rows: sheets.flatMap(({ rows, table }) =>
      rows
        .slice(table.skip + (table.header ? 1 : 0))
        .map((row) => table.columns.map((column) => row[column] ?? null))
        .filter((row) => row.some((cell) => cell !== null)),
    ),
  }
}

/** The sheet to read, and what others add to its rows. */
function chosenSheet(parts: readonly Sheet[], { part, holds }: Pick<Conversion, 'part' | 'holds'>, file: string) {
  if (holds === 'items' || parts.length < 2) {
    const chosen = likeliest(parts, { part, holds }, file, 'sheet', rowsIn)
    const choice = partChoice(file, chosen, parts, 'sheet', part !== null)
    return { chosen, joined: [], adding: () => [], choice }
  }
  const groups = [...new Map(parts.map((sheet) => [alike(parts, sheet)[0] ?? sheet, alike(parts, sheet)])).entries()]
  const tables = groups.map(([, sheets]) => asTable(sheets))
  const sheetOf = (name: string): Sheet[] => parts.filter((sheet) => sheet.name === name)
  const rows = new RelatedRows(tables)
  const related = new RelatedTables(rows, tables)
  const found = part === null ? likeliestTable(related, tables, file, 'sheet') : null
  const [named] = found ? sheetOf(found.table.name) : []
  const chosen = named ?? likeliest(parts, { part, holds }, file, 'sheet', rowsIn)
  const [group] = alike(parts, chosen)
  const table = tables.find(({ name }) => name === group?.name)
  const joined = table ? related.joinedTo(table) : []
  const rivals = found?.rivals?.flatMap(({ name }) => sheetOf(name))
  return {
    chosen,
    joined,
    adding: table && joined.length > 0 ? rows.adding(table.name, joined) : () => [],
    choice: partChoice(file, chosen, parts, 'sheet', part !== null, found?.evidence, rivals),
  }
}

/** Appends a sheet's rows. @param adding cells of other sheets for a row @param lines the sheet's row by line of the text; appended to */
async function writeSheet(
  { rows, table }: Sheet,
  adding: (row: readonly Cell[]) => readonly Cell[],
  writer: TextWriter,
  lines: number[],
): Promise<void> {
  // Rows before the table, and its header, remain as lines without a row.
  const begin = table.skip + (table.header ? 1 : 0)
  for (const [at, row] of rows.entries()) {
    if (!writer.wantsMore) return
    lines.push(at + 1)
    const cells = table.columns.map((column) => row[column] ?? null)
    if (at < begin || cells.every((cell) => cell === null)) await writer.line('')
    else await writer.row([...cells, ...adding(cells)])
  }
}

/** Which sheets are read: all with the same columns. Their names show whether one may be a copy or an extract of another. */
function readTogether(one: Choice, chosen: Sheet, read: readonly Sheet[], byUser: boolean): Choice {
  if (read.length === 1) return one
  const names = read.map(({ name }) => `“${name}”`)
  const numbered = new Set(read.map(({ name }) => name.replaceAll(/\d+/g, '0'))).size === 1
  return {
    ...one,
    value: `${formatCounted(read.length, 'sheet')}, one after the other`,
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
    choices.push({
      ...about,
      about: 'skipped lines',
      value: rowsBefore(table.skip),
      certainty: 'likely',
      evidence: `The table begins in row ${table.skip + 1}, the first that is as wide as most rows; before it comes “${before.slice(0, 3).join(' ')}”.`,
      control: 'Skip lines',
      option: '--skip',
    })
  }
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
      const from = table.skip + (table.header ? 1 : 0)
      return rows.slice(from).map((row) => row[table.columns[position] ?? column] ?? null)
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

async function readSheets(file: { path: string; name: string }) {
  try {
    // Ids are kept as written, including spaces.
    return await readWorkbook(file.path, { trim: false, parseNumber: numberOf })
  } catch (error) {
    throw badInput(`The workbook ${file.name} is damaged.`, 'Save it again, or save its sheet as CSV.', {
      cause: error,
    })
  }
}

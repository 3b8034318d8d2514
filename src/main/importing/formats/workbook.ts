import readWorkbook from 'read-excel-file/node'
import { wasChosen } from '../../../shared/certainty'
import { badInput } from '../../../shared/errors'
import { formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { entriesOf } from '../archives/zip'
import { isOpenDocument } from '../foreign-files'
import type { Conversion, Format } from './format'
import { alike, likeliest, partChoice } from './likeliest-part'
import { sheetTable, type SheetTable } from './sheet-table'
import { type Cell, TextWriter } from './text-writer'

/** Unpacked XML that is still read: about a million rows of four columns. The library holds a sheet in memory. */
const largestWorkbook = 256 * 1024 * 1024

/**
 * A day's fraction has no exact number: the library makes 12:59:59.999 of 13:00:00. Where nothing else in a column is finer than a second, that
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
 * Integers that a double cannot hold stay the text that they are in the file: ids of twenty digits, and 1.2345678901234568E+17, which shows
 * that a spreadsheet rounded it.
 */
const numberOf = (text: string): string | number => {
  const number = Number(text)
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number
}

/** A date as `cellOf` writes it. */
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** What the first entry of a workbook is called; that of an archive of workbooks is called as its file is. */
const firstEntries = /^(?:\[Content_Types\]\.xml|mimetype|xl\/|_rels\/|docProps\/|customXml\/)/

/** The name in a ZIP file's first local header. */
const firstEntryOf = (head: Buffer): string =>
  head.length < 30 ? '' : head.subarray(30, 30 + head.readUInt16LE(26)).toString('utf8')

/** Excel's XLSX: a line for each of the sheet's rows. The table may begin below a title. */
export const workbook: Format = {
  name: 'Excel workbook',
  recognises: (head, file) =>
    head.subarray(0, 4).toString('latin1') === 'PK\x03\x04' &&
    (/\.xls[xm]$/i.test(file.name) || (firstEntries.test(firstEntryOf(head)) && !isOpenDocument(head))),
  async toText(file, conversion) {
    const entries = await entriesOf(file)
    if (!entries.some(({ name }) => name === 'xl/workbook.xml'))
      throw badInput(`${file.name} is no Excel workbook that can be read.`, 'Save its sheet as CSV and import that.')
    if (entries.reduce((sum, { bytes }) => sum + bytes, 0) > largestWorkbook)
      throw badInput(
        `The workbook ${file.name} is too large to be read: unpacked it has more than 256 MB.`,
        'Save its sheet as CSV and import that.',
      )
    const sheets = await readSheets(file)
    const parts = sheets
      .filter(({ data }) => data.length > 1)
      .map(({ sheet, data }) => {
        const whole = wholeSeconds(data)
        const rows = data.map((row) => row.map((value, column) => cellOf(value, whole[column])))
        const table = sheetTable(rows, conversion.known)
        return { name: sheet, columns: table.names, rows, table }
      })
    const all = conversion.part?.startsWith(allLike) ? conversion.part.slice(allLike.length) : null
    const chosen = likeliest(parts, { ...conversion, part: all ?? conversion.part }, file.name, 'sheet')
    const same = alike(parts, chosen)
    // Rows of interactions add up; of items one sheet may be an older list of the same ones.
    const addUp = conversion.part === null && conversion.holds === 'interactions'
    const read = addUp || all !== null ? same : [chosen]
    const { table } = chosen
    const writer = new TextWriter(conversion)
    const lines: number[] = []
    try {
      for (const sheet of read) await writeSheet(sheet, writer, lines)
      const names = parts.map(({ name }) => name)
      const together = same.length > 1 ? [allLike + chosen.name] : []
      const first = read.length > 1 ? together : [chosen.name]
      const others = [...together, ...names].filter((name) => !first.includes(name))
      const converted = await writer.end(table.names, [...first, ...others])
      return {
        ...converted,
        dialect: { ...converted.dialect, named: table.header },
        choices: [
          ...(parts.length > 1 ? [sheetChoice(file.name, chosen, read, parts, conversion.part !== null)] : []),
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

/** How the sheets with the columns of one are called together, before the name of that one. */
const allLike = 'all sheets like '

/** Writes a sheet's rows behind those that are written. @param lines by line of the text, the row of its sheet; added to */
async function writeSheet({ rows, table }: Sheet, writer: TextWriter, lines: number[]): Promise<void> {
  // What stands before the table and its header stay lines without a row.
  const begin = table.skip + (table.header ? 1 : 0)
  for (const [at, row] of rows.entries()) {
    if (!writer.wantsMore) return
    lines.push(at + 1)
    const cells = table.columns.map((column) => row[column] ?? null)
    if (at < begin || cells.every((cell) => cell === null)) await writer.line('')
    else await writer.row(cells)
  }
}

/** Which sheets are read. Of those with the same columns all are: their names tell whether one may be a copy or an extract of another. */
function sheetChoice(
  file: string,
  chosen: Sheet,
  read: readonly Sheet[],
  sheets: readonly Sheet[],
  said: boolean,
): Choice {
  const one = partChoice(file, chosen, sheets, 'sheet', said)
  if (read.length === 1) return one
  const names = read.map(({ name }) => `“${name}”`)
  const numbered = new Set(read.map(({ name }) => name.replaceAll(/\d+/g, '0'))).size === 1
  return {
    ...one,
    value: `${formatCounted(read.length, 'sheet')}, one after the other`,
    certainty: said ? 'certain' : numbered ? 'likely' : 'guess',
    evidence: `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''} have the same columns.`,
    option: `--table ${JSON.stringify(chosen.name)}`,
  }
}

/** What was taken for the table, with what speaks for it. */
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
      evidence: `The table begins in row ${table.skip + 1}, the first that is as wide as most rows; before it stands “${before.slice(0, 3).join(' ')}”.`,
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
          ? `Row ${table.skip + 1} holds a number or a date, so it does not name columns.`
          : wasChosen,
      control: 'First row',
      option: `--header ${table.header ? 'no' : 'yes'}`,
    })
  return choices
}

/** A day as a text: 13/01/2022, 1.2.22. */
const dayAsText = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b/

/**
 * Says of columns that hold dates and texts of dates that days and months may be swapped: a spreadsheet that expects the other order makes dates of
 * those texts that are dates in it, and leaves the others texts.
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
        evidence: `${formatCounted(dates.length, 'cell')} ${dates.length === 1 ? 'is a date' : 'are dates'}, ${formatCounted(texts.length, 'cell')} ${texts.length === 1 ? 'is a text' : 'are texts'} such as “${texts[0] ?? ''}”. ${proven ? 'No date has a day above 12, and each text has one: a' : 'A'} spreadsheet that expects another order of day and month ${proven ? 'swapped' : 'may have swapped'} them in the dates.`,
        affectsData: true,
        control: 'Times',
        option: '--time none, or a workbook or CSV file in which all of them are texts',
      },
    ]
  })
}

async function readSheets(file: { path: string; name: string }) {
  try {
    // Ids are kept as they are written, spaces and all.
    return await readWorkbook(file.path, { trim: false, parseNumber: numberOf })
  } catch (error) {
    throw badInput(`The workbook ${file.name} is damaged.`, 'Save it again, or save its sheet as CSV.', {
      cause: error,
    })
  }
}

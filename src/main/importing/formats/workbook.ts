import readWorkbook from 'read-excel-file/node'
import { badInput } from '../../../shared/errors'
import { entriesOf } from '../archives/zip'
import { isOpenDocument } from '../foreign-files'
import type { Format } from './format'
import { sheetsText } from './sheets'
import type { Cell } from './text-writer'

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

/** What Excel shows in place of a number that its calendar does not reach. */
const beyondDates = '########'

const cellOf = (value: unknown, whole = false): Cell => {
  // A cell of a workbook has no zone, so its text names none.
  if (value instanceof Date && Number.isNaN(value.getTime())) return beyondDates
  if (value instanceof Date) return (whole ? wholeSecond(value) : value).toISOString().replace('Z', '')
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

/** Names of the first entry of a workbook. In an archive of workbooks the first entry has the name of its file. */
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
    const sheets = (await readSheets(file)).map(({ sheet, data }) => {
      const whole = wholeSeconds(data)
      return { name: sheet, rows: data.map((row) => row.map((value, column) => cellOf(value, whole[column]))) }
    })
    return sheetsText(sheets, file.name, conversion, 'sheet')
  },
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

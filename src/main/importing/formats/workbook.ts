import readWorkbook from 'read-excel-file/node'
import { badInput } from '../../../shared/errors'
import { entriesOf } from '../archives/zip'
import type { Format } from './format'
import { likeliest } from './likeliest-part'
import { type Cell, TextWriter } from './text-writer'

/** Unpacked XML that is still read: about a million rows of four columns. The library holds a sheet in memory. */
const largestWorkbook = 256 * 1024 * 1024

/**
 * A day's fraction has no exact number: the library makes 12:59:59.999 of 13:00:00. Where nothing else in a column is finer than a second, that
 * is what was written.
 */
const wholeSecond = (time: Date): Date => (time.getUTCMilliseconds() === 999 ? new Date(time.getTime() + 1) : time)

/** [columns]: whether its times are whole seconds. */
function wholeSeconds(rows: readonly (readonly unknown[])[], columns: number): boolean[] {
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

/** Excel's XLSX: the first row names the columns, every other is a row; line 2 is the sheet's row 2. */
export const workbook: Format = {
  name: 'Excel workbook',
  recognises: (head, file) =>
    head.subarray(0, 4).toString('latin1') === 'PK\x03\x04' &&
    (/\.xls[xm]$/i.test(file.name) || head.includes('xl/') || head.includes('[Content_Types].xml')),
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
      .map(({ sheet, data }) => ({
        name: sheet,
        columns: (data[0] ?? []).map((cell) => String(cellOf(cell) ?? '').trim()),
        data,
      }))
    const chosen = likeliest(parts, conversion.part, file.name, 'sheet')
    const writer = new TextWriter(conversion)
    try {
      // The header's own line stays a line without a row.
      await writer.line('')
      const whole = wholeSeconds(chosen.data, chosen.columns.length)
      for (const row of chosen.data.slice(1)) {
        const cells = chosen.columns.map((_, column) => cellOf(row[column], whole[column]))
        if (cells.every((cell) => cell === null)) await writer.line('')
        else await writer.row(cells)
        if (!writer.wantsMore) break
      }
      const others = parts.map(({ name }) => name).filter((name) => name !== chosen.name)
      return await writer.end(chosen.columns, [chosen.name, ...others])
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

async function readSheets(file: { path: string; name: string }) {
  try {
    // Ids are kept as they are written, spaces and all.
    return await readWorkbook(file.path, { trim: false })
  } catch (error) {
    throw badInput(`The workbook ${file.name} is damaged.`, 'Save it again, or save its sheet as CSV.', {
      cause: error,
    })
  }
}

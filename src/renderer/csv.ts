import { byteOrderMark } from '../shared/spreadsheets'

type Cell = string | number | boolean | null

/** A cell that a spreadsheet takes for a formula is prefixed with an apostrophe; numbers stay numbers. */
function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180 text of a table with a header row. */
export const csvText = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n'

/** Hands `text` to the person as a file; CSV begins with a byte-order mark, by which Excel knows UTF-8. */
export function downloadText(fileName: string, text: string, type = 'text/csv'): void {
  const url = URL.createObjectURL(
    new Blob([type === 'text/csv' ? byteOrderMark + text : text], { type: `${type};charset=utf-8` }),
  )
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = fileName
  anchor.click()
  URL.revokeObjectURL(url)
}

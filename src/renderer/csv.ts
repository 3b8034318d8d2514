import { stringify } from 'csv-stringify/browser/esm/sync'
import { byteOrderMark } from '../shared/spreadsheets'

/** CSV of a table with a header row, as the command line writes it: text that a spreadsheet would run as a formula gets an apostrophe. */
export const csvText = (header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  stringify([header, ...rows], { escape_formulas: true })

/** Saves `text` as a file; CSV begins with a byte-order mark, by which Excel recognises UTF-8. */
export function downloadText(fileName: string, text: string, type = 'text/csv'): void {
  const url = URL.createObjectURL(
    new Blob([type === 'text/csv' ? byteOrderMark + text : text], { type: `${type};charset=utf-8` }),
  )
  download(fileName, url)
  URL.revokeObjectURL(url)
}

/** Saves what an address leads to as a file. */
export function download(fileName: string, address: string): void {
  const anchor = document.createElement('a')
  anchor.href = address
  anchor.download = fileName
  anchor.click()
}

import { formatCount } from './format'

/** Begins a CSV file so that Excel reads it as UTF-8. */
export const byteOrderMark = '\uFEFF'

/** The maximum number of rows that Excel shows, including the header. */
const spreadsheetRows = 1_048_576

/**
 * A warning about a file with more rows (beside its header) than a spreadsheet shows; null if it fits.
 * @param atMost whether the file is not written yet and may have fewer rows
 */
export const beyondSpreadsheet = (rows: number, atMost = false): string | null =>
  rows < spreadsheetRows
    ? null
    : `Excel shows at most ${formatCount(spreadsheetRows)} rows of a file and silently drops the rest; this file ${atMost ? 'can have up to' : 'has'} ${formatCount(rows + 1)}. To read it in Excel, choose fewer users or items per user.`

import { statSync } from 'node:fs'
import { Parser } from 'htmlparser2'
import { badInput } from '../../../shared/errors'
import { refuseForeign } from '../foreign-files'
import type { NamedFile } from '../source-file'
import type { Conversion, Format } from './format'
import { markupText, parseWhole } from './markup-text'
import { type SheetCells, sheetsText } from './sheets'

/** The cells of a page's tables are kept in memory. */
const largestPage = 256 * 1024 * 1024

const beginning =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|style)\b/i

/** The encoding that a page declares. */
const charset = /<meta\b[^>]*\bcharset\s*=\s*["']?\s*([\w:.-]+)/i

/** Elements whose text is not shown. */
const hidden = new Set(['script', 'style', 'template'])
/** Elements that separate words. */
const breaks = new Set(['br', 'p', 'div', 'li', 'tr', 'td', 'th'])

const longestSpan = 1000

interface Cell {
  text: string
  readonly isName: boolean
  readonly columns: number
  readonly rows: number
}

/** A table of a page while it is read. */
interface Table {
  caption: string
  readonly rows: Cell[][]
  row: Cell[] | null
  cell: Cell | null
}

const span = (said: string | undefined): number => {
  const number = Number(said)
  return Number.isInteger(number) && number > 0 ? Math.min(number, longestSpan) : 1
}

const shown = (text: string): string => text.replaceAll(/[\s\u00a0]+/g, ' ').trim()

/** The tables of a page, nested ones after the one around them. */
function tablesOf(page: string, signal: AbortSignal | null): Table[] {
  const tables: Table[] = []
  const open: Table[] = []
  let [unshown, isCaption] = [0, false]
  const add = (text: string): void => {
    const table = open.at(-1)
    if (!table || unshown > 0) return
    if (isCaption) table.caption += text
    else if (table.cell) table.cell.text += text
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (hidden.has(name)) unshown++
        if (breaks.has(name)) add(' ')
        const table = open.at(-1)
        if (name === 'table') {
          const begun = { caption: '', rows: [], row: null, cell: null }
          tables.push(begun)
          open.push(begun)
        } else if (!table) return
        else if (name === 'caption') isCaption = true
        else if (name === 'tr') {
          table.row = []
          table.cell = null
          table.rows.push(table.row)
        } else if (name === 'td' || name === 'th') {
          const cell = {
            text: '',
            isName: name === 'th',
            columns: span(attributes['colspan']),
            rows: span(attributes['rowspan']),
          }
          // Pages may omit the row element of the first cells.
          if (!table.row) table.rows.push((table.row = []))
          table.row.push(cell)
          table.cell = cell
        }
      },
      ontext: add,
      onclosetag(name) {
        if (hidden.has(name)) unshown--
        const table = open.at(-1)
        if (name === 'table') {
          isCaption = false
          open.pop()
        } else if (name === 'caption') isCaption = false
        else if (name === 'tr' && table) table.row = table.cell = null
        else if ((name === 'td' || name === 'th') && table) table.cell = null
      },
    },
    { decodeEntities: true },
  )
  parseWhole(parser, page, signal)
  return tables
}

/** A table's cells in their columns: a cell that spans rows gives each its value, and one that spans columns is in the first. */
function cellsOf({ rows }: Table): (string | null)[][] {
  const from: { text: string; rows: number }[] = []
  return rows.map((row) => {
    const cells: (string | null)[] = []
    const above = (): void => {
      for (let spanned = from[cells.length]; spanned && spanned.rows > 0; spanned = from[cells.length]) {
        spanned.rows--
        cells.push(spanned.text === '' ? null : spanned.text)
      }
    }
    for (const cell of row) {
      above()
      const text = shown(cell.text)
      for (let column = 0; column < cell.columns; column++) {
        const own = column === 0 ? text : ''
        from[cells.length] = { text: own, rows: cell.rows - 1 }
        cells.push(own === '' ? null : own)
      }
    }
    above()
    return cells
  })
}

/** The row that names the columns: the last of the first rows with several header cells. */
function headerOf({ rows }: Table): number | undefined {
  const names = (row: readonly Cell[]): boolean => row.every(({ isName }) => isName)
  const end = rows.findIndex((row) => row.length > 0 && !names(row))
  const header = rows.findLastIndex((row, at) => at < end && row.length > 1)
  return header === -1 ? undefined : header
}

/** Tables of a page, with unique names. */
function named(tables: readonly Table[]): SheetCells[] {
  const captions = tables.map(({ caption }) => shown(caption))
  return tables.map((table, at) => {
    const caption = captions[at] ?? ''
    const isOne = caption !== '' && captions.filter((other) => other === caption).length === 1
    return { name: isOne ? caption : `table ${at + 1}`, rows: cellsOf(table), header: headerOf(table) }
  })
}

/** A table needs a row below its names, and two columns. */
const isTable = ({ rows }: SheetCells): boolean =>
  rows.filter((row) => row.filter((cell) => cell !== null).length > 1).length > 1

/** The tables of a web page, exported by shops and libraries, often under the name .xls. */
export const htmlTable: Format = {
  name: 'HTML table',
  recognises: (head) => beginning.test(head.toString('latin1')),
  toText(file: NamedFile, conversion: Conversion) {
    if (statSync(file.path).size > largestPage)
      throw badInput(
        `The page ${file.name} is too large: it has more than 256 MB.`,
        'Open it in a spreadsheet program and save the sheet as CSV, then import that file.',
      )
    const page = markupText(file, charset)
    const tables = named(tablesOf(page, conversion.signal)).filter(isTable)
    if (tables.length === 0) {
      refuseForeign(Buffer.from(page.slice(0, 4096)), file)
      throw badInput(`${file.name} is a web page without a table.`, 'Choose a file with one interaction per row.')
    }
    return sheetsText(tables, file.name, conversion, 'table')
  },
}

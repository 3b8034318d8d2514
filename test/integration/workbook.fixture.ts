import { strToU8, zipSync } from 'fflate'

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

type Rows = readonly (readonly (string | number)[])[]
interface Options {
  /** Columns whose numbers are shown as dates. */
  readonly dates?: readonly number[]
  readonly written?: (number: number) => string
}

/** A workbook with one sheet. */
export const xlsx = (rows: Rows, options: Options = {}): Uint8Array => workbookOf([['Ratings', rows]], options)

/** A workbook with sheets by their names, written by hand as Excel writes them. */
export function workbookOf(
  sheets: readonly (readonly [name: string, rows: Rows])[],
  { dates = [], written = String }: Options = {},
): Uint8Array {
  const cell = (value: string | number, at: string, isDate: boolean): string =>
    typeof value === 'number'
      ? `<c r="${at}"${isDate ? ' s="1"' : ''}><v>${written(value)}</v></c>`
      : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`
  const dataOf = (rows: Rows): string =>
    rows
      .map(
        (row, i) =>
          `<row r="${i + 1}">${row.map((value, column) => cell(value, `${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.charAt(column)}${i + 1}`, dates.includes(column))).join('')}</row>`,
      )
      .join('')
  const each = (write: (number: number, name: string) => string): string =>
    sheets.map(([name], index) => write(index + 1, name)).join('')
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
  const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return zipSync({
    '[Content_Types].xml': strToU8(
      `<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${sheetType}.worksheet+xml"/>`)}</Types>`,
    ),
    '_rels/.rels': strToU8(
      `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each((n, name) => `<sheet name="${name}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships xmlns="${relations}">${each((n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(
      `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ),
    ...Object.fromEntries(
      sheets.map(([, rows], index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        strToU8(`<worksheet xmlns="${main}"><sheetData>${dataOf(rows)}</sheetData></worksheet>`),
      ]),
    ),
  })
}

import { strToU8, zipSync } from 'fflate'

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

type Rows = readonly (readonly (string | number)[])[]

/** A workbook with one sheet. @param options.dates columns whose numbers are shown as dates */
export const xlsx = (rows: Rows, { dates = [] as readonly number[] } = {}): Uint8Array =>
  workbookOf([['Ratings', rows]], dates)

/** A workbook, written by hand as Excel writes them. */
export function workbookOf(
  sheets: readonly (readonly [name: string, rows: Rows])[],
  dates: readonly number[] = [],
): Uint8Array {
  const cell = (value: string | number, at: string, isDate: boolean): string =>
    typeof value === 'number'
      ? `<c r="${at}"${isDate ? ' s="1"' : ''}><v>${value}</v></c>`
      : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`
  const sheetOf = (rows: Rows): string =>
    rows
      .map(
        (row, i) =>
          `<row r="${i + 1}">${row.map((value, column) => cell(value, `${'ABCD'.charAt(column)}${i + 1}`, dates.includes(column))).join('')}</row>`,
      )
      .join('')
  const each = (text: (name: string, number: number) => string): string =>
    sheets.map(([name], at) => text(name, at + 1)).join('')
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
  const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return zipSync({
    '[Content_Types].xml': strToU8(
      `<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/>${each((_name, number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${sheetType}.worksheet+xml"/>`)}</Types>`,
    ),
    '_rels/.rels': strToU8(
      `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each((name, number) => `<sheet name="${name}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships xmlns="${relations}">${each((_name, number) => `<Relationship Id="rId${number}" Type="${office}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId99" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(
      `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ),
    ...Object.fromEntries(
      sheets.map(([, rows], at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        strToU8(`<worksheet xmlns="${main}"><sheetData>${sheetOf(rows)}</sheetData></worksheet>`),
      ]),
    ),
  })
}

import { statSync } from 'node:fs'
import { Parser } from 'htmlparser2'
import { badInput } from '../../../shared/errors'
import { isXml, refuseForeign } from '../foreign-files'
import type { NamedFile } from '../source-file'
import type { Conversion, Format } from './format'
import { markupText, parseWhole } from './markup-text'
import { type SheetCells, sheetsText } from './sheets'

/** A document is kept in memory, where it takes several times its size. */
const largestDocument = 128 * 1024 * 1024

/** Documents without records: spreadsheets of Excel 2003, pages, pictures. */
const others = /urn:schemas-microsoft-com:office:spreadsheet|<!doctype html|<html\b|<svg\b/i
const declared = /<\?xml\b[^>]*\bencoding\s*=\s*["']([\w:.-]+)["']/i

interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  /** The line of the document on which it begins. */
  readonly line: number
  text: string
}

/** The element around all others. */
function treeOf(document: string, signal: AbortSignal | null): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], line: 1, text: '' }
  const open = [root]
  let [line, counted] = [1, 0]
  const lineAt = (offset: number): number => {
    for (let at = document.indexOf('\n', counted); at !== -1 && at < offset; at = document.indexOf('\n', counted)) {
      line++
      counted = at + 1
    }
    return line
  }
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = { name, attributes, children: [], line: lineAt(parser.startIndex), text: '' }
        open.at(-1)?.children.push(element)
        open.push(element)
      },
      ontext(text) {
        const element = open.at(-1)
        if (element) element.text += text
      },
      onclosetag() {
        if (open.length > 1) open.pop()
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parseWhole(parser, document, signal)
  return root
}

const isValue = ({ children }: XmlElement): boolean => children.length === 0
const hasParts = (element: XmlElement): boolean => !isValue(element) || Object.keys(element.attributes).length > 0

function byName(elements: readonly XmlElement[]): Map<string, XmlElement[]> {
  const groups = new Map<string, XmlElement[]>()
  for (const element of elements) {
    const group = groups.get(element.name)
    if (group) group.push(element)
    else groups.set(element.name, [element])
  }
  return groups
}

/** An element's attributes and the values in it by name, those of nested elements with both names. Repeated elements with content of their own form a table. */
function valuesIn(element: XmlElement): Map<string, string> {
  const values = new Map(Object.entries(element.attributes))
  const set = (name: string, value: string): void => {
    if (!values.has(name)) values.set(name, value)
  }
  if (isValue(element) && element.text.trim() !== '') set(element.name, element.text.trim())
  for (const [name, group] of byName(element.children)) {
    const [first, ...more] = group
    if (!first) continue
    if (more.length > 0) {
      if (!group.some(hasParts)) set(name, group.map(({ text }) => text.trim()).join('|'))
    } else
      for (const [inner, value] of valuesIn(first))
        set(isValue(first) && inner === name ? name : `${name}.${inner}`, value)
  }
  return values
}

/** A record with the records around it, the nearest last. */
interface XmlRecord {
  readonly element: XmlElement
  readonly around: readonly XmlElement[]
}

/** The records of a document by the path of their elements: elements that are repeated within another one and have content of their own. */
function recordsOf(root: XmlElement): Map<string, XmlRecord[]> {
  const repeated = new Set<string>()
  const mark = (element: XmlElement, path: string): void => {
    for (const [name, group] of byName(element.children)) {
      const inner = path === '' ? name : `${path}/${name}`
      if (group.length > 1 && group.some(hasParts)) repeated.add(inner)
      for (const child of group) mark(child, inner)
    }
  }
  mark(root, '')
  const records = new Map<string, XmlRecord[]>()
  const collect = (element: XmlElement, path: string, around: readonly XmlElement[]): void => {
    for (const child of element.children) {
      const inner = path === '' ? child.name : `${path}/${child.name}`
      const isRecord = repeated.has(inner)
      if (isRecord) {
        const found = records.get(inner)
        if (found) found.push({ element: child, around })
        else records.set(inner, [{ element: child, around }])
      }
      collect(child, inner, isRecord ? [...around, child] : around)
    }
  }
  collect(root, '', [])
  return records
}

/** A table of records: their own values, then those of the records around them, for example lines with the values of their order. */
function tableOf(path: string, records: readonly XmlRecord[]): SheetCells & { readonly lines: readonly number[] } {
  const columns = new Map<string, number>()
  const rows = records.map(({ element, around }) => {
    const values = valuesIn(element)
    for (const outer of around.toReversed())
      for (const [name, value] of valuesIn(outer)) values.set(values.has(name) ? `${outer.name}.${name}` : name, value)
    for (const name of values.keys()) if (!columns.has(name)) columns.set(name, columns.size)
    return values
  })
  const names = [...columns.keys()]
  return {
    name: path.slice(path.indexOf('/') + 1),
    rows: [names, ...rows.map((values) => names.map((name) => values.get(name) ?? null))],
    header: 0,
    lines: [1, ...records.map(({ element }) => element.line)],
  }
}

/** Records of an XML document: one row for each element that is repeated. */
export const xmlRecords: Format = {
  name: 'XML records',
  recognises: (head) => isXml(head) && !others.test(head.toString('latin1')),
  toText(file: NamedFile, conversion: Conversion) {
    if (statSync(file.path).size > largestDocument)
      throw badInput(
        `The XML document ${file.name} is too large: it has more than 128 MB.`,
        'Export the table as CSV or JSON lines, then import that file.',
      )
    const document = markupText(file, declared)
    const tables = [...recordsOf(treeOf(document, conversion.signal))].map(([path, records]) => tableOf(path, records))
    if (tables.length === 0) refuseForeign(Buffer.from(document.slice(0, 4096)), file)
    return sheetsText(tables, file.name, conversion, 'table')
  },
}

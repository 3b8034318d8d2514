import type { FormatName } from '../../../shared/format-options'
import type { Choice } from '../../../shared/reading'
import { headOf } from '../plain-text'
import { longestLine } from '../plain-text'
import type { NamedFile } from '../source-file'
import type { Conversion, ConvertedText, Format } from './format'
import { headerOf, holdsTable, jsonDocumentText, numberedColumns } from './json-document'
import { ElementScan, elementsOf } from './json-scan'
import { roleOfName } from '../column-names'
import { jsonTable } from './json-table'
import { jsonValue, objectOf } from './json-values'
import { linesOf } from './lines'
import { leadingTime } from './log-time'

/** The arrangement of JSON in a file. */
const firstBytes = 4096
/** The number of bytes that determine a file's kind of JSON. */
const headBytes = 1 << 20
const sampledLines = 50

type Kind = 'lines' | 'rows' | 'log' | 'array' | 'objects' | 'document'

/** What can precede a JSON array: comments, and the statement or call around it (`window.ratings = [`, `callback([`). */
const wrapping =
  /^(?:\ufeff)?(?:\s+|\/\/[^\n]*\n|\/\*[^]*?\*\/)*(?:(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]*\s*(?:=|\()\s*)?(?=\[\s*\{)/

/** Characters before a file's array. */
const beforeArray = (path: string): number =>
  wrapping.exec(
    headOf(path, firstBytes)
      .toString('utf8')
      .replace(/^\ufeff/, ''),
  )?.[0].length ?? 0

/**
 * A log line that ends with an object. Before it come a time, a level or other words, but no separator of a table whose last column contains
 * JSON. Python writes a comma before a time's milliseconds.
 */
const logLine = /^\s*(?=[^\s{])(?:[^{,;|\t]|(?<=:\d\d),(?=\d{3}\b))*(\{.*\})\s*$/
const objectIn = (line: string): string | null => logLine.exec(line)?.[1] ?? null
/** The minimum share of a log's lines that have an object; the others are other messages. */
const mostlyObjects = 0.5
/** The minimum share of them that begin with a time, if it is read. */
const nearlyAll = 0.9

/** Whether a text is a log whose lines end with JSON objects. */
function isLog(text: string, whole: boolean): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const sample = (whole ? lines : lines.slice(0, -1)).slice(0, sampledLines)
  const found = sample.filter((line) => {
    const object = objectIn(line)
    return object !== null && objectOf(object) !== null
  })
  return found.length > 1 && found.length >= mostlyObjects * sample.length
}

/** The values of a line that is a JSON array of them; null for any other line. */
function rowIn(line: string): readonly unknown[] | null {
  const value = jsonValue(line.trim().replace(/,$/, ''))
  return Array.isArray(value) && value.length > 1 && value.every((cell) => typeof cell !== 'object' || cell === null)
    ? value
    : null
}

/** Whether each line of a text is a JSON array of the values of a row. */
function holdsRows(text: string, whole: boolean): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const sample = (whole ? lines : lines.slice(0, -1)).slice(0, sampledLines)
  return sample.length > 1 && sample.every((line) => rowIn(line) !== null)
}

/** How a file's JSON is written; null for any other text. */
function kindOf(head: Buffer, file: NamedFile): Kind | null {
  const begin = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (wrapping.test(begin)) return 'array'
  if (/^\[\s*\[/.test(begin)) return 'document'
  if (/^"\s*\{\s*\\"/.test(begin)) return 'lines'
  if (begin.startsWith('[') && holdsRows(begin, head.length < firstBytes)) return 'rows'
  if (!begin.startsWith('{')) return isLog(begin, head.length < firstBytes) ? 'log' : null
  if (!/^\{\s*(?:$|\}|u?["']|[A-Za-z_$][\w$]*\s*:)/.test(begin)) return null
  const bytes = headOf(file.path, headBytes)
  const text = bytes.toString('utf8').replace(/^\ufeff/, '')
  const whole = bytes.length < headBytes
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  // A line that may be cut off proves nothing.
  const sample = (whole ? lines : lines.slice(0, -1)).slice(0, sampledLines)
  const objects = sample.map((line) => objectOf(line)).filter((found) => found !== null)
  if (sample.length > 0 && 2 * objects.length >= sample.length) {
    const [only] = objects
    return lines.length === 1 && only && holdsTable(only.object) ? 'document' : 'lines'
  }
  const elements = [...new ElementScan('objects').read(text)]
  if (elements.length === 0) return 'document'
  const [first] = elements
  const object = first && objectOf(first.text)
  return elements.length === 1 && whole && object && holdsTable(object.object) ? 'document' : 'objects'
}

async function arrayText(file: NamedFile, conversion: Conversion): Promise<ConvertedText> {
  const found = { cut: false }
  const how = { begin: beforeArray(file.path), cutOff: () => void (found.cut = true) }
  const table = await jsonTable(file, conversion, () => elementsOf(file.path, conversion.signal, 'array', how))
  if (!found.cut) return table
  const choice: Choice = {
    about: 'layout',
    file: file.name,
    column: null,
    value: 'a list that is cut off',
    certainty: 'guess',
    evidence: 'The closing bracket is missing, so the last rows may be missing, too.',
    affectsData: true,
    control: 'Files',
    option: 'the whole file, exported or downloaded again',
  }
  return { ...table, choices: [choice, ...(table.choices ?? [])] }
}

/** Rows as arrays, one per line. A first row of names does not become a row of the table. */
async function rowsText(file: NamedFile, conversion: Conversion): Promise<ConvertedText> {
  const first: (readonly unknown[])[] = []
  for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
    const row = rowIn(line)
    if (row) first.push(row)
    if (first.length === sampledLines) break
  }
  const names = headerOf(first)
  const columns = names ?? numberedColumns(first)
  async function* objects(): AsyncGenerator<string> {
    let isHeader = names !== null
    for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
      const row = rowIn(line)
      if (row && isHeader) yield ''
      else yield row ? JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, row[at]]))) : line
      if (row) isHeader = false
    }
  }
  const table = await jsonTable(file, conversion, objects)
  return { ...table, dialect: { ...table.dialect, named: names !== null } }
}

const format = (name: FormatName, kind: Kind, toText: Format['toText']): Format => ({
  name,
  recognises: (head, file) => kindOf(head, file) === kind,
  toText,
})

/** The name of the column for the times before the objects; null if they have none in nearly all lines, or have a time themselves. */
function timeOfLog(path: string): string | null {
  const bytes = headOf(path, headBytes)
  const sample = bytes
    .toString('utf8')
    .split('\n')
    .slice(0, bytes.length < headBytes ? undefined : -1)
    .flatMap((line) => {
      const object = objectIn(line)
      return object === null ? [] : [{ line, object: objectOf(object) }]
    })
    .slice(0, sampledLines)
  const dated = sample.filter(({ line }) => leadingTime(line) !== null)
  const isNamed = sample.some(({ object }) =>
    Object.keys(object?.object ?? {}).some((key) => {
      const match = roleOfName(key)
      return match?.role === 'time' && match.whole
    }),
  )
  return dated.length >= nearlyAll * sample.length && !isNamed ? 'time' : null
}

/** The objects of a log, each with the time before it; its other lines remain and will be rejected. */
async function logText(file: NamedFile, conversion: Conversion): Promise<ConvertedText> {
  const left = { example: '' }
  const time = timeOfLog(file.path)
  async function* objects(): AsyncGenerator<string> {
    for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
      const object = objectIn(line)
      const before = object === null ? '' : line.slice(0, line.lastIndexOf(object)).trim()
      const leads = time === null ? null : leadingTime(before)
      if (left.example === '') left.example = (leads ? leads.rest : before).trim()
      yield object !== null && leads
        ? object.replace(
            /^\{\s*(\}?)/,
            (_all, end: string) => `{"${time ?? ''}":${JSON.stringify(leads.time)}${end === '' ? ',' : end}`,
          )
        : (object ?? line)
    }
  }
  const table = await jsonTable(file, conversion, objects)
  const isWords = left.example !== ''
  const choice: Choice = {
    about: 'layout',
    file: file.name,
    column: null,
    value: 'a log with a JSON object in each line',
    certainty: isWords && time === null ? 'guess' : 'likely',
    evidence: [
      ...(time === null ? [] : [`The time before each object is its “${time}”.`]),
      ...(isWords ? [`The text before each object is left out, such as “${left.example.slice(0, 80)}”.`] : []),
    ].join(' '),
    affectsData: true,
    control: 'Files',
    option: 'a copy of the file in which that text is a value of each object',
  }
  return { ...table, choices: [choice, ...(table.choices ?? [])] }
}

/** The kinds of JSON in exports: one object per line, an array of objects, objects over several lines, or a table inside one value. */
export const jsonFormats: readonly Format[] = [
  format('JSON lines', 'lines', (file, conversion) =>
    jsonTable(file, conversion, () => linesOf(file.path, conversion.signal, longestLine)),
  ),
  format('JSON lines', 'rows', rowsText),
  format('JSON lines', 'log', logText),
  format('JSON array', 'array', (file, conversion) => arrayText(file, conversion)),
  format('JSON objects', 'objects', (file, conversion) =>
    jsonTable(file, conversion, () => elementsOf(file.path, conversion.signal, 'objects')),
  ),
  format('JSON document', 'document', jsonDocumentText),
]

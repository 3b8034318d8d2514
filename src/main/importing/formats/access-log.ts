import type { Choice } from '../../../shared/reading'
import { longestLine } from '../plain-text'
import type { Conversion, Format } from './format'
import { linesOf } from './lines'
import { sampledLines } from './log-time'
import { TextWriter } from './text-writer'

/** Bytes by which a format is recognised. */
const headBytes = 4096
const nearlyAll = 0.9

const quoted = String.raw`"((?:[^"\\]|\\.)*)"`
/** A line of NCSA's common log format, with the two further fields of the combined one. */
const request = new RegExp(
  String.raw`^(\S+) (\S+) (.+?) \[(\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?)\] ${quoted} (\d{3}|-) (\d+|-)(?: ${quoted} ${quoted})?(?: .*)?$`,
)
const columns = ['address', 'identity', 'login', 'time', 'method', 'page', 'status', 'bytes', 'referrer', 'agent']

/** The values of a line in the order of the columns, null for a dash; null if it is no request. */
function valuesOf(line: string): (string | null)[] | null {
  const found = request.exec(line)
  if (!found) return null
  const [, address, identity, login, time, what = '', status, bytes, referrer, agent] = found
  const [, method, page] = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(what) ?? ['', '', what]
  return [address, identity, login, time, method, page, status, bytes, referrer, agent].map((value) =>
    value === undefined || value === '-' || value === '' ? null : value.replaceAll(/\\(.)/g, '$1'),
  )
}

/** The log of a web server, as Apache and nginx write it (the common and the combined log format). */
export const accessLog: Format = {
  name: 'web server log',
  anyEncoding: true,
  recognises: (head) => {
    const lines = sampledLines(head, headBytes)
    return lines.length > 1 && lines.filter((line) => valuesOf(line) !== null).length >= nearlyAll * lines.length
  },
  async toText(file, conversion) {
    const filled = await filledColumns(file.path, conversion)
    const writer = new TextWriter(conversion)
    try {
      for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
        const values = valuesOf(line)
        if (line.trim() === '') await writer.line('')
        else if (values) await writer.row(filled.map((column) => values[column] ?? null))
        // A line with one cell is rejected.
        else await writer.row([line])
        if (!writer.wantsMore) break
      }
      const text = await writer.end(filled.map((column) => columns[column] ?? ''))
      return { ...text, choices: [choiceOf(file.name, filled.includes(columns.indexOf('login')))] }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

/** The positions of the columns that have a value in any line: most servers know no identities and logins. */
async function filledColumns(path: string, { signal, limit }: Conversion): Promise<number[]> {
  const filled = new Set<number>()
  let read = 0
  for await (const line of linesOf(path, signal, longestLine)) {
    for (const [column, value] of (valuesOf(line) ?? []).entries()) if (value !== null) filled.add(column)
    read += line.length + 1
    if (read > limit) break
  }
  return [...filled].sort((a, b) => a - b)
}

const choiceOf = (file: string, hasLogins: boolean): Choice => ({
  about: 'layout',
  file,
  column: null,
  value: 'a row for each request to a web server',
  certainty: 'guess',
  evidence: `Requests for images and scripts, those of crawlers and failed ones are rows, too.${hasLogins ? '' : ' Only “address” says who sent them (--user address), and several people may share one.'}`,
  affectsData: true,
  control: 'Event',
  option:
    '--event status --event-types 200 to leave out failed requests, and a copy without other lines that are no visits',
})

import { longestLine } from '../plain-text'
import type { Conversion, Format } from './format'
import { linesOf } from './lines'
import { TextWriter } from './text-writer'

const fields = /^#Fields:\s*(.+)$/
/** Lines of other directives, such as the program and its version, may come first. */
const begins = /^(?:\ufeff)?(?:#[A-Za-z][\w-]*:[^\n]*\r?\n)*#Fields:[ \t]*\S/

/** A value that contains spaces is in quotes, which are doubled within it. */
const value = /"(?:[^"]|"")*"(?=\s|$)|\S+/g
const bare = (text: string): string | null => {
  if (text === '-') return null
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}

/** W3C’s extended log format, as IIS and CloudFront write it: a line `#Fields:` names the values of the lines after it; a dash is no value. */
export const w3cLog: Format = {
  name: 'W3C extended log',
  anyEncoding: true,
  recognises: (head) => begins.test(head.toString('utf8')),
  async toText(file, conversion) {
    const writer = new TextWriter(conversion)
    const columns = await columnsOf(file.path, conversion)
    /** The columns of the values of a line. */
    let positions: readonly number[] = []
    let tabs = false
    try {
      for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
        const named = fields.exec(line.replace('\ufeff', ''))?.[1]
        if (named !== undefined) {
          positions = namesIn(named).map((name) => columns.indexOf(name))
          tabs = false
        }
        // Directives remain as lines without a row, so that the others keep their line numbers.
        if (line.startsWith('#') || named !== undefined || line.trim() === '') await writer.line('')
        else {
          tabs ||= line.split('\t').length === positions.length
          const values = tabs ? line.split('\t') : (line.match(value) ?? [])
          await writer.row(valuesByColumn(values.map(bare), positions, columns.length))
        }
        if (!writer.wantsMore) break
      }
      return await writer.end(columns)
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

const namesIn = (text: string): string[] => text.trim().split(/\s+/)

/** All fields: after a change of its settings, a server goes on with others in the same file. */
async function columnsOf(path: string, { signal, limit }: Conversion): Promise<string[]> {
  const columns = new Set<string>()
  let read = 0
  for await (const line of linesOf(path, signal, longestLine)) {
    for (const name of namesIn(fields.exec(line.replace('\ufeff', ''))?.[1] ?? '')) if (name !== '') columns.add(name)
    // Rows become longer by the quotes of their values, so that a preview reads no line beyond the limit.
    read += line.length + 1
    if (read > limit) break
  }
  return [...columns]
}

/** A line with another number of values than fields stays as it is, so that it is rejected. */
function valuesByColumn(
  values: readonly (string | null)[],
  positions: readonly number[],
  width: number,
): (string | null)[] {
  if (values.length !== positions.length) return values.length === width ? [...values, null] : [...values]
  const row = Array.from({ length: width }, (): string | null => null)
  for (const [at, position] of positions.entries()) row[position] = values[at] ?? null
  return row
}

import { badInput } from '../../../shared/errors'
import { longestLine } from '../plain-text'
import type { Format } from './format'
import { linesOf } from './lines'
import { type Cell, TextWriter } from './text-writer'

/** Objects whose keys make the columns; later ones that bring further keys do not. */
const shaping = 1000

const objectOf = (line: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(line, keepDigits)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Numbers that a double cannot hold (ids of twenty digits) stay as they are written, where the engine tells their text. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? context.source : value
}

const cellOf = (value: unknown): Cell => {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

/** JSON lines: one object per line. A line that is none is a row with too few columns. */
export const jsonLines: Format = {
  name: 'JSON lines',
  recognises: (head) => /^(?:\ufeff)?\s*\{\s*"/.test(head.toString('utf8')),
  async toText(file, conversion) {
    const columns: string[] = []
    let seen = 0
    for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
      for (const key of Object.keys(objectOf(line) ?? {})) if (!columns.includes(key)) columns.push(key)
      if (++seen >= shaping) break
    }
    if (columns.length < 2)
      throw badInput(
        `No table could be recognised in ${file.name}: its lines are not JSON objects with a user and an item.`,
        'Export it as JSON lines, one object per line, or as CSV.',
      )
    const writer = new TextWriter(conversion)
    try {
      for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
        const object = objectOf(line)
        if (object) await writer.row(columns.map((column) => cellOf(object[column])))
        else if (line.trim() === '') await writer.line('')
        else await writer.row([line])
        if (!writer.wantsMore) break
      }
      return await writer.end(columns)
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

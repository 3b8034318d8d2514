import { badInput } from '../../../shared/errors'
import type { NamedFile } from '../source-file'
import type { Conversion, ConvertedText } from './format'
import { type Cell, TextWriter } from './text-writer'

/** Objects whose keys make the columns; later ones that bring further keys do not. */
const shaping = 1000

const objectOf = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text, keepDigits)
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

/**
 * A table whose rows are JSON objects and whose columns are their keys. A text that is no object is a row with too few columns.
 * @param texts the objects, one for each line of the table, from the beginning at each call; a blank one is a line without a row
 */
export async function jsonTable(
  file: NamedFile,
  conversion: Conversion,
  texts: () => AsyncIterable<string>,
): Promise<ConvertedText> {
  const columns: string[] = []
  let seen = 0
  for await (const text of texts()) {
    if (text.trim() === '') continue
    for (const key of Object.keys(objectOf(text) ?? {})) if (!columns.includes(key)) columns.push(key)
    if (++seen >= shaping) break
  }
  if (columns.length < 2)
    throw badInput(
      `No table could be recognised in ${file.name}: it does not hold JSON objects with a user and an item.`,
      'Export it as JSON lines, one object per line, as an array of objects, or as CSV.',
    )
  const writer = new TextWriter(conversion)
  try {
    for await (const text of texts()) {
      const object = objectOf(text)
      if (object) await writer.row(columns.map((column) => cellOf(object[column])))
      else if (text.trim() === '') await writer.line('')
      else await writer.row([text])
      if (!writer.wantsMore) break
    }
    return await writer.end(columns)
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

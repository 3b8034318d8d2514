import { badInput } from '../../../shared/errors'
import type { Choice } from '../../../shared/reading'
import type { NamedFile } from '../source-file'
import type { Conversion, ConvertedText } from './format'
import { flattened, objectOf } from './json-values'
import { TextWriter } from './text-writer'

/** Objects whose keys make the columns; further keys of later ones are left out, which is said. */
const shapingObjects = 1000

interface Found {
  /** Lines of the table's text, from 1. */
  readonly line: number
  readonly what: string
}

/**
 * A table whose rows are JSON objects and whose columns are their keys. A text that is no object is a row with too few columns.
 * @param texts the objects, one for each line of the table, from the beginning at each call; a blank one is a line without a row
 */
export async function jsonTable(
  file: NamedFile,
  conversion: Conversion,
  texts: () => AsyncIterable<string> | Iterable<string>,
): Promise<ConvertedText> {
  const columns = await columnsOf(texts())
  if (columns.length < 2)
    throw badInput(
      `No table could be recognised in ${file.name}: it does not hold JSON objects with a user and an item.`,
      'Export it as JSON lines, one object per line, as an array of objects, or as CSV.',
    )
  const known = new Set(columns)
  const writer = new TextWriter(conversion)
  let line = 0
  let loose: Found | null = null
  let late: Found | null = null
  try {
    for await (const text of texts()) {
      line++
      const found = text.trim() === '' ? null : objectOf(text)
      if (found) {
        const cells = flattened(found.object)
        await writer.row(columns.map((column) => cells.get(column) ?? null))
        if (found.loose) loose ??= { line, what: text.trim().slice(0, 60) }
        if (late === null && cells.size > 0)
          for (const column of cells.keys()) if (!known.has(column)) late ??= { line, what: column }
      } else if (text.trim() === '') await writer.line('')
      else await writer.row([text])
      if (!writer.wantsMore) break
    }
    return { ...(await writer.end(columns)), choices: choicesOf(file, loose, late) }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function columnsOf(texts: AsyncIterable<string> | Iterable<string>): Promise<string[]> {
  const columns = new Set<string>()
  let seen = 0
  for await (const text of texts) {
    if (text.trim() === '') continue
    const found = objectOf(text)
    for (const column of found ? flattened(found.object).keys() : []) columns.add(column)
    if (++seen >= shapingObjects) break
  }
  return [...columns]
}

function choicesOf(file: NamedFile, loose: Found | null, late: Found | null): Choice[] {
  const about = { about: 'layout' as const, file: file.name, control: 'Files', option: 'FILE' } as const
  const choices: Choice[] = []
  if (loose)
    choices.push({
      ...about,
      column: null,
      value: 'Python dictionaries or JavaScript objects',
      certainty: 'likely',
      evidence: `Line ${loose.line} is no strict JSON, but was read as such an object: ${loose.what}`,
      affectsData: true,
    })
  if (late)
    choices.push({
      ...about,
      column: late.what,
      value: 'left out',
      certainty: 'guess',
      evidence: `“${late.what}” first comes in line ${late.line}; columns are the keys of the first ${shapingObjects.toLocaleString('en-US')} objects.`,
      affectsData: false,
    })
  return choices
}

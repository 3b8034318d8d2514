import { badInput } from '../../../shared/errors'
import { formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import type { NamedFile } from '../source-file'
import type { Conversion, ConvertedText } from './format'
import { rowForEachElement, rowForEachItem } from '../list-text'
import { type ItemList, itemListOf } from './json-lists'
import { documentOf, objectOf, rowsOf } from './json-values'
import { TextWriter } from './text-writer'
import { type JsonObject } from './typed-values'

/** The number of objects whose keys become columns; additional keys of later objects are left out, and a choice reports that. */
const shapingObjects = 1000

interface Found {
  /** Lines of the table's text, from 1. */
  readonly line: number
  readonly what: string
}

/**
 * A table whose rows are JSON objects and whose columns are their keys. A text that is not an object is a row with too few columns.
 * @param texts the objects, one per line of the table, restarting with each call; a blank text is a line without a row
 */
export async function jsonTable(
  file: NamedFile,
  conversion: Conversion,
  texts: () => AsyncIterable<string> | Iterable<string>,
): Promise<ConvertedText> {
  const objects = await firstObjects(texts())
  const list = conversion.known.layout === 'list' ? null : itemListOf(objects, conversion.wanted)
  const unfolded = list?.path ?? []
  const columns = [
    ...new Set(objects.flatMap((object) => rowsOf(object, unfolded).flatMap((cells) => [...cells.keys()]))),
  ]
  if (columns.length < 2)
    throw badInput(
      `No table was recognised in ${file.name}: it has no JSON objects with a user and an item.`,
      'Export it as JSON lines, one object per line, as an array of objects, or as CSV.',
    )
  const known = new Set(columns)
  const writer = new TextWriter(conversion)
  let line = 0
  let loose: Found | null = null
  let late: Found | null = null
  const broken: Found[] = []
  /** Lines of the file by line of the table, if they differ. */
  const lines: number[] = []
  try {
    for await (const text of texts()) {
      line++
      const found = text.trim() === '' ? null : objectOf(text)
      if (found) {
        for (const cells of rowsOf(found.object, unfolded)) {
          if (list) lines.push(line)
          await writer.row(columns.map((column) => cells.get(column) ?? null))
          if (late === null) for (const column of cells.keys()) if (!known.has(column)) late ??= { line, what: column }
        }
        if (found.loose) loose ??= { line, what: text.trim().slice(0, 60) }
      } else {
        if (list) lines.push(line)
        if (text.trim() === '') await writer.line('')
        else {
          // A line of a log that has no object says nothing of the others.
          if (/^\s*[{[]/.test(text)) broken.push({ line, what: text.trim().slice(0, 60) })
          await writer.row([text])
        }
      }
      if (!writer.wantsMore) break
    }
    const ofEngine = objects.some((object) => documentOf(object)) ? [documentChoice(file)] : []
    const choices = [
      ...ofEngine,
      ...(list ? [unfoldedChoice(file, list)] : []),
      ...choicesOf(file, loose, late),
      ...brokenChoice(file, broken),
    ]
    const converted = { ...(await writer.end(columns)), choices }
    return list ? { ...converted, lineOf: (at) => lines[at - 1] ?? at } : converted
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function firstObjects(texts: AsyncIterable<string> | Iterable<string>): Promise<JsonObject[]> {
  const objects: JsonObject[] = []
  let seen = 0
  for await (const text of texts) {
    if (text.trim() === '') continue
    const found = objectOf(text)
    if (found) objects.push(found.object)
    if (++seen >= shapingObjects) break
  }
  return objects
}

const documentChoice = (file: NamedFile): Choice => ({
  about: 'layout',
  file: file.name,
  column: null,
  value: 'the documents of a search engine',
  certainty: 'certain',
  evidence:
    'Rows are the contents of “_source”; “_index”, “_id” and “_score” belong to the search engine and are left out.',
  affectsData: false,
  control: 'Files',
  option: 'FILE',
})

const unfoldedChoice = (file: NamedFile, list: ItemList): Choice => {
  const { name, path, longest, identified, holds, beside, others } = list
  const within = path.length > 1 ? ` in each of “${path.slice(0, -1).join('”, in each of “')}”` : ''
  const why = !identified
    ? 'no other column can contain items, and no name identifies one'
    : holds === 'users'
      ? 'no other column contains a user'
      : beside === null
        ? 'no other column contains an item'
        : `each has an item and what belongs to an interaction, which “${beside}” does not`
  const left = others.map((other) => `“${other}”`).join(', ')
  const one = holds === 'users' ? 'interaction' : identified ? 'item' : 'element'
  return {
    about: 'layout',
    file: file.name,
    column: name,
    value: holds === 'users' ? rowForEachElement : rowForEachItem,
    certainty: identified && beside === null && others.length === 0 ? 'likely' : 'guess',
    evidence: `“${name}” is a list of up to ${formatCounted(longest, one)}${within}; ${others.length > 0 ? `${left} also ${others.length === 1 ? 'contains' : 'contain'} ${holds} and ${others.length === 1 ? 'is' : 'are'} not read` : why}.`,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  }
}

/** Says which lines are no whole objects: an export that was interrupted ends with one. */
function brokenChoice(file: NamedFile, broken: readonly Found[]): Choice[] {
  const [first] = broken
  if (!first) return []
  const one = broken.length === 1
  return [
    {
      about: 'layout',
      file: file.name,
      column: null,
      value: `without ${formatCounted(broken.length, 'line')} that ${one ? 'is' : 'are'} no whole JSON object`,
      certainty: 'guess',
      evidence: `${one ? 'Line' : 'The first is line'} ${first.line}${one ? ' is' : ''}: ${first.what}. If the export was interrupted, objects after it may be missing, too.`,
      affectsData: true,
      control: 'Files',
      option: 'a complete export',
    },
  ]
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
      evidence: `Line ${loose.line} is not strict JSON but was read as such an object: ${loose.what}`,
      affectsData: true,
    })
  if (late)
    choices.push({
      ...about,
      column: late.what,
      value: 'left out',
      certainty: 'guess',
      evidence: `“${late.what}” first occurs in line ${late.line}; the columns are the keys of the first ${shapingObjects.toLocaleString('en-US')} objects.`,
      affectsData: false,
    })
  return choices
}

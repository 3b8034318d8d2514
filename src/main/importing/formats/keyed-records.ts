import { badInput } from '../../../shared/errors'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { headOf, longestLine } from '../plain-text'
import { nameInteractions } from '../suggest-mapping'
import { tableShape } from '../table-shape'
import type { Format } from './format'
import { linesOf } from './lines'
import { TextWriter } from './text-writer'

/** The number of bytes that show how a file's lines are written. */
const headBytes = 1 << 16
const fewestRecords = 3
/** The number of records whose keys become columns; other keys are left out, and a choice reports that. */
const shapingRecords = 1000
/** In more records, a key of only one of them is no column. */
const manyRecords = 100
/** The minimum share of the records that have most of the usual keys, and of the lines of a text in which each has a key. */
const [nearlyAllRecords, nearlyAllLines] = [0.8, 0.9]
/** The maximum share of lines that go on with a value. */
const fewLines = 1 / 3

/** A line with a key, a colon, and its value after a blank. Keys begin with a letter: a time of day or an address is none. */
const keyed = /^(\p{L}[\p{L}\p{N}_./#()-]{0,60}(?: [\p{L}\p{N}_./#()-]{1,30}){0,3}):(?:\s+(.*))?$/u
/** The same in a nested list, as in YAML. */
const nested = /^(?:\s+(?:- )?|- )\p{L}[^:]{0,60}:(?:\s|$)/u

/** The characters that exports write by name. */
const namedCharacters = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }))
const entity = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi

/** A text with characters in place of HTML’s names and numbers for them. */
const withCharacters = (text: string): string =>
  text.replaceAll(entity, (written: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return namedCharacters.get(name.toLowerCase()) ?? written
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
    return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : written
  })

/** A record: lines of keys and values up to the next one. */
interface KeyedRecord {
  /** The number of its first line, from 1. */
  readonly line: number
  readonly values: Map<string, string>
  /** Keys with several values. */
  readonly repeated: string[]
  /** Lines that go on with the value above. */
  readonly continued: number[]
  /** Keys that are no columns, with their lines. */
  readonly others: { readonly key: string; readonly line: number }[]
}

const begun = (line: number): KeyedRecord => ({ line, values: new Map(), repeated: [], continued: [], others: [] })

/** Divides lines into records. */
class Records {
  #line = 0
  #record: KeyedRecord | null = null
  #first = ''
  #last: string | null = null
  #blank = true

  /** @param columns the keys of records; null: any */
  constructor(private readonly columns: ReadonlySet<string> | null) {}

  /** @returns the record before this line, if the line begins another one */
  take(read: string): KeyedRecord | null {
    this.#line++
    const text = read.replace('\ufeff', '')
    if (text.trim() === '') {
      this.#blank = true
      return null
    }
    const [, key = '', value = ''] = keyed.exec(text) ?? []
    const isKey = key !== '' && (this.columns?.has(key) ?? true)
    // Without blank lines, each record begins with the same key.
    const begins = isKey && (this.#blank || key === this.#first)
    const ended = begins ? this.#record : null
    if (begins) {
      this.#record = begun(this.#line)
      this.#first = key
    }
    const record = (this.#record ??= begun(this.#line))
    if (isKey) {
      const before = record.values.get(key)
      if (before !== undefined) record.repeated.push(key)
      record.values.set(key, before === undefined ? value.trim() : `${before}|${value.trim()}`)
      this.#last = key
    } else if (key !== '') {
      record.others.push({ key, line: this.#line })
      this.#last = null
    } else {
      record.continued.push(this.#line)
      if (this.#last !== null)
        record.values.set(this.#last, `${record.values.get(this.#last) ?? ''} ${text.trim()}`.trim())
    }
    this.#blank &&= !isKey
    return ended
  }

  /** The last record. */
  end(): KeyedRecord | null {
    return this.#record
  }
}

function recordsIn(lines: readonly string[], columns: ReadonlySet<string> | null = null): KeyedRecord[] {
  const records = new Records(columns)
  const read = lines.flatMap((line) => records.take(line) ?? [])
  return [...read, ...[records.end() ?? []].flat()]
}

/** The records at the beginning of a text; null if it does not consist of records that have most keys in common. @param whole whether it is the whole text */
export function keyedRecordsIn(
  lines: readonly string[],
  whole: boolean,
): { readonly names: readonly string[]; readonly rows: readonly (readonly string[])[] } | null {
  const filled = lines.filter((line) => line.trim() !== '')
  if (!keyed.test(filled[0]?.replace('\ufeff', '') ?? '')) return null
  const found = recordsIn(lines)
  const records = whole ? found : found.slice(0, -1)
  if (records.length < fewestRecords) return null
  const byKey = new Map<string, number>()
  for (const { values } of records) for (const key of values.keys()) byKey.set(key, (byKey.get(key) ?? 0) + 1)
  const usual = [...byKey].filter(([, times]) => 2 * times >= records.length).map(([key]) => key)
  const isApart = lines.slice(0, records.at(-1)?.line).filter((line) => line.trim() === '').length >= records.length - 1
  // Without blank lines, keys may be people who talk in turns, or users with an item each.
  if (usual.length < 2 || !(isApart || nameInteractions(usual))) return null
  const alike = records.filter(({ values }) => 2 * usual.filter((key) => values.has(key)).length > usual.length)
  const continued = records.reduce((sum, record) => sum + record.continued.length, 0)
  if (alike.length < nearlyAllRecords * records.length || continued > fewLines * filled.length) return null
  const names = [...byKey.keys()]
  return { names, rows: records.map(({ values }) => names.map((name) => values.get(name) ?? '')) }
}

/** Whether nearly every line has a key of its own, or is part of a nested list of keys: settings, not records. */
function areSettings(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== '')
  const keys = filled.flatMap((line) => keyed.exec(line.replace('\ufeff', ''))?.[1] ?? [])
  const inner = filled.filter((line) => nested.test(line)).length
  if (keys.length === 0 || filled.length < fewestRecords) return false
  if (keys.length + inner < nearlyAllLines * filled.length) return false
  const shape = tableShape(filled)
  if (shape && shape.delimiter !== ' ' && shape.agreeing >= nearlyAllLines * shape.filled) return false
  return inner > 0 || new Set(keys).size === keys.length
}

function headLines(path: string): { readonly lines: readonly string[]; readonly whole: boolean } {
  const bytes = headOf(path, headBytes)
  const lines = bytes.toString('utf8').split(/\r?\n/)
  const whole = bytes.length < headBytes
  return { lines: whole ? lines : lines.slice(0, -1), whole }
}

/** What is said about the records of a file while they are read. */
interface Noted {
  records: number
  continued: { readonly line: number; count: number } | null
  late: { readonly key: string; readonly line: number } | null
  repeated: { readonly key: string; readonly line: number } | null
  characters: { readonly from: string; readonly line: number } | null
}

/** Records of lines `key: value` with a blank line between them, as the reviews that SNAP publishes (RateBeer, CellarTracker, Amazon). */
export const keyedRecords: Format = {
  name: 'records of keys and values',
  anyEncoding: true,
  recognises(head, file) {
    if (!/^(?:\xef\xbb\xbf)?\s*[^\s:][^:\n]{0,160}:(?:\s|$)/.test(head.toString('latin1'))) return false
    const { lines, whole } = headLines(file.path)
    return keyedRecordsIn(lines, whole) !== null || areSettings(lines)
  },
  async toText(file, conversion) {
    const { lines, whole } = headLines(file.path)
    if (!keyedRecordsIn(lines, whole)) throw settings(file.name, lines)
    const texts = (): AsyncGenerator<string> => linesOf(file.path, conversion.signal, longestLine)
    const columns = await firstKeys(texts())
    const known = new Set(columns)
    const writer = new TextWriter(conversion)
    const noted: Noted = { records: 0, continued: null, late: null, repeated: null, characters: null }
    let written = 0
    const write = async (record: KeyedRecord): Promise<void> => {
      // Lines without a row keep each record at its first line of the file.
      for (; written < record.line - 1; written++) await writer.line('')
      note(record, noted)
      await writer.row(columns.map((column) => withCharacters(record.values.get(column) ?? '') || null))
      written++
    }
    try {
      const records = new Records(known)
      let enough = false
      for await (const text of texts()) {
        const ended = records.take(text)
        if (ended) await write(ended)
        enough = !writer.wantsMore
        if (enough) break
      }
      const last = records.end()
      if (last && !enough) await write(last)
      return { ...(await writer.end(columns)), choices: choicesOf(file.name, columns, noted) }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

/** The keys of the first records, in their order. In many records, a key that occurs once is part of a text that goes on in the next line. */
async function firstKeys(texts: AsyncIterable<string>): Promise<string[]> {
  const byKey = new Map<string, number>()
  const records = new Records(null)
  let read = 0
  const add = (record: KeyedRecord | null): void => {
    if (!record) return
    read++
    for (const key of record.values.keys()) byKey.set(key, (byKey.get(key) ?? 0) + 1)
  }
  for await (const text of texts) {
    add(records.take(text))
    if (read >= shapingRecords) break
  }
  if (read < shapingRecords) add(records.end())
  return [...byKey].filter(([, times]) => times > 1 || read <= manyRecords).map(([key]) => key)
}

function note({ line, values, repeated, continued, others }: KeyedRecord, noted: Noted): void {
  noted.records++
  const [first] = continued
  if (first !== undefined) {
    noted.continued ??= { line: first, count: 0 }
    noted.continued.count += continued.length
  }
  noted.late ??= others[0] ?? null
  const [key] = repeated
  if (key !== undefined) noted.repeated ??= { key, line }
  if (noted.characters) return
  for (const value of values.values())
    if (withCharacters(value) !== value) {
      noted.characters = { from: value, line }
      return
    }
}

function choicesOf(file: string, columns: readonly string[], noted: Noted): Choice[] {
  const { records, continued, late, repeated, characters } = noted
  const about = {
    about: 'layout',
    file,
    column: null,
    affectsData: true,
    control: 'Separator',
    option: '--delimiter SIGN, with which each line is a row',
  } as const
  const listed = `${columns.slice(0, 6).join(', ')}${columns.length > 6 ? ', …' : ''}`
  const choices: Choice[] = [
    {
      ...about,
      value: 'a row for each record of lines “key: value”',
      certainty: 'likely',
      evidence: `${formatCounted(records, 'record has', 'records have')} the keys ${listed}, or most of them.`,
      control: 'Separator',
      option: '--delimiter SIGN',
    },
  ]
  if (continued)
    choices.push({
      ...about,
      value: 'lines without a key belong to the value above them',
      certainty: 'guess',
      evidence: `${formatCounted(continued.count, 'line has', 'lines have')} no key, beginning with line ${formatCount(continued.line)}.`,
    })
  if (late)
    choices.push({
      ...about,
      column: late.key,
      value: 'left out',
      certainty: 'guess',
      evidence: `“${late.key}” in line ${formatCount(late.line)} is no column: fewer than two of the first ${formatCount(shapingRecords)} records have it.`,
      affectsData: false,
    })
  if (repeated)
    choices.push({
      ...about,
      column: repeated.key,
      value: 'several values of a key are one list',
      certainty: 'guess',
      evidence: `The record in line ${formatCount(repeated.line)} has “${repeated.key}” more than once.`,
    })
  if (characters)
    choices.push({
      ...about,
      about: 'values',
      value: 'HTML’s names of characters become the characters',
      certainty: 'likely',
      evidence: `The record in line ${formatCount(characters.line)} has “${characters.from.slice(0, 80)}”, which is read as “${withCharacters(characters.from).slice(0, 80)}”.`,
    })
  return choices
}

function settings(name: string, lines: readonly string[]): Error {
  const example = lines.find((line) => line.trim() !== '')?.trim() ?? ''
  return badInput(
    `${name} is not a table: its lines are keys with values, such as “${example.slice(0, 60)}”, but no keys are repeated from record to record.`,
    'Export the data as CSV with one interaction per line, or as records that have the same keys and a blank line between them.',
  )
}

import { readFileSync, statSync } from 'node:fs'
import { badInput } from '../../../shared/errors'
import { formatBytes } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import type { NamedFile } from '../source-file'
import type { Conversion, ConvertedText } from './format'
import { jsonTable } from './json-table'
import { type NamedRole, roleOfName } from '../column-names'
import { nameInteractions } from '../suggest-mapping'
import { itemListOf } from './json-lists'
import { jsonValue } from './json-values'
import { likeliest, tableChoice } from './likeliest-table'
import { isObject, type JsonObject } from './typed-values'

/** A document is parsed as a whole, so it must fit in memory. */
const largestDocument = 256 * 1024 * 1024

/** A table inside a document. */
interface Table {
  /** Its path in the document, or its structure. */
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly JsonObject[]
  readonly evidence: string
  /** Set if the structure determines it; otherwise it depends on the other tables. */
  readonly certainty?: Choice['certainty']
}

/** More keys than rows have columns, fewer than tables have rows. */
const fewestKeys = 2

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isRecords = (value: unknown): value is readonly JsonObject[] =>
  isList(value) && value.length > 0 && value.every(isObject)
const isRows = (value: unknown): value is readonly (readonly unknown[])[] =>
  isList(value) && value.length > 0 && value.every(isList)

/** The names in the first of rows that are lists: it has only texts and the others do not. Null if it is a row like them. */
export function headerOf(rows: readonly (readonly unknown[])[]): readonly string[] | null {
  const [first = [], ...others] = rows
  const isHeader = (row: readonly unknown[]): boolean =>
    row.every((cell) => typeof cell === 'string' && !/^-?\d/.test(cell))
  return others.length > 0 && isHeader(first) && !others.every(isHeader) ? first.map(String) : null
}

/** Names for the columns of rows that have none. */
export const numberedColumns = (rows: readonly (readonly unknown[])[]): readonly string[] =>
  Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, column) => `column${column}`)

/** Rows written as lists. The columns are called `names`, or by the header of the rows if they have one. */
function tableOfRows(name: string, rows: readonly (readonly unknown[])[], names: readonly string[] | null): Table {
  const [, ...others] = rows
  const header = names ?? headerOf(rows)
  const columns = header ?? numberedColumns(rows)
  const body = header !== null && names === null ? others : rows
  return {
    name,
    columns,
    rows: body.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]]))),
    evidence: header
      ? `Rows are lists; the columns are called ${columns.slice(0, 5).join(', ')}.`
      : 'Rows are lists without column names.',
  }
}

/** `{"user": ["a", …], "item": […]}` and `{"user": {"0": "a", …}, …}`, pandas' column-oriented JSON; null for other objects. */
function tableOfColumns(object: JsonObject): Table | null {
  const columns = Object.keys(object)
  const lists = Object.values(object).map((value) =>
    isList(value) ? value : isObject(value) ? Object.values(value) : [],
  )
  const rows = lists[0]?.length ?? 0
  if (columns.length < 2 || rows === 0 || lists.some((list) => list.length !== rows)) return null
  if (lists.some((list) => list.some((value) => typeof value === 'object' && value !== null))) return null
  return {
    name: 'columns',
    columns,
    rows: Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(columns.map((column, at) => [column, lists[at]?.[row]])),
    ),
    evidence: 'The object has the values of each column under the column’s name.',
  }
}

/**
 * Objects or lists by key: records by their number (`{"0": {"user": …}}`, pandas' orient="index"), ratings by user and item
 * (`{"u1": {"a": 5}}`), items by user (`{"u1": ["a", "b"]}`). Null for other objects.
 */
function tableByKey(object: JsonObject, path: string): Table | null {
  const entries = Object.entries(object)
  const nested = tableOfNested(entries, path)
  if (nested) return nested
  if (entries.length < fewestKeys || entries.some(([key]) => roleOfName(key)?.whole)) return null
  const values = entries.map(([, value]) => value)
  const owned = tableByOwner(entries)
  if (owned) return owned
  const isValue = (value: unknown): boolean => value === null || typeof value !== 'object'
  if (values.every(isObject)) {
    const [first] = values
    const keys = Object.keys(first ?? {})
    if (nameInteractions(keys))
      return {
        name: 'records',
        columns: keys,
        rows: values,
        evidence: 'The object has one record under each key; the keys themselves are left out.',
        certainty: 'likely',
      }
    if (!values.every((value) => Object.values(value).every((inner) => typeof inner === 'string' && isNumber(inner))))
      return null
    // A rating and its time are the values of a record, not those of two items.
    if (values.every((value) => Object.keys(value).every((key) => roleOfName(key)?.whole === true))) return null
    return {
      name: 'ratings by user and item',
      columns: ['user', 'item', 'rating'],
      rows: entries.flatMap(([user, items]) =>
        Object.entries(items as JsonObject).map(([item, rating]) => ({ user, item, rating })),
      ),
      evidence: `Under “${entries[0]?.[0] ?? ''}” and every other key are numbers by key: the outer keys were taken for users and the inner ones for items.`,
      certainty: 'guess',
    }
  }
  if (!values.every((value) => isList(value) && value.every(isValue))) return null
  return {
    name: 'items by user',
    columns: ['user', 'item'],
    rows: entries.flatMap(([user, items]) => (items as readonly unknown[]).map((item) => ({ user, item }))),
    evidence: `Under “${entries[0]?.[0] ?? ''}” and every other key is a list: the keys were taken for users and the lists for their items.`,
    certainty: 'guess',
  }
}

/** Records with more fields are rather those of a thing. */
const mostFields = 8

/**
 * Records with the same few fields under the ids of their user and item (`{"u1": {"a": {"rating": 4, "timestamp": …}}, …}`), as databases of trees
 * store them; null for other objects.
 */
function tableOfNested(entries: readonly (readonly [string, unknown])[], path: string): Table | null {
  const records = entries.flatMap(([outer, inner]) =>
    isObject(inner) ? Object.entries(inner).map(([key, record]) => ({ outer, key, record })) : [],
  )
  if (entries.length < fewestKeys || !entries.every(([, inner]) => isObject(inner))) return null
  if (!records.every((one): one is { outer: string; key: string; record: JsonObject } => isObject(one.record)))
    return null
  const fields = [...new Set(records.flatMap(({ record }) => Object.keys(record)))]
  const roles = fields.map((field) => {
    const match = roleOfName(field)
    return match?.whole === true ? match.role : null
  })
  const isValue = roles.some((role) => role === 'rating' || role === 'time' || role === 'count')
  if (!isValue || roles.includes('user') || roles.includes('item') || fields.length > mostFields) return null
  const isPlain = ({ record }: { record: JsonObject }): boolean =>
    Object.values(record).every((value) => value === null || typeof value !== 'object')
  // Keys that occur once below each key and are the same everywhere are the names of parts.
  const keys = new Set(records.map(({ key }) => key))
  if (!records.every(isPlain) || keys.size < 2 || (keys.size * entries.length === records.length && keys.size < 4))
    return null
  return {
    name: path === '' ? 'records by user and item' : path,
    columns: ['user', 'item', ...fields],
    rows: records.map(({ outer, key, record }) => ({ user: outer, item: key, ...record })),
    evidence: `Under “${entries[0]?.[0] ?? ''}” and every other key are records by key, with ${fields.join(', ')}: the outer keys were taken for users and the inner ones for items.`,
    certainty: 'guess',
  }
}

/**
 * Records, or lists of records, under the id of their user or item (`{"u1": [{"item": "a"}], …}`), which the records themselves lack;
 * null for other objects.
 */
function tableByOwner(entries: readonly (readonly [string, unknown])[]): Table | null {
  const records = entries.flatMap(([key, value]) =>
    (isList(value) ? value : [value]).map((record) => ({ key, record })),
  )
  if (!records.every((one): one is { key: string; record: JsonObject } => isObject(one.record))) return null
  const columns = [...new Set(records.flatMap(({ record }) => Object.keys(record)))]
  const says = (role: NamedRole): boolean =>
    columns.some((column) => {
      const match = roleOfName(column)
      return match?.role === role && match.whole
    })
  const list = itemListOf(records.slice(0, 1000).map(({ record }) => record))
  const saysItem = says('item') || list?.identified === true
  if (saysItem === says('user')) return null
  const owner = saysItem ? 'user' : 'item'
  if (columns.includes(owner)) return null
  return {
    name: `records by ${owner}`,
    columns: [owner, ...columns],
    rows: records.map(({ key, record }) => ({ [owner]: key, ...record })),
    evidence: `Under “${entries[0]?.[0] ?? ''}” and every other key are records with ${saysItem ? 'an item but no user' : 'a user but no item'}: the keys were taken for the ${owner}s.`,
    certainty: 'guess',
  }
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))

/** Nested objects are searched for tables down to this depth. */
const deepest = 12

/** All tables of a document at any depth. */
function tablesOf(value: unknown, path = '', depth = 0): Table[] {
  const name = path === '' ? 'the document' : path
  if (isRecords(value))
    return [
      {
        name,
        columns: Object.keys(value[0] ?? {}),
        rows: value,
        evidence: `“${name}” is a list of objects, which was taken for the table.`,
      },
    ]
  if (isRows(value)) return [tableOfRows(name, value, null)]
  if (!isObject(value) || depth > deepest) return []
  if (isRows(value.data) && isList(value.columns)) return [tableOfRows(name, value.data, value.columns.map(String))]
  const byKey = tableByKey(value, path)
  if (byKey) return [byKey]
  const inner = Object.entries(value).flatMap(([key, child]) =>
    tablesOf(child, path === '' ? key : `${path}.${key}`, depth + 1),
  )
  if (inner.length > 0) return inner
  const byColumn = tableOfColumns(value)
  return byColumn ? [byColumn] : []
}

/** Whether an object contains a table instead of being a row. */
export const holdsTable = (object: JsonObject): boolean => tablesOf(object).length > 0

/**
 * A table within one JSON value. A row's line number is its position in the table.
 * @throws StudioError BAD_INPUT for a document that is too large, is not JSON, or has no table
 */
export async function jsonDocumentText(file: NamedFile, conversion: Conversion): Promise<ConvertedText> {
  const { size } = statSync(file.path)
  if (size > largestDocument)
    throw badInput(
      `${file.name} is a single JSON value of ${formatBytes(size)}; at most ${formatBytes(largestDocument)} can be read.`,
      'Export it as JSON lines, one object per line, or as CSV.',
    )
  const value = jsonValue(readFileSync(file.path, 'utf8').replace(/^\ufeff/, ''))
  if (value === undefined)
    throw badInput(
      `${file.name} begins like JSON but is not valid: it is truncated or damaged.`,
      'Export it again, as JSON lines (one object per line) or as CSV.',
    )
  const tables = tablesOf(value)
  if (tables.length === 0)
    throw badInput(
      `No table was recognised in ${file.name}: its JSON contains no list of objects.`,
      'Export it as JSON lines, one object per line, as an array of objects, or as CSV.',
    )
  const chosen = likeliest(tables, conversion, file.name, 'table', ({ rows }) => rows.length)
  const texts = chosen.rows.map((row) => JSON.stringify(row))
  const converted = await jsonTable(file, conversion, () => texts)
  const others = tables.map(({ name }) => name).filter((name) => name !== chosen.name)
  const where: Choice = {
    ...tableChoice(file.name, chosen, tables, 'table', conversion.table !== null, chosen.evidence),
    value: chosen.name,
    ...(chosen.certainty ? { certainty: chosen.certainty } : {}),
    ...(chosen.certainty === 'guess' ? { control: 'User', option: '--user item --item user' } : {}),
  }
  return {
    ...converted,
    dialect: { ...converted.dialect, named: !chosen.columns.every((column) => /^column\d+$/.test(column)) },
    tables: others.length > 0 ? [chosen.name, ...others] : [],
    choices: [where, ...(converted.choices ?? [])],
  }
}

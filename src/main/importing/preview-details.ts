import type { DuckDBConnection } from '@duckdb/node-api'
import type { DetailsPreview, DetailsRequest, IdMatch, ItemColumnMapping, PreviewColumn } from '../../shared/datasets'
import { formatCounted } from '../../shared/format'
import { type ItemsReading, warningsOf } from '../../shared/reading'
import type { Store } from '../store/store'
import { temporaryFolderOf } from '../store/temporary-folders'
import { explainFailure, identifier, isBlank, openTemporaryDatabase, type TemporaryDatabase } from './duckdb'
import { asItems, plainFiles } from './open-table'
import { previewFile } from './preview'
import { inspectFile, type NamedFile } from './source-file'
import { suggestItemMapping } from './suggest-mapping'

/** Number of columns whose values are compared with item ids. */
const mostColumns = 60

/**
 * Previews a file of item details: its first rows, how many items each column identifies, and which columns are probably id,
 * title and genres. Stores nothing.
 * @throws StudioError for a file that cannot be read or is not a table
 */
export async function previewDetails(
  store: Store,
  request: Omit<DetailsRequest, 'file'> & { file: NamedFile },
): Promise<DetailsPreview> {
  inspectFile(request.file)
  const items = store.datasets.items(request.dataset)
  const temporary = await openTemporaryDatabase(temporaryFolderOf(store.library), null)
  try {
    const plain = await plainFiles({ ratings: [], items: request.file }, temporary.folder, null)
    const known = items.map(({ externalId }) => externalId)
    const file = plain.items ?? request.file
    const { found, ids, mapping, warnings } = await lookIntoDetails(temporary, file, request.reading, known)
    const repeated = mapping.item === null ? [] : await repeatedIds(temporary.connection, found.loaded, mapping.item)
    const choices = [...found.choices]
    return {
      file: found.preview,
      ids,
      items: items.length,
      ...mapping,
      choices,
      warnings: [...warningsOf(choices), ...warnings, ...repeated],
    }
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    temporary.close()
  }
}

/** A file's first rows, how many known items each column identifies, and the probable roles of the columns. */
export async function lookIntoDetails(
  temporary: TemporaryDatabase,
  file: NamedFile,
  reading: ItemsReading | undefined,
  known: readonly string[],
) {
  const warnings: string[] = []
  const found = await previewFile(temporary, file, asItems(reading), warnings)
  const columns = found.preview.columns.map(({ name }) => name).slice(0, mostColumns)
  const ids = await idMatches(temporary.connection, found.loaded, columns, known)
  return { found, ids, mapping: suggestDetails(found.preview.columns, found.preview.named, ids), warnings }
}

/** A warning about ids with several rows; none if there are no such ids. */
async function repeatedIds(connection: DuckDBConnection, table: string, column: string): Promise<string[]> {
  const id = identifier(column)
  const result = await connection.runAndReadAll(
    `SELECT ${id}, count(*) OVER () FROM ${table} WHERE NOT ${isBlank(id)}
     GROUP BY ${id} HAVING count(*) > 1 ORDER BY min(rowid) LIMIT 1`,
  )
  const [[example, ids] = []] = result.getRows()
  if (typeof example !== 'string') return []
  return [
    `“${column}”: ${formatCounted(Number(ids), 'id has', 'ids have')} several rows (${example}${Number(ids) > 1 ? ', …' : ''}). The first title of each item is used; genres and attributes are joined.`,
  ]
}

async function idMatches(
  connection: DuckDBConnection,
  table: string,
  columns: readonly string[],
  known: readonly string[],
): Promise<IdMatch[]> {
  await connection.run('CREATE TABLE item_ids (id VARCHAR)')
  const appender = await connection.createAppender('item_ids')
  for (const id of known) {
    appender.appendVarchar(id)
    appender.endRow()
  }
  appender.closeSync()
  const matches: IdMatch[] = []
  for (const column of columns) {
    const value = identifier(column)
    const result = await connection.runAndReadAll(
      `SELECT count(*), count(item_ids.id) FROM (SELECT DISTINCT ${value} AS id FROM ${table} WHERE NOT ${isBlank(value)}) AS ids
       LEFT JOIN item_ids ON ids.id = item_ids.id`,
    )
    const [[different, items] = []] = result.getRows()
    matches.push({ column, different: Number(different), items: Number(items) })
  }
  return matches
}

/** A column with a matching name wins if it identifies at least this share of the items of the best column. */
const nearlyAsGood = 0.9
/** Texts with at least this share of distinct values are titles, not categories. */
const mostlyDifferent = 0.5

/**
 * Whether a column without a telling name certainly contains the item ids: most of its values are items, hardly any value occurs
 * twice, and no other column identifies half as many items. A quantity that happens to equal an id does not qualify.
 */
export function namesItems(column: string, ids: readonly IdMatch[], rows: number): boolean {
  const own = ids.find((match) => match.column === column)
  if (!own || own.items < 2) return false
  const others = Math.max(0, ...ids.filter((match) => match !== own).map(({ items }) => items))
  return 2 * own.items >= own.different && 2 * own.different >= rows && own.items >= 2 * others
}

/** The probable roles of columns: the id by the items that it identifies, the others by their names, or else by their values. */
export function suggestDetails(
  columns: readonly Pick<PreviewColumn, 'name' | 'samples' | 'statistics'>[],
  named: boolean,
  ids: readonly IdMatch[],
): ItemColumnMapping | { item: null; title: null; genres: null } {
  const byName = suggestItemMapping(columns, named)
  const most = Math.max(0, ...ids.map(({ items }) => items))
  const best = ids.filter(({ items }) => items > 0 && items >= nearlyAsGood * most)
  const item =
    best.find(({ column }) => column === byName?.item)?.column ??
    best.toSorted((a, b) => b.items - a.items || a.different - b.different)[0]?.column ??
    byName?.item
  if (item === undefined) return { item: null, title: null, genres: null }
  const { title, genres } = suggestItemMapping(columns, named, item) ?? { title: null, genres: null }
  const texts = columns.filter(({ name, statistics }) => name !== item && statistics?.kind === 'text')
  const lists = texts.find(({ samples }) => samples.filter((value) => value.includes('|')).length * 2 > samples.length)
  const foundGenres = genres ?? lists?.name ?? null
  const titles = texts.find(({ name, statistics }) => {
    if (name === foundGenres || !statistics) return false
    const rows = ids.find(({ column }) => column === item)?.different ?? 0
    return statistics.distinct >= mostlyDifferent * rows
  })
  return { item, title: title ?? titles?.name ?? null, genres: foundGenres }
}

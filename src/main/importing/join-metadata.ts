import type { ItemColumnMapping, MetadataRequest, MetadataResult } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { needlessOptions } from '../../shared/format-options'
import { formatCounted } from '../../shared/format'
import { choiceOfItems, type ItemsReading, type Reading } from '../../shared/reading'
import type { ItemDetails, Store } from '../store/store'
import { temporaryFolderOf } from '../store/temporary-folders'
import { columnOf, type Dialect } from './dialect'
import { explainFailure, openTemporaryDatabase, type TemporaryDatabase } from './duckdb'
import {
  attributesOf,
  detailsByItem,
  detailsChoices,
  genresOf,
  itemColumns,
  joinedValues,
  repeatedChoice,
  valueSeparator,
} from './item-details'
import { count, loadTable } from './load-table'
import { asItems, openTable, plainFiles } from './open-table'
import { lookIntoDetails, namesItems } from './preview-details'
import { checkUnchanged, inspectFile, type NamedFile } from './source-file'
import { suggestItemMapping } from './suggest-mapping'

/** Number of example ids without a match. */
const examples = 5

/**
 * Joins a file with a data set's items: title, genres, and every other column as an attribute. The
 * rows of an item are joined; empty cells keep the current value. Nothing else in the data set changes, and nothing at all if this throws.
 * @throws StudioError BAD_INPUT for a file that is not a table, lacks a column, or matches no item of the data set
 */
export async function joinMetadata(
  store: Store,
  request: Omit<MetadataRequest, 'file'> & { file: NamedFile },
): Promise<MetadataResult> {
  const before = inspectFile(request.file)
  const temporary = await openTemporaryDatabase(temporaryFolderOf(store.library), null)
  try {
    const items = store.datasets.items(request.dataset)
    const known = new Set(items.map(({ externalId }) => externalId))
    const table = await readDetails(temporary, request, [...known])
    const unknown = table.details.filter(({ externalId }) => !known.has(externalId))
    const matched = table.details.length - unknown.length
    if (matched === 0)
      throw badInput(
        `None of the ${formatCounted(table.details.length, 'id')} in column “${table.columns.item}” of ${request.file.name} is an item of “${store.datasets.get(request.dataset).name}”.`,
        `Choose the column of the item ids (--item COLUMN; in the app: Item id), or another file. ${listed(namesOf(table.columns))}`,
      )
    checkUnchanged(request.file, before)
    const { attributes, ...mapping } = table.columns
    store.datasets.describeItems(request.dataset, table.details, [
      ...table.choices.map(choiceOfItems),
      ...detailsChoices(request.file.name, mapping, attributes, table.toldByContent ? 'likely' : 'certain'),
    ])
    const described = new Set(table.details.map(({ externalId }) => externalId))
    const repeated = table.repeated.filter((id) => known.has(id))
    const without = items.filter(({ externalId }) => !described.has(externalId))
    return {
      dataset: request.dataset,
      ...table.columns,
      matched,
      unmatchedItems: without.length,
      unmatchedItemExamples: without.slice(0, examples).map(({ externalId }) => externalId),
      unknownIds: unknown.length,
      unknownIdExamples: unknown.slice(0, examples).map(({ externalId }) => externalId),
      unusableRows: table.unusable,
      repeatedItems: repeated.length,
      repeatedItemExamples: repeated.slice(0, examples),
      toldByContent: table.toldByContent,
      choices: [...table.choices],
    }
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    temporary.close()
  }
}

interface Details {
  readonly details: ItemDetails[]
  /** Ids with several rows. */
  readonly repeated: readonly string[]
  /** Whether the item ids were recognised by their values, not by the column's name. */
  readonly toldByContent: boolean
  readonly columns: Pick<MetadataResult, 'item' | 'title' | 'genres' | 'attributes'>
  readonly unusable: number
  readonly choices: Reading
}

async function readDetails(
  temporary: TemporaryDatabase,
  { file: given, item, title: chosenTitle, genres: chosenGenres, reading }: Parameters<typeof joinMetadata>[1],
  known: readonly string[],
): Promise<Details> {
  const file = (await plainFiles({ ratings: [], items: given }, temporary.folder, null)).items ?? given
  const how = { signal: null, ...asItems(reading) }
  const { path, dialect, lineOf, format, choices } = await openTable(temporary, file, how)
  const needless = needlessOptions({ name: file.name, format }, reading ?? {})
  if (needless !== null) throw badInput(needless, 'Leave that out, or choose another file.')
  const source = { name: file.name, path, bytes: inspectFile(file).bytes, dialect, lineOf }
  if (item !== null) columnOf(dialect, item, file.name)
  const byName = suggestItemMapping(dialect.columns, dialect.named, item)
  const recognised = item === null ? await recognisedDetails(temporary, file, reading, known, byName) : byName
  if (!recognised) throw noItemIds(file.name, dialect)
  const mapping = { ...recognised }
  if (chosenTitle !== undefined) mapping.title = chosenTitle
  if (chosenGenres !== undefined) mapping.genres = chosenGenres
  const { attributes, ...conversion } = itemColumns(source, mapping)
  const loaded = await loadTable(temporary.connection, source, 'item_details', conversion)
  const details: ItemDetails[] = []
  const repeated: string[] = []
  const rows = await temporary.connection.stream(detailsByItem(attributes.length))
  for await (const chunk of rows)
    for (const row of chunk.getRows()) {
      const [id, title, genres, ...others] = row.map((cell) => (typeof cell === 'string' ? cell : ''))
      if (id === undefined) continue
      if (Number(row.at(-1)) > 1) repeated.push(id)
      const called = title?.trim() ?? ''
      details.push({
        externalId: id,
        title: called === '' ? null : called,
        genres: genresOf((genres ?? '').replaceAll(valueSeparator, '|')),
        attributes: attributesOf(attributes, others.map(joinedValues)),
      })
    }
  return {
    details,
    repeated,
    toldByContent: recognised !== byName,
    columns: { item: mapping.item, title: mapping.title, genres: mapping.genres, attributes: [...attributes] },
    choices: [...choices, ...repeatedChoice({ items: { source } }, repeated.length)],
    unusable: loaded.problems + (await count(temporary.connection, `SELECT count(*) FROM ${loaded.errorsTable}`)),
  }
}

/** The roles of the columns, by their names unless the values show that another column has the item ids. Null if no column has them. */
async function recognisedDetails(
  temporary: TemporaryDatabase,
  file: NamedFile,
  reading: ItemsReading | undefined,
  known: readonly string[],
  byName: ItemColumnMapping | null,
): Promise<ItemColumnMapping | null> {
  const { found, ids, mapping } = await lookIntoDetails(temporary, file, reading, known)
  if (mapping.item === null || mapping.item === byName?.item) return byName
  return namesItems(mapping.item, ids, found.preview.examined?.rows ?? 0) ? mapping : byName
}

const noItemIds = (file: string, { columns }: Dialect): Error =>
  badInput(
    `No column of ${file} was recognised as the item ids: neither a name nor the values identify one.`,
    `Choose it with --item COLUMN (in the app: Item id). ${listed(columns.map(({ name }) => name))}`,
  )

const namesOf = ({ item, title, genres, attributes }: Details['columns']): string[] =>
  [item, title, genres, ...attributes].filter((name) => name !== null)

const listed = (columns: readonly string[]): string =>
  `The columns are ${columns
    .slice(0, 12)
    .map((name) => `“${name}”`)
    .join(', ')}${columns.length > 12 ? ', …' : ''}.`

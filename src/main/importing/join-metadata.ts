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

/** Ids that are told as examples of those without a partner. */
const examples = 5

/**
 * Gives the items of a data set what a file says of them: title, genres, and every other column as an attribute. The
 * rows of an item are joined; empty cells leave what was there. Nothing else of the data set changes, and nothing at all where this throws.
 * @throws StudioError BAD_INPUT for a file that is no table, has no such column, or names no item of the data set
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
        `Choose the column that holds the item ids (--item COLUMN), or another file. ${listed(namesOf(table.columns))}`,
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
  /** Whether the columns were told by what they hold, not by their names. */
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
  const named = suggestItemMapping(dialect.columns, dialect.named, item)
  const told = item === null ? await toldDetails(temporary, file, reading, known, named) : named
  if (!told) throw untold(file.name, dialect)
  const mapping = { ...told }
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
    toldByContent: told !== named,
    columns: { item: mapping.item, title: mapping.title, genres: mapping.genres, attributes: [...attributes] },
    choices: [...choices, ...repeatedChoice({ items: { source } }, repeated.length)],
    unusable: loaded.problems + (await count(temporary.connection, `SELECT count(*) FROM ${loaded.errorsTable}`)),
  }
}

/** What the columns are: by their names, unless another column than the one called so is that of the items' ids. Null where none is. */
async function toldDetails(
  temporary: TemporaryDatabase,
  file: NamedFile,
  reading: ItemsReading | undefined,
  known: readonly string[],
  named: ItemColumnMapping | null,
): Promise<ItemColumnMapping | null> {
  const { found, ids, mapping } = await lookIntoDetails(temporary, file, reading, known)
  if (mapping.item === null || mapping.item === named?.item) return named
  return namesItems(mapping.item, ids, found.preview.looked?.rows ?? 0) ? mapping : named
}

const untold = (file: string, { columns }: Dialect): Error =>
  badInput(
    `It cannot be told which column of ${file} holds the item ids: no column is called so, and none names the items of the data set and no others.`,
    `Name it with --item COLUMN. ${listed(columns.map(({ name }) => name))}`,
  )

const namesOf = ({ item, title, genres, attributes }: Details['columns']): string[] =>
  [item, title, genres, ...attributes].filter((name) => name !== null)

const listed = (columns: readonly string[]): string =>
  `The columns are ${columns
    .slice(0, 12)
    .map((name) => `“${name}”`)
    .join(', ')}${columns.length > 12 ? ', …' : ''}.`

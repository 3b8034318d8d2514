import type { MetadataRequest, MetadataResult } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { Reading } from '../../shared/reading'
import type { ItemDetails, Store } from '../store/store'
import { scratchOf } from '../store/temporary-folders'
import { columnOf } from './dialect'
import { explainFailure, openScratch, type Scratch } from './duckdb'
import {
  attributesOf,
  detailsByItem,
  genresOf,
  itemColumns,
  joinedValues,
  repeatedChoice,
  valueSeparator,
} from './item-details'
import { count, loadTable } from './load-table'
import { asItems, openTable, plainFiles } from './open-table'
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
  const scratch = await openScratch(scratchOf(store.library), null)
  try {
    const table = await readDetails(scratch, request)
    const items = store.datasets.items(request.dataset)
    const known = new Set(items.map(({ externalId }) => externalId))
    const unknown = table.details.filter(({ externalId }) => !known.has(externalId))
    const matched = table.details.length - unknown.length
    if (matched === 0)
      throw badInput(
        `None of the ${formatCounted(table.details.length, 'id')} in column “${table.columns.item}” of ${request.file.name} is an item of “${store.datasets.get(request.dataset).name}”.`,
        'Choose the column that holds the item ids, or another file.',
      )
    checkUnchanged(request.file, before)
    store.datasets.describeItems(request.dataset, table.details)
    const described = new Set(table.details.map(({ externalId }) => externalId))
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
      repeatedItems: table.repeated,
      choices: [...table.choices],
    }
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    scratch.close()
  }
}

interface Details {
  readonly details: ItemDetails[]
  /** Items with several rows. */
  readonly repeated: number
  readonly columns: Pick<MetadataResult, 'item' | 'title' | 'genres' | 'attributes'>
  readonly unusable: number
  readonly choices: Reading
}

async function readDetails(
  scratch: Scratch,
  { file: given, item, title: chosenTitle, genres: chosenGenres, reading }: Parameters<typeof joinMetadata>[1],
): Promise<Details> {
  const file = (await plainFiles({ ratings: [], items: given }, scratch.folder, null)).items ?? given
  const { path, dialect, lineOf, choices } = await openTable(scratch, file, { signal: null, ...asItems(reading) })
  const source = { name: file.name, path, bytes: inspectFile(file).bytes, dialect, lineOf }
  if (item !== null) columnOf(dialect, item, file.name)
  const suggested = suggestItemMapping(dialect.columns, dialect.named, item)
  if (!suggested)
    throw badInput(`It cannot be told which column of ${file.name} holds the item id.`, 'Name its item id column.')
  const mapping = { ...suggested }
  if (chosenTitle !== undefined) mapping.title = chosenTitle
  if (chosenGenres !== undefined) mapping.genres = chosenGenres
  const { attributes, ...casting } = itemColumns(source, mapping)
  const loaded = await loadTable(scratch.connection, source, 'item_details', casting)
  const details: ItemDetails[] = []
  let repeated = 0
  const rows = await scratch.connection.stream(detailsByItem(attributes.length))
  for await (const chunk of rows)
    for (const row of chunk.getRows()) {
      const [id, title, genres, ...others] = row.map((cell) => (typeof cell === 'string' ? cell : ''))
      if (id === undefined) continue
      if (Number(row.at(-1)) > 1) repeated++
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
    columns: { item: mapping.item, title: mapping.title, genres: mapping.genres, attributes: [...attributes] },
    choices: [...choices, ...repeatedChoice({ items: { source } }, repeated)],
    unusable: loaded.problems + (await count(scratch.connection, `SELECT count(*) FROM ${loaded.errorsTable}`)),
  }
}

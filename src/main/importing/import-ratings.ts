import { join } from 'node:path'
import type { ColumnMapping, ImportResult, ItemColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { JobContext } from '../numeric/job-context'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import { detectDialect } from './dialect'
import { explainFailure, openScratch, type Scratch } from './duckdb'
import { interactionColumns } from './interactions'
import { itemColumns } from './item-details'
import { type LoadedFile, loadTable, type Source } from './load-table'
import { plainText, textForm } from './plain-text'
import { checkUnchanged, inspectFile, type NamedFile } from './source-file'
import { suggestItemMapping } from './suggest-mapping'
import { type Loaded, writeDataset } from './write-dataset'

export interface ImportRatingsRequest {
  readonly name: string
  readonly ratings: readonly NamedFile[]
  readonly items: NamedFile | null
  readonly mapping: ColumnMapping
  /** Guessed from the columns where it is null and there is an items file. */
  readonly itemMapping: ItemColumnMapping | null
}

/**
 * Imports ratings files (all of one shape) and an items file into a new data set of the library. Reading, sorting and
 * grouping are DuckDB's; rows that cannot be used are kept as rejected rows with line and reason; nothing is visible before
 * everything is there, and nothing remains of an import that fails or is cancelled.
 * @param open who writes the data set down: for a new version, what knows the one before it
 * @throws StudioError with the cause and what to do, see Bad input in the tests
 */
export async function importRatings(
  store: Store,
  request: ImportRatingsRequest,
  context: JobContext,
  open: (dataset: NewDataset) => DatasetWriter = (dataset) => store.datasets.write(dataset),
): Promise<ImportResult> {
  const began = performance.now()
  const files = [...request.ratings, ...(request.items ? [request.items] : [])]
  const before = files.map((file) => ({ file, state: inspectFile(file) }))
  const checkSources = (): void => {
    for (const { file, state } of before) checkUnchanged(file, state)
  }
  let writer: DatasetWriter | null = null
  let scratch: Scratch | null = null
  try {
    scratch = await openScratch(join(store.library, 'scratch'), context.signal)
    const loaded = await load(scratch, request, context)
    checkSources()
    writer = open({
      name: request.name,
      source: files.map(({ name }) => name),
      importSettings: { mapping: request.mapping, itemMapping: request.itemMapping, duplicates: 'keep last' },
    })
    const written = await writeDataset(scratch.connection, writer, loaded, request.mapping, context)
    checkSources()
    context.signal.throwIfAborted()
    const { rejected, duplicates, unmatchedItems } = written
    const dataset = writer.finish({ rejected, duplicates })
    return {
      dataset: dataset.id,
      users: dataset.users,
      items: dataset.items,
      interactions: dataset.interactions,
      rejected,
      duplicates,
      unmatchedItems,
      seconds: (performance.now() - began) / 1000,
    }
  } catch (error) {
    writer?.abandon()
    if (!context.signal.aborted) checkSources()
    throw explainFailure(error, context.signal)
  } finally {
    scratch?.close()
  }
}

async function load(scratch: Scratch, request: ImportRatingsRequest, context: JobContext): Promise<Loaded> {
  const { connection } = scratch
  const ratings: LoadedFile[] = []
  const items = request.items && (await sourceOf(scratch, request.items, context))
  for (const file of request.ratings) {
    const source = await sourceOf(scratch, file, context)
    const { columns, problem } = interactionColumns(source, request.mapping)
    ratings.push(
      await withProgress(scratch, source, context, () =>
        loadTable(connection, source, `ratings_${ratings.length}`, columns, problem),
      ),
    )
  }
  if (!items) return { ratings, items: null }
  const mapping = request.itemMapping ?? suggestItemMapping(items.dialect.columns, items.dialect.header)
  if (!mapping)
    throw badInput(`It cannot be told which column of ${items.name} holds the item id.`, 'Choose its item id column.')
  const { columns, problem } = itemColumns(items, mapping)
  return { ratings, items: await loadTable(connection, items, 'item_details', columns, problem) }
}

async function sourceOf(scratch: Scratch, file: NamedFile, context: JobContext): Promise<Source> {
  const { bytes } = inspectFile(file)
  context.progress({ stage: `Checking ${file.name}`, done: 0, total: bytes, unit: 'bytes' })
  const form = await textForm(file, context.signal)
  const path = await plainText(file, form, scratch.folder, context.signal)
  return { name: file.name, path, bytes, dialect: await detectDialect(scratch, path, file.name) }
}

/** Reports how much of the file DuckDB has read, while it does. */
async function withProgress<T>(
  scratch: Scratch,
  source: Source,
  context: JobContext,
  work: () => Promise<T>,
): Promise<T> {
  const report = (share: number): void =>
    context.progress({
      stage: `Reading ${source.name}`,
      done: Math.round(source.bytes * share),
      total: source.bytes,
      unit: 'bytes',
    })
  report(0)
  const timer = setInterval(() => report(Math.min(1, Math.max(0, scratch.connection.progress.percentage / 100))), 100)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

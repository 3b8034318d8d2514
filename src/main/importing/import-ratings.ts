import type {
  ColumnMapping,
  DuplicatePolicy,
  ImportResult,
  ItemColumnMapping,
  RejectLimit,
} from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { Reading } from '../../shared/reading'
import type { JobContext } from '../numeric/job-context'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import { scratchOf } from '../store/temporary-folders'
import { columnForms } from './column-forms'
import { columnOf } from './dialect'
import { explainFailure, openScratch, type Scratch } from './duckdb'
import { interactionColumns } from './interactions'
import { itemColumns } from './item-details'
import { type LoadedFile, loadTable, type Source } from './load-table'
import { openTable, plainFiles } from './open-table'
import { refuseHopeless } from './hopeless'
import { refuseBeyondLimit } from './reject-limit'
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
  /** Which of several interactions of the same user and item is kept; the last one where nothing is said. */
  readonly duplicates?: DuplicatePolicy | undefined
  /** More rejected rows than this stop the import. */
  readonly maxRejects?: RejectLimit | null | undefined
  /** Table of a database, sheet of a workbook; the likeliest where nothing is said. */
  readonly part?: string | null | undefined
  /** How the files of ratings are written, where it is not as detected. */
  readonly reading?: Reading | undefined
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
  const policy = request.duplicates ?? 'last'
  let writer: DatasetWriter | null = null
  let scratch: Scratch | null = null
  try {
    scratch = await openScratch(scratchOf(store.library), context.signal)
    const loaded = await load(scratch, request, context)
    checkSources()
    writer = open({
      name: request.name,
      source: files.map(({ name }) => name),
      importSettings: {
        mapping: request.mapping,
        itemMapping: request.itemMapping,
        duplicates: policy,
        reading: request.reading ?? {},
      },
    })
    const written = await writeDataset(
      scratch.connection,
      writer,
      loaded,
      { mapping: request.mapping, policy },
      context,
    )
    checkSources()
    context.signal.throwIfAborted()
    const { rejected, duplicates, leftOut, unmatchedItems, repeatedItems } = written
    const dataset = writer.finish({ rejected, duplicates })
    return {
      dataset: dataset.id,
      users: dataset.users,
      items: dataset.items,
      interactions: dataset.interactions,
      rejected,
      duplicates,
      leftOut,
      unmatchedItems,
      repeatedItems,
      seconds: (performance.now() - began) / 1000,
      peakBytes: process.resourceUsage().maxRSS * 1024,
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
  const { mapping, reading = {}, duplicates: policy = 'last' } = request
  for (const file of request.ratings) {
    const { bytes } = inspectFile(file)
    context.progress({ stage: `Checking ${file.name}`, done: 0, total: bytes, unit: 'bytes' })
  }
  const files = await plainFiles(request, scratch.folder, context.signal, reading.roles)
  const ratings: LoadedFile[] = []
  const items = files.items && (await sourceOf(scratch, files.items, context, { reading: { layout: 'list' } }))
  for (const file of files.ratings) {
    const source = await sourceOf(scratch, file, context, { part: request.part ?? null, reading })
    for (const column of [mapping.user, mapping.item]) columnOf(source.dialect, column, source.name)
    const forms = await columnForms(connection, source, mapping, { reading, policy })
    const casting = interactionColumns(source, mapping, forms)
    await refuseHopeless(connection, source, casting)
    ratings.push(
      await withProgress(scratch, source, context, () =>
        loadTable(connection, source, `ratings_${ratings.length}`, casting),
      ),
    )
    if (request.maxRejects) await refuseBeyondLimit(connection, ratings, request.maxRejects, false)
  }
  if (request.maxRejects) await refuseBeyondLimit(connection, ratings, request.maxRejects, true)
  if (!items) return { ratings, items: null, attributes: [] }
  const itemMapping = request.itemMapping ?? suggestItemMapping(items.dialect.columns, items.dialect.named)
  if (!itemMapping)
    throw badInput(`It cannot be told which column of ${items.name} holds the item id.`, 'Choose its item id column.')
  const { attributes, ...casting } = itemColumns(items, itemMapping)
  return { ratings, items: await loadTable(connection, items, 'item_details', casting), attributes }
}

async function sourceOf(
  scratch: Scratch,
  file: NamedFile,
  context: JobContext,
  how: { part?: string | null; reading?: Reading },
): Promise<Source> {
  const { bytes } = inspectFile(file)
  context.progress({ stage: `Checking ${file.name}`, done: 0, total: bytes, unit: 'bytes' })
  const { path, dialect, lineOf } = await openTable(scratch, file, { signal: context.signal, ...how })
  return { name: file.name, path, bytes, dialect, lineOf }
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

import type { DuckDBConnection } from '@duckdb/node-api'
import {
  type ColumnMapping,
  type DuplicatePolicy,
  type ImportResult,
  type ItemColumnMapping,
  type RejectLimit,
  usualDuplicates,
} from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import { fileChoices } from '../../shared/file-choices'
import { type Choice, choiceOfItems, type Reading, type ReadingOverrides } from '../../shared/reading'
import type { JobContext } from '../numeric/job-context'
import { peakMemory } from '../numeric/peak-memory'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import { temporaryFolderOf } from '../store/temporary-folders'
import { asVersionBefore, type ReadBefore } from '../../shared/kept-reading'
import { columnChoices } from './column-choices'
import { droppedChoices } from './dropped-users'
import { leftOutProblem } from './interaction-value'
import { explainFailure, openTemporaryDatabase, type TemporaryDatabase } from './duckdb'
import { interactionColumns, isValueProblem } from './interactions'
import { refuseSwapped, unlikeIds } from './ids-of-version'
import { detailsChoices, itemColumns, repeatedChoice } from './item-details'
import { scaleOfVersion, scalesOfFiles } from './rating-scales'
import { readTitles } from './item-titles'
import { dropTable, type LoadedFile, loadTable, type Source } from './load-table'
import { isReadAsMatrix } from './matrix-text'
import { namesOfFirst } from './names-of-first'
import { newestFirstChoices } from './newest-first'
import { asItems, type OpenOptions, openTable, plainFiles } from './open-table'
import { repeatedCounts } from './repeated-counts'
import { requireColumns } from './required-columns'
import { requireUsableRows } from './usable-rows'
import { refuseBeyondLimit } from './reject-limit'
import { countProblems, rejectedChoice } from './rejected-share'
import { checkUnchanged, inspectFile, type NamedFile } from './source-file'
import { secondHeaderChoices } from './second-header'
import { suggestItemMappingBeside } from './suggest-mapping'
import { garbledChoices } from './values/garbled-text'
import { confirmed, type ValueForms, valueForms } from './values/value-forms'
import { unratedChoices } from './unrated-rows'
import { futureChoices, undatedChoices } from './undated-rows'
import { type Loaded, numberIds, repeatedItems, writeDataset } from './write-dataset'

export interface ImportRatingsRequest {
  readonly name: string
  readonly ratings: readonly NamedFile[]
  readonly items: NamedFile | null
  /** Tables whose columns are added to the rows of the ratings. */
  readonly joined?: readonly NamedFile[] | undefined
  readonly mapping: ColumnMapping
  /** If null and there is an items file, it is recognised by the column names. */
  readonly itemMapping: ItemColumnMapping | null
  /** Which of several interactions of the same user and item is kept; by default `usualDuplicates`, as a guess. */
  readonly duplicates?: DuplicatePolicy | undefined
  /** More rejected rows than this stop the import. */
  readonly maxRejects?: RejectLimit | null | undefined
  /** Table of a database or sheet of a workbook; the likeliest by default. */
  readonly table?: string | null | undefined
  /** The user's choices about the format of the files; the rest is detected. */
  readonly reading?: ReadingOverrides | undefined
  /** How the previous version was read, for a new version. */
  readonly before?: ReadBefore | null | undefined
  /** The preview's choices about columns, stored with those that the import makes itself. */
  readonly choices?: Reading | undefined
}

export interface Storing {
  /** The version to which the interactions are added; ids are compared with it. */
  readonly addedTo?: DatasetId
  readonly open?: (dataset: NewDataset) => DatasetWriter
  /** Runs the last step, which makes the data set visible, in one transaction with whatever else the caller stores. */
  readonly commit?: (last: () => ImportResult) => ImportResult
}

/**
 * Imports ratings files (all of one shape) and an items file into a new data set of the library. Reading, sorting and
 * grouping are DuckDB's; unusable rows are stored as rejected rows with line and reason. Nothing is visible until
 * everything is stored, and nothing remains of an import that fails or is cancelled.
 * @param storing where the data set is written (for a new version, a writer that knows the previous one), and the transaction of its last step
 * @throws StudioError with the cause and the next step, see "Bad input" in the tests
 */
export async function importRatings(
  store: Store,
  request: ImportRatingsRequest,
  context: JobContext,
  storing: Storing = {},
): Promise<ImportResult> {
  const began = performance.now()
  const files = [...request.ratings, ...(request.items ? [request.items] : []), ...(request.joined ?? [])]
  const before = files.map((file) => ({ file, state: inspectFile(file) }))
  const checkSources = (): void => {
    for (const { file, state } of before) checkUnchanged(file, state)
  }
  const policy = policyOf(request)
  let writer: DatasetWriter | null = null
  let temporary: TemporaryDatabase | null = null
  try {
    temporary = await openTemporaryDatabase(temporaryFolderOf(store.library), context.signal)
    const loaded = await load(temporary, request, context)
    checkSources()
    const settings = {
      mapping: request.mapping,
      policy,
      joinIds: request.reading?.joinIds ?? false,
      missingTimes: request.reading?.missingTimes ?? 'reject',
    }
    const ids = await numberIds(temporary.connection, loaded, settings, context)
    if (storing.addedTo !== undefined)
      await refuseSwapped(temporary.connection, store, storing.addedTo, request.mapping)
    const repeated = await repeatedItems(loaded, temporary.connection)
    const { connection } = temporary
    const titles = await readTitles(connection, loaded, request.mapping, ids.joinedItems, context)
    const made = [...loaded.choices, ...ids.choices, ...titles, ...repeatedChoice(loaded, repeated)]
    const read = request.before ? asVersionBefore(made, request.before, request.reading ?? {}) : made
    // These choices are about the files themselves, however the previous version was read.
    const unlike =
      storing.addedTo === undefined
        ? []
        : [
            ...(await unlikeIds(connection, store, storing.addedTo, request.mapping)),
            ...(policy === 'count'
              ? []
              : await scaleOfVersion(connection, loaded.ratings, store, storing.addedTo, request.mapping)),
          ]
    const problems = await countProblems(connection, loaded.ratings)
    const repeats = await repeatedCounts(connection, request, policy)
    const choices = [...read, ...unlike, ...repeats, ...rejectedChoice(problems, loaded.ratings)]
    const open = storing.open ?? ((dataset: NewDataset) => store.datasets.write(dataset))
    const commit = storing.commit ?? ((last: () => ImportResult) => store.transaction(last))
    const opened = open({
      name: request.name,
      source: files.map(({ name }) => name),
      importSettings: {
        mapping: request.mapping,
        itemMapping: request.itemMapping,
        duplicates: policy,
        reading: request.reading ?? {},
        table: request.table ?? null,
        choices,
      },
    })
    writer = opened
    const written = await writeDataset(temporary.connection, opened, loaded, settings, context)
    checkSources()
    context.signal.throwIfAborted()
    opened.countItems?.()
    const { rejected, duplicates, leftOut, unmatchedItems } = written
    return commit(() => {
      const dataset = opened.finish({ rejected, duplicates })
      return {
        dataset: dataset.id,
        users: dataset.users,
        items: dataset.items,
        interactions: dataset.interactions,
        rejected,
        rejectedByReason: [...problems.reasons],
        duplicates,
        leftOut,
        unmatchedItems,
        repeatedItems: repeated,
        choices,
        seconds: (performance.now() - began) / 1000,
        peakBytes: peakMemory(),
      }
    })
  } catch (error) {
    writer?.abandon()
    if (!context.signal.aborted) checkSources()
    throw explainFailure(error, context.signal)
  } finally {
    temporary?.close()
  }
}

const policyOf = ({ duplicates, mapping }: ImportRatingsRequest): DuplicatePolicy =>
  duplicates ?? usualDuplicates(mapping)

async function load(
  temporary: TemporaryDatabase,
  request: ImportRatingsRequest,
  context: JobContext,
): Promise<Loaded & { choices: Reading }> {
  const { connection } = temporary
  const { mapping, reading = {} } = request
  const policy = policyOf(request)
  for (const file of request.ratings) {
    const { bytes } = inspectFile(file)
    context.progress({ stage: `Checking ${file.name}`, done: 0, total: bytes, unit: 'bytes' })
  }
  const files = await plainFiles(request, temporary.folder, context.signal, reading.roles)
  // The caller has already sorted the files of a folder.
  const ofFiles = (request.choices ?? []).filter(({ about }) => about === 'files')
  const choices: Choice[] = ofFiles.length > 0 ? ofFiles : fileChoices(files.files)
  const items = files.items && (await sourceOf(temporary, files.items, context, asItems(reading.items)))
  const sources: Source[] = []
  for (const file of files.ratings) {
    const opened = await sourceOf(temporary, file, context, {
      table: request.table ?? null,
      reading,
      joined: files.joined,
      lists: [mapping.user, mapping.item],
      isOneOfSeveral: files.ratings.length > 1,
    })
    choices.push(...opened.choices)
    const following = sources[0] ? namesOfFirst(sources[0], opened) : null
    if (following) choices.push(following.choice)
    const source = following ? { ...opened, dialect: following.dialect } : opened
    sources.push(source)
  }
  requireColumns(sources, mapping)
  const loadAll = async (forms: ValueForms): Promise<LoadedFile[]> => {
    const loaded: LoadedFile[] = []
    for (const source of sources) {
      const conversion = interactionColumns(source, mapping, forms, policy, reading)
      await requireUsableRows(connection, source, conversion)
      loaded.push(
        await withProgress(temporary, source, context, () =>
          loadTable(connection, source, `ratings_${loaded.length}`, conversion),
        ),
      )
      if (request.maxRejects) await refuseBeyondLimit(connection, loaded, request.maxRejects, false)
    }
    return loaded
  }
  const { ratings, forms, choices: values } = await loadAsWritten(connection, sources, mapping, reading, loadAll)
  if (request.maxRejects) await refuseBeyondLimit(connection, ratings, request.maxRejects, true)
  const fine = forms.time?.fine ?? false
  const tables = ratings.map(({ table }) => table)
  choices.push(
    ...columnChoices(mapping, request.choices ?? []),
    ...values,
    ...(await undatedChoices(connection, tables, mapping, reading.missingTimes ?? 'reject')),
    ...(mapping.rating === null || policy === 'count' || forms.rating.words.size > 0 || isReadAsMatrix(choices)
      ? []
      : await unratedChoices(connection, tables, mapping.rating, reading.notRated)),
    ...(mapping.rating === null || policy === 'count' ? [] : await scalesOfFiles(connection, ratings, mapping.rating)),
    ...(await futureChoices(connection, tables, mapping.time)),
    ...(await newestFirstChoices(connection, ratings, mapping.time)),
    ...(await secondHeaderChoices(connection, tables, mapping)),
    ...(await droppedChoices(
      connection,
      tables.map((table) => `SELECT "user" AS id FROM ${table} WHERE problem = ${leftOutProblem}`).join(' UNION ALL '),
      mapping.user,
      reading.dropUsers ?? [],
    )),
  )
  if (!items) return { ratings, fine, items: null, attributes: [], choices }
  choices.push(...items.choices.map(choiceOfItems))
  const itemMapping =
    request.itemMapping ?? suggestItemMappingBeside(mapping.item, items.dialect.columns, items.dialect.named)
  if (!itemMapping)
    throw badInput(
      `No column of ${items.name} was recognised as the item id.`,
      'Choose it (--items-item COLUMN; in the app: Item id).',
    )
  const { attributes, ...conversion } = itemColumns(items, itemMapping)
  choices.push(...detailsChoices(items.name, itemMapping, attributes, request.itemMapping ? 'certain' : 'likely'))
  const details = await loadTable(connection, items, 'item_details', conversion)
  if (itemMapping.title !== null)
    choices.push(
      ...(await garbledChoices(
        connection,
        'SELECT DISTINCT title AS text FROM item_details WHERE problem = 0 AND title IS NOT NULL',
        { column: itemMapping.title, control: 'Title', what: 'titles' },
      )),
    )
  return { ratings, fine, items: details, attributes, choices }
}

/** Loads the files in the formats of their first rows, and again if not all rows have these formats. */
async function loadAsWritten(
  connection: DuckDBConnection,
  sources: readonly Source[],
  mapping: ColumnMapping,
  reading: ReadingOverrides,
  loadAll: (forms: ValueForms) => Promise<LoadedFile[]>,
): Promise<{ ratings: LoadedFile[]; forms: ValueForms; choices: Reading }> {
  const first = await valueForms(connection, sources, mapping, reading)
  const ratings = await loadAll(first.forms)
  if (!first.supposed) return { ratings, forms: first.forms, choices: [...first.choices] }
  const choices = await confirmed(connection, ratings, mapping, first.supposed, isValueProblem)
  if (choices) return { ratings, forms: first.forms, choices: [...choices] }
  const all = await valueForms(connection, sources, mapping, reading, { thorough: true })
  for (const file of ratings) await dropTable(connection, file)
  return { ratings: await loadAll(all.forms), forms: all.forms, choices: [...all.choices] }
}

async function sourceOf(
  temporary: TemporaryDatabase,
  file: NamedFile,
  context: JobContext,
  how: Omit<OpenOptions, 'signal' | 'limit'>,
): Promise<Source & { choices: readonly Choice[] }> {
  const { bytes } = inspectFile(file)
  context.progress({ stage: `Checking ${file.name}`, done: 0, total: bytes, unit: 'bytes' })
  const opened = await openTable(temporary, file, { signal: context.signal, ...how })
  const { path, dialect, format, choices, lineOf } = opened
  return { name: file.name, inside: file.inside, path, bytes, dialect, format, choices, lineOf }
}

/** Reports progress while DuckDB reads a file. */
async function withProgress<T>(
  temporary: TemporaryDatabase,
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
  const timer = setInterval(() => report(Math.min(1, Math.max(0, temporary.connection.progress.percentage / 100))), 100)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

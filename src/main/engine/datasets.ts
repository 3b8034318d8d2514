import { join } from 'node:path'
import { z } from 'zod'
import {
  datasetProfile,
  detailsPreview,
  importPreview,
  metadataResult,
  type DetailsPreview,
  type DetailsRequest,
  type ImportPreview,
  type ImportRequest,
  type MetadataRequest,
  type MetadataResult,
  type PreviewRequest,
} from '../../shared/datasets'
import { foundFile, type FoundFile, type SortFilesRequest } from '../../shared/found-files'
import { unknownExamples } from '../../shared/exports'
import type { FileHandle, JobId } from '../../shared/ids'
import { asVersionBefore } from '../../shared/kept-reading'
import { unusedBefore } from '../../shared/unused-roles'
import { warningsOf } from '../../shared/reading'
import { type ForecastRequest, importForecast, type ImportForecast } from '../../shared/import-forecast'
import { refuseMixedCounts } from '../datasets/append'
import { askOnce } from '../jobs/answering-worker'
import type { NamedFile } from '../jobs/specification'
import { nameTaken } from '../store/naming'
import { removeDeadFolders, temporaryFolderOf } from '../store/temporary-folders'
import type { EngineContext } from './context'
import { datasetDependents, deleteDataset, refuseWhileInUse } from './deleting'
import { procedures } from './procedures'

const os = procedures.datasets
/** Timeout for reading the beginning of files, in milliseconds. */
const previewPatience = 60_000
/** Timeout for reading a large part of big files, in milliseconds. */
const forecastPatience = 300_000
/** Timeout for reading an items file, in milliseconds. */
const metadataPatience = 300_000
/** Timeout for reading all of a large data set, in milliseconds. */
const profilePatience = 300_000

type GivenFiles = Pick<ImportRequest, 'ratings' | 'items' | 'joined'>

const handlesOf = ({ ratings, items, joined = [] }: GivenFiles): FileHandle[] => [
  ...ratings,
  ...joined,
  ...(items === null ? [] : [items]),
]

/** The files by their roles, in the order of `handlesOf`. */
function asGiven({ ratings, items, joined = [] }: GivenFiles, files: readonly NamedFile[]) {
  const [first, second] = [ratings.length, ratings.length + joined.length]
  return {
    ratings: files.slice(0, first),
    joined: files.slice(first, second),
    items: items === null ? null : (files[second] ?? null),
  }
}

function submitImport({ store, queue, uploads }: EngineContext, request: ImportRequest): JobId {
  const target = request.into && store.datasets.get(request.into.dataset)
  if (!target && store.datasets.findByName(request.name)) throw nameTaken('data set', request.name)
  // Checked before hours of reading, not after.
  if (target && request.into?.how === 'append' && request.duplicates)
    refuseMixedCounts(target.name, store.datasets.duplicatePolicy(target.id), request.duplicates)
  const files = uploads.take(handlesOf(request))
  try {
    // The engine releases the files when the job has ended.
    const job = queue.submit(() => {
      // It may have been deleted meanwhile.
      if (target) store.datasets.get(target.id)
      return {
        label: target ? `Importing a new version of ${target.name}` : `Importing ${request.name}`,
        ...(target ? { dataset: target.id } : {}),
        specification: {
          ...request,
          name: target?.name ?? request.name,
          kind: 'import',
          ...asGiven(request, files),
        },
      }
    })
    return job.id
  } catch (error) {
    void uploads.release(files.map(({ path }) => path))
    throw error
  }
}

async function joinMetadata(context: EngineContext, request: MetadataRequest): Promise<MetadataResult> {
  const { dataset, file } = request
  const { workers, serving, store, uploads } = context
  const { name, series } = store.datasets.get(dataset)
  const versions = store.datasets.list().flatMap((version) => (version.series === series ? [version.id] : []))
  // Otherwise an import that appends to it would have to start again.
  refuseWhileInUse(
    context,
    `The data set “${name}”`,
    (job) => job.kind === 'import' && job.dataset !== null && versions.includes(job.dataset),
  )
  const answer = await uploads.reading([file], ([named]) =>
    askOnce(
      workers,
      { kind: 'probe' },
      { ...request, kind: 'metadata', file: named! },
      metadataPatience,
      'Joining the item metadata',
    ),
  )
  // After a failure the file stays, so that it can be joined with other columns.
  await uploads.discard(file)
  // A loaded model still has the old titles.
  for (const run of store.runs.list(dataset)) await serving.release(run.id)
  return metadataResult.parse(answer)
}

function previewDetails(
  { workers, store, uploads }: EngineContext,
  request: DetailsRequest,
  signal: AbortSignal | undefined,
): Promise<DetailsPreview> {
  store.datasets.get(request.dataset)
  return uploads.reading([request.file], async ([named]) => {
    const question = { ...request, kind: 'preview-details' as const, file: named! }
    return detailsPreview.parse(
      await askOnce(workers, { kind: 'probe' }, question, metadataPatience, 'Reading the file', signal),
    )
  })
}

async function sortFiles(
  { workers }: EngineContext,
  request: SortFilesRequest,
  signal: AbortSignal | undefined,
): Promise<FoundFile[]> {
  const question = { ...request, kind: 'sort-files' as const }
  return z
    .array(foundFile)
    .parse(
      await askOnce(
        workers,
        { kind: 'probe' },
        question,
        previewPatience,
        'Looking at the beginnings of the files',
        signal,
      ),
    )
}

function preview(
  { workers, store, uploads }: EngineContext,
  request: PreviewRequest,
  signal: AbortSignal | undefined,
): Promise<ImportPreview> {
  const { table, reading, columns } = request
  return uploads.reading(handlesOf(request), async (files) => {
    const before = request.into == null ? null : store.datasets.detail(request.into)
    const unused = before?.importedAs && unusedBefore(before.version, before.importedAs.mapping, columns)
    const question = {
      kind: 'preview' as const,
      ...asGiven(request, files),
      table,
      reading,
      columns,
      ...(unused && unused.roles.length > 0 ? { unused } : {}),
    }
    const answer = importPreview.parse(
      await askOnce(workers, { kind: 'probe' }, question, previewPatience, 'Reading the files', signal),
    )
    if (!before?.importedAs) return answer
    const choices = asVersionBefore(answer.choices, { ...before.importedAs, version: before.version }, reading ?? {})
    const reworded = new Map(
      warningsOf(answer.choices).map((warning, at) => [warning, warningsOf(choices)[at] ?? warning]),
    )
    return { ...answer, choices, warnings: answer.warnings.map((warning) => reworded.get(warning) ?? warning) }
  })
}

async function forecast(
  { workers, uploads }: EngineContext,
  request: ForecastRequest,
  signal: AbortSignal | undefined,
): Promise<ImportForecast> {
  try {
    return await uploads.reading(handlesOf({ ...request, items: null }), async (files) => {
      const { ratings, joined } = asGiven({ ...request, items: null }, files)
      const question = { ...request, kind: 'forecast' as const, ratings, joined }
      return importForecast.parse(
        await askOnce(workers, { kind: 'probe' }, question, forecastPatience, 'Examining the files', signal),
      )
    })
  } finally {
    // Removes files that an aborted worker unpacked.
    if (signal?.aborted) removeDeadFolders(temporaryFolderOf(workers.library))
  }
}

const sampleName = 'MovieLens latest-small'

function freeName({ store }: EngineContext, name: string): string {
  let free = name
  for (let n = 2; store.datasets.findByName(free); n++) free = `${name} (${n})`
  return free
}

/** Copies a bundled file like an upload, because in the packaged app it is in an archive that DuckDB cannot read. */
const takeSample = ({ uploads, workers }: EngineContext, file: string): Promise<FileHandle> =>
  uploads.copy(join(workers.appRoot, 'resources', 'sample', 'ml-latest-small', file))

export const datasets = os.router({
  list: os.list.handler(({ context }) => context.store.datasets.list()),
  get: os.get.handler(({ context, input }) => context.store.datasets.detail(input.id)),
  sortFiles: os.sortFiles.handler(({ context, input, signal }) => sortFiles(context, input, signal)),
  preview: os.preview.handler(({ context, input, signal }) => preview(context, input, signal)),
  forecast: os.forecast.handler(({ context, input, signal }) => forecast(context, input, signal)),
  import: os.import.handler(({ context, input }) => ({ job: submitImport(context, input) })),
  importSample: os.importSample.handler(async ({ context }) => {
    const [ratings, items] = [await takeSample(context, 'ratings.csv'), await takeSample(context, 'movies.csv')]
    return {
      job: submitImport(context, {
        name: freeName(context, sampleName),
        ratings: [ratings],
        items,
        mapping: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' },
        itemMapping: { item: 'movieId', title: 'title', genres: 'genres' },
        into: null,
      }),
    }
  }),
  rename: os.rename.handler(({ context, input }) => context.store.datasets.rename(input.id, input.name)),
  profile: os.profile.handler(async ({ context, input }) => {
    const kept = context.store.datasets.countedProfile(input.id)
    if (kept) return kept
    const question = { kind: 'profile' as const, dataset: input.id }
    return datasetProfile.parse(
      await askOnce(context.workers, { kind: 'probe' }, question, profilePatience, 'Counting the data set'),
    )
  }),
  previewDetails: os.previewDetails.handler(({ context, input, signal }) => previewDetails(context, input, signal)),
  describe: os.describe.handler(({ context, input }) => joinMetadata(context, input)),
  dependents: os.dependents.handler(({ context, input }) => datasetDependents(context, input.id, input.versions)),
  delete: os.delete.handler(({ context, input }) => deleteDataset(context, input.id, input.versions)),
  rejects: os.rejects.handler(({ context, input }) =>
    context.store.datasets.rejects(input.id, input.offset, input.limit),
  ),
  users: os.users.handler(({ context, input }) =>
    context.store.datasets.searchUsers(input.id, input.query, input.limit),
  ),
  checkUsers: os.checkUsers.handler(({ context, input }) => {
    const users = [...new Set(input.users)]
    const unknown = context.store.datasets.unknownUsers(input.id, users)
    return {
      known: users.length - unknown.length,
      unknown: unknown.length,
      examples: unknown.slice(0, unknownExamples),
    }
  }),
  items: os.items.handler(({ context, input }) =>
    context.store.datasets.searchItems(input.id, input.query, input.limit),
  ),
})

import type { DuplicatePolicy, ImportResult } from '../../shared/datasets'
import type { DatasetId } from '../../shared/ids'
import { appendingWriter } from '../datasets/append'
import { importRatings } from '../importing/import-ratings'
import type { ImportSpecification } from '../jobs/specification'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import type { WorkerContext } from './worker-context'

/** Imports files as a new data set, or as a new version of one; nothing is left if that fails or is cancelled. */
export const runImport = (
  { kind: _, into, ...request }: ImportSpecification,
  context: WorkerContext,
): Promise<ImportResult> => {
  const { store } = context
  const commit = (last: () => ImportResult): ImportResult => context.commit(last)
  if (!into) return importRatings(store, request, context, { commit })
  // Another import may have added a version while this one waited; it must not be lost.
  const { id: previous } = store.datasets.newest(into.dataset)
  context.use(previous)
  // A new version keeps the duplicate policy of the previous one unless another is given.
  const duplicates = request.duplicates ?? store.datasets.duplicatePolicy(previous)
  const open = versionWriter(store, previous, into.how, duplicates)
  const { version, importedAs } = store.datasets.detail(previous)
  const before = importedAs && { ...importedAs, version }
  const addedTo = into.how === 'append' ? { addedTo: previous } : {}
  return importRatings(store, { ...request, duplicates, before }, context, { open, commit, ...addedTo })
}

const versionWriter =
  (store: Store, previous: DatasetId, how: 'append' | 'refresh', policy: DuplicatePolicy) =>
  (dataset: NewDataset): DatasetWriter =>
    how === 'append'
      ? appendingWriter(store, previous, dataset, policy)
      : store.datasets.write({ ...dataset, follows: { previous, origin: how } })

import type { DuplicatePolicy, ImportResult } from '../../shared/datasets'
import type { DatasetId } from '../../shared/ids'
import { appendingWriter } from '../datasets/append'
import { importRatings } from '../importing/import-ratings'
import type { ImportSpecification } from '../jobs/specification'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import type { Workplace } from './workplace'

/** Imports files into a new data set, or a new version of one; nothing of it stays where that fails or is cancelled. */
export const runImport = (
  { kind: _, into, ...request }: ImportSpecification,
  place: Workplace,
): Promise<ImportResult> => {
  const { store } = place
  const commit = (last: () => ImportResult): ImportResult => place.commit(last)
  if (!into) return importRatings(store, request, place, { commit })
  // Another import may have made a newer version while this one waited: what that added must not get lost.
  const { id: previous } = store.datasets.newest(into.dataset)
  place.use(previous)
  // A new version goes on as the one before it where nothing else is said.
  const duplicates = request.duplicates ?? store.datasets.duplicatePolicy(previous)
  const open = versionWriter(store, previous, into.how, duplicates)
  const { version, importedAs } = store.datasets.detail(previous)
  const before = importedAs && { ...importedAs, version }
  const addedTo = into.how === 'append' ? { addedTo: previous } : {}
  return importRatings(store, { ...request, duplicates, before }, place, { open, commit, ...addedTo })
}

const versionWriter =
  (store: Store, previous: DatasetId, how: 'append' | 'refresh', policy: DuplicatePolicy) =>
  (dataset: NewDataset): DatasetWriter =>
    how === 'append'
      ? appendingWriter(store, previous, dataset, policy)
      : store.datasets.write({ ...dataset, follows: { previous, origin: how } })

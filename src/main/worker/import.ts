import type { DuplicatePolicy, ImportResult } from '../../shared/datasets'
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
  if (!into) return importRatings(store, request, place)
  // A new version goes on as the one before it where nothing else is said.
  const duplicates = request.duplicates ?? store.datasets.duplicatePolicy(into.dataset)
  return importRatings(store, { ...request, duplicates }, place, versionWriter(store, into, duplicates))
}

const versionWriter =
  (store: Store, { dataset: previous, how }: NonNullable<ImportSpecification['into']>, policy: DuplicatePolicy) =>
  (dataset: NewDataset): DatasetWriter =>
    how === 'append'
      ? appendingWriter(store, previous, dataset, policy)
      : store.datasets.write({ ...dataset, follows: { previous, origin: how } })

import type { ImportResult } from '../../shared/datasets'
import { appendingWriter } from '../datasets/append'
import { importRatings } from '../importing/import-ratings'
import type { ImportSpecification } from '../jobs/specification'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import type { Workplace } from './workplace'

/** Imports files into a new data set, or a new version of one; nothing of it stays where that fails or is cancelled. */
export const runImport = (
  { kind: _, into, ...request }: ImportSpecification,
  place: Workplace,
): Promise<ImportResult> =>
  importRatings(place.store, request, place, into ? versionWriter(place.store, into) : undefined)

const versionWriter =
  (store: Store, { dataset: previous, how }: NonNullable<ImportSpecification['into']>) =>
  (dataset: NewDataset): DatasetWriter =>
    how === 'append'
      ? appendingWriter(store, previous, dataset)
      : store.datasets.write({ ...dataset, follows: { previous, origin: how } })

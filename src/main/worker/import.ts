import type { ImportResult } from '../../shared/datasets'
import { importRatings } from '../importing/import-ratings'
import type { ImportSpecification } from '../jobs/specification'
import type { Workplace } from './workplace'

/** Imports files into a new data set; nothing of it stays where that fails or is cancelled. */
export const runImport = ({ kind: _, ...request }: ImportSpecification, place: Workplace): Promise<ImportResult> =>
  importRatings(place.store, request, place)

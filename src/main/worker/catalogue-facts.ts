import type { DatasetId } from '../../shared/ids'
import { catalogueItems } from '../datasets/histories'
import type { PreparedData } from '../datasets/prepare'
import type { CatalogueFacts } from '../evaluation/metrics/reported'
import { columnCounts } from '../numeric/csr'
import type { Store } from '../store/store'

/** What novelty, diversity and the popularity segments need to know of a run's items. */
export const catalogueFacts = (
  store: Store,
  dataset: DatasetId,
  { catalogue, train }: Pick<PreparedData, 'catalogue' | 'train'>,
): CatalogueFacts => ({
  trainUsers: train.rows,
  trainCounts: columnCounts(train),
  genres: catalogueItems(store, dataset, catalogue).items.map(({ genres }) => genres),
})

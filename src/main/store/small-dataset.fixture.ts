import type { Dataset } from '../../shared/datasets'
import type { Store, StoredHistory, StoredItem } from './store'

export const smallItems: readonly StoredItem[] = [
  { index: 0, externalId: '007', title: 'Amélie (2001)', genres: ['Comedy', 'Romance'] },
  { index: 1, externalId: 'b_2', title: '100% Wolf', genres: [] },
  { index: 2, externalId: 'c', title: 'Heat', genres: ['Crime'] },
]

export const smallHistories: readonly StoredHistory[] = [
  {
    user: 0,
    externalId: '1',
    items: Int32Array.of(2, 0),
    ratings: Float32Array.of(4.5, 1),
    times: Float64Array.of(10, 20),
  },
  {
    user: 1,
    externalId: '10',
    items: Int32Array.of(0, 1, 2),
    ratings: Float32Array.of(5, 4, 1),
    times: Float64Array.of(1, 2, 3),
  },
  { user: 2, externalId: 'x%', items: Int32Array.of(2), ratings: Float32Array.of(3), times: Float64Array.of(7) },
]

/** Three users, three items, six ratings and a rejected row. */
export function addSmallDataset(store: Store, name = 'small'): Dataset {
  const writer = store.datasets.write({ name, source: ['small.csv'], importSettings: {} })
  writer.addItems(smallItems)
  writer.addHistories(smallHistories)
  writer.addRejects([{ file: 'small.csv', line: 3, reason: 'no user id', text: ',7,5,1' }])
  return writer.finish({ rejected: 1, duplicates: 0 })
}

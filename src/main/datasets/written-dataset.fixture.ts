import type { DatasetId } from '../../shared/ids'
import type { Store } from '../store/store'

/** Each user's ratings: external id → [item, rating, time]; the data set has times where every rating has one. */
export type Ratings = Readonly<Record<string, readonly (readonly [item: number, rating: number, time?: number])[]>>

/** Writes a data set whose items are called i0, i1, …; users are indexed in the order given. */
export function writeRatings(store: Store, name: string, items: number, ratings: Ratings): DatasetId {
  const writer = store.datasets.write({ name, source: [], importSettings: {} })
  writer.addItems(
    Array.from({ length: items }, (_, index) => ({
      index,
      externalId: `i${index}`,
      title: `Item ${index}`,
      genres: [],
    })),
  )
  writer.addHistories(
    Object.entries(ratings).map(([externalId, rated], user) => ({
      user,
      externalId,
      items: Int32Array.from(rated, ([item]) => item),
      ratings: Float32Array.from(rated, ([, rating]) => rating),
      times: rated.every(([, , time]) => time !== undefined)
        ? Float64Array.from(rated, ([, , time]) => time ?? 0)
        : null,
    })),
  )
  return writer.finish({ rejected: 0, duplicates: 0 }).id
}

import { badInput } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Preparation } from '../../shared/runs'
import type { Store } from '../store/store'
import { likedIn } from './preparation'

/** A user with the items they liked, in time order, as data set item indexes. */
export interface Liker {
  readonly user: number
  readonly externalId: string
  readonly items: Int32Array
  /** When, in seconds since 1970; null where the data set has no times. */
  readonly times: Float64Array | null
}

/** Everybody with enough positives to take part, in the data set's order. Throws BAD_INPUT where that is nobody. */
export function likersOf(store: Store, dataset: DatasetId, preparation: Preparation): Liker[] {
  const likers: Liker[] = []
  for (const history of store.datasets.histories(dataset)) {
    const liked = likedIn(history, preparation)
    if (liked.items.length >= preparation.minInteractions)
      likers.push({ user: history.user, externalId: history.externalId, ...liked })
  }
  if (likers.length > 0) return likers
  throw badInput(
    `No user of “${store.datasets.get(dataset).name}” has ${formatCount(preparation.minInteractions)} interactions${preparation.threshold === null ? '' : ` rated ${preparation.threshold} or higher`}.`,
    'Lower the rating threshold or the minimum of interactions.',
  )
}

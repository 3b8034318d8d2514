import { notFound } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import type { StoredHistory, Store } from '../store/store'

/** The stored user with this external id. Throws NOT_FOUND for an unknown one. */
export function chosenUser(store: Store, dataset: DatasetId, user: string): StoredHistory {
  const history = store.datasets.history(dataset, user)
  if (history) return history
  throw notFound(`“${store.datasets.get(dataset).name}” has no user ${user}.`, 'Check the id; it must match exactly.')
}

import { StudioError } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Preparation } from '../../shared/runs'
import { csrFromRows, type Csr } from '../numeric/csr'
import type { StoredHistory, StoredItem, StoredSplit, Store } from '../store/store'
import { chosenUser } from './chosen-user'
import { inCatalogue, modelIndexes, positives } from './preparation'

/** The items a model knows, by model index and by external id. */
export interface CatalogueItems {
  readonly items: StoredItem[]
  readonly indexOf: ReadonlyMap<string, number>
}

/** Throws DAMAGED_FILE if the data set lacks items of the catalogue: every index after the first missing one would refer to another item. */
export function catalogueItems(store: Store, dataset: DatasetId, catalogue: Int32Array): CatalogueItems {
  const all = store.datasets.items(dataset)
  const items = Array.from(catalogue, (item) => all[item]).filter((item) => item !== undefined)
  if (items.length < catalogue.length)
    throw new StudioError({
      code: 'DAMAGED_FILE',
      message: `“${store.datasets.get(dataset).name}” has only ${formatCounted(all.length, 'item')} and lacks ${formatCount(catalogue.length - items.length)} of the ${formatCount(catalogue.length)} that the run was trained on.`,
      next: 'Restore the library from a backup, or train the model again on the data as it is.',
    })
  return { items, indexOf: new Map(items.map(({ externalId }, index) => [externalId, index])) }
}

/** A user's positives as model item indexes. Throws NOT_FOUND for an unknown user. */
export function userHistory(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  catalogue: Int32Array,
  user: string,
): Int32Array {
  const history = chosenUser(store, dataset, user)
  return inCatalogue(positives(history, preparation), modelIndexes(catalogue, store.datasets.get(dataset).items))
}

/** How many training users like each item of the catalogue: [catalogue]. */
export function trainingPopularity(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  { catalogue, trainUsers }: Pick<StoredSplit, 'catalogue' | 'trainUsers'>,
): Int32Array {
  const indexes = modelIndexes(catalogue, store.datasets.get(dataset).items)
  const trained = new Set(trainUsers)
  const popularity = new Int32Array(catalogue.length)
  for (const history of store.datasets.histories(dataset)) {
    if (!trained.has(history.user)) continue
    for (const item of inCatalogue(positives(history, preparation), indexes)) popularity[item]!++
  }
  return popularity
}

/**
 * Users' positives in batches of `rows` users, so that memory does not grow with their number: all users in the data set's order, or the given ones
 * in the given order. Users without a positive in the catalogue have an empty row. Throws NOT_FOUND for an unknown user.
 */
export function* historyBatches(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  catalogue: Int32Array,
  users: 'all' | readonly string[],
  rows: number,
): Generator<{ users: string[]; histories: Csr }> {
  const indexes = modelIndexes(catalogue, store.datasets.get(dataset).items)
  let names: string[] = []
  let histories: Int32Array[] = []
  const batch = (): { users: string[]; histories: Csr } => ({
    users: names,
    histories: csrFromRows(histories, catalogue.length),
  })
  for (const history of users === 'all' ? store.datasets.histories(dataset) : chosen(store, dataset, users)) {
    names.push(history.externalId)
    histories.push(inCatalogue(positives(history, preparation), indexes))
    if (names.length < rows) continue
    yield batch()
    names = []
    histories = []
  }
  if (names.length > 0) yield batch()
}

function* chosen(store: Store, dataset: DatasetId, users: readonly string[]): Generator<StoredHistory> {
  for (const user of users) yield chosenUser(store, dataset, user)
}

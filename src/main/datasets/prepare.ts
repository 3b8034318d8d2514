import { badInput } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Preparation, SplitSettings, SplitSummary } from '../../shared/runs'
import { csrFromRows, type Csr } from '../numeric/csr'
import type { Store } from '../store/store'
import { chosenUser } from './chosen-user'
import { inCatalogue, modelIndexes, positives } from './preparation'
import { foldUser, splitUsers } from './split'

/** Users that are scored: what the model is shown of each, and what it has to find. Rows in the order of `users`. */
export interface HeldOut {
  /** Dense user indexes of the data set. */
  readonly users: Int32Array
  readonly foldIn: Csr
  readonly targets: Csr
}

/** A data set as a model and its evaluation need it; all item indexes but the catalogue's are the model's. */
export interface PreparedData {
  /** Model item index → data set item index. */
  readonly catalogue: Int32Array
  readonly trainUsers: Int32Array
  readonly train: Csr
  readonly validation: HeldOut
  readonly test: HeldOut
  readonly summary: SplitSummary
}

/** A user with the items they liked, as data set item indexes. */
interface Liker {
  readonly user: number
  readonly externalId: string
  readonly items: Int32Array
}

/**
 * Ratings → implicit positives → users with enough of them → held-out users → catalogue → sparse histories.
 *
 * The catalogue is made of the training users' items only (Mult-VAE's protocol); `itemShare` < 1 keeps the most popular share of it, as the
 * authors of VASP do. Interactions outside it are dropped, and with them held-out users that are left without fold-in or targets.
 * @throws BAD_INPUT where too little is left, saying how much.
 */
export function prepareData(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
  options: { readonly itemShare: number },
): PreparedData {
  const all = store.datasets.get(dataset)
  const likers: Liker[] = []
  for (const history of store.datasets.histories(dataset)) {
    const items = positives(history, preparation)
    if (items.length >= preparation.minInteractions)
      likers.push({ user: history.user, externalId: history.externalId, items })
  }
  if (likers.length === 0)
    throw badInput(
      `No user of “${all.name}” has ${formatCount(preparation.minInteractions)} interactions${preparation.threshold === null ? '' : ` rated ${preparation.threshold} or higher`}.`,
      'Lower the rating threshold or the minimum of interactions.',
    )

  const users = splitUsers(likers, split)
  const catalogue = catalogueOf(users.train, all.items, options.itemShare)
  const indexes = modelIndexes(catalogue, all.items)
  const trained = users.train
    .map(({ user, items }) => ({ user, items: inCatalogue(items, indexes) }))
    .filter(({ items }) => items.length > 0)
  const heldOut = (members: readonly Liker[]): HeldOut => foldUsers(members, indexes, catalogue.length, split)
  const validation = heldOut(users.validation)
  const test = heldOut(users.test)
  if (validation.users.length === 0 || test.users.length === 0)
    throw badInput(
      'No held-out user shares enough items with the training users to be scored.',
      'Hold out more users, or lower the rating threshold.',
    )

  const train = csrFromRows(
    trained.map(({ items }) => items),
    catalogue.length,
  )
  return {
    catalogue,
    trainUsers: Int32Array.from(trained, ({ user }) => user),
    train,
    validation,
    test,
    summary: {
      items: catalogue.length,
      trainUsers: trained.length,
      validationUsers: validation.users.length,
      testUsers: test.users.length,
      trainInteractions: train.indices.length,
      droppedUsers: all.users - trained.length - validation.users.length - test.users.length,
      recallDenominator: 'min(k, |R|)',
    },
  }
}

/** Held-out users by external id, by the protocol of a run and in its catalogue. Throws NOT_FOUND for an unknown user. */
export function heldOutUsers(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
  catalogue: Int32Array,
  users: readonly string[],
): HeldOut {
  const { items } = store.datasets.get(dataset)
  const likers = [...new Set(users)].map((externalId) => {
    const history = chosenUser(store, dataset, externalId)
    return { user: history.user, externalId, items: positives(history, preparation) }
  })
  const heldOut = foldUsers(likers, modelIndexes(catalogue, items), catalogue.length, split)
  if (heldOut.users.length > 0) return heldOut
  throw badInput(
    'None of these users has two liked items in the catalogue of the run, so nothing can be held out.',
    'Choose users with more interactions.',
  )
}

/** Items of the training users, ascending; with `share` < 1 the most popular share of them, ties by lower index. */
function catalogueOf(train: readonly Liker[], items: number, share: number): Int32Array {
  const popularity = new Float64Array(items)
  for (const liker of train) for (const item of liker.items) popularity[item] = (popularity[item] ?? 0) + 1
  const known = Int32Array.from(popularity.keys()).filter((item) => (popularity[item] ?? 0) > 0)
  if (share >= 1) return known
  const kept = Math.max(1, Math.round(known.length * share))
  return known
    .sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b)
    .slice(0, kept)
    .sort()
}

function foldUsers(members: readonly Liker[], indexes: Int32Array, items: number, split: SplitSettings): HeldOut {
  const folded = members
    .map(({ user, externalId, items: liked }) => ({
      user,
      // Sorted, so that the order of an export does not change what is drawn.
      ...foldUser(inCatalogue(liked, indexes).sort(), externalId, split),
    }))
    .filter(({ foldIn, targets }) => foldIn.length > 0 && targets.length > 0)
  return {
    users: Int32Array.from(folded, ({ user }) => user),
    foldIn: csrFromRows(
      folded.map(({ foldIn }) => foldIn),
      items,
    ),
    targets: csrFromRows(
      folded.map(({ targets }) => targets),
      items,
    ),
  }
}

import { badInput } from '../../shared/errors'
import type { PreparationStep } from '../../shared/filter-steps'
import type { DatasetId } from '../../shared/ids'
import { shareOf } from '../../shared/most-popular'
import type { Preparation, SplitSettings } from '../../shared/runs'
import type { Store } from '../store/store'
import { chosenUser } from './chosen-user'
import type { PositiveHistory } from './positive-history'
import { positiveHistories } from './positive-histories'
import { inCatalogue, likedIn, modelIndexes } from './preparation'
import { assembled, heldOutOf, type HeldOut, type PreparedData } from './prepared'
import { foldUser, splitByUser, type Division } from './split'
import { leaveLastOut, splitByDate } from './split-by-time'

/**
 * Ratings → positives → filters → split → catalogue → sparse histories.
 *
 * The catalogue has the items in the training data (Mult-VAE's protocol) or the positives of all users; if `mostPopular` is a share, only that most
 * popular share of it, as the authors of VASP do. Interactions outside the catalogue are dropped, and so are measured users without fold-in or
 * targets.
 * @throws BAD_INPUT with the numbers if too little is left, and if data without times are to be split by time.
 */
export function prepareData(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
): PreparedData {
  const all = store.datasets.get(dataset)
  const filters: PreparationStep[] = []
  const histories = positiveHistories(store, dataset, preparation, (step) => filters.push(step))
  const division = divided(histories, split, all.name)
  const catalogue = catalogueOf(division.train, preparation.catalogue === 'all' ? histories : division.train, {
    items: all.items,
    share: shareOf(preparation.mostPopular),
  })
  const indexes = modelIndexes(catalogue, all.items)
  const known = (items: Int32Array): Int32Array => inCatalogue(items, indexes)
  return assembled(
    {
      catalogue,
      train: mapped(division.train, ({ user, items }) => ({ user, items: known(items) })),
      validation: mapped(division.validation, ({ user, cut }) => ({ user, ...cut(known) })),
      test: mapped(division.test, ({ user, cut }) => ({ user, ...cut(known) })),
      users: all.users,
      validationFrom: division.validationFrom,
      filters,
    },
    split,
  )
}

/** Generated one after the other on demand, so that the result for all users is never in memory at once. */
function* mapped<From, To>(values: Iterable<From>, make: (value: From) => To): Generator<To> {
  for (const value of values) yield make(value)
}

function divided(histories: readonly PositiveHistory[], split: SplitSettings, name: string): Division {
  switch (split.method) {
    case 'users':
      return splitByUser(histories, split)
    case 'leave-last-out':
      return leaveLastOut(histories, split, name)
    case 'date':
      return splitByDate(histories, split, name)
    case 'file':
      throw badInput('The split file of this run is missing.', 'Choose the file again.')
  }
}

/**
 * Held-out data for users given by external id, as in strong generalisation (a random share of their items is hidden), in a run's catalogue. Throws
 * NOT_FOUND for an unknown user.
 */
export function heldOutUsers(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
  catalogue: Int32Array,
  users: readonly string[],
): HeldOut {
  const indexes = modelIndexes(catalogue, store.datasets.get(dataset).items)
  const folded = [...new Set(users)].map((externalId) => {
    const history = chosenUser(store, dataset, externalId)
    const { items } = likedIn(history, preparation)
    return { user: history.user, ...foldUser(inCatalogue(items, indexes), { externalId }, split) }
  })
  const heldOut = heldOutOf(folded, catalogue.length)
  if (heldOut.users.length > 0) return heldOut
  throw badInput(
    'None of these users has two liked items in the run’s catalogue, so nothing can be held out.',
    'Choose users with more interactions.',
  )
}

type Interactions = readonly { readonly items: Int32Array }[]

/** Items of `histories`, ascending; with `share` < 1 the share of them that is most popular in training, ties by lower index. */
function catalogueOf(
  train: Interactions,
  histories: Interactions,
  { items, share }: { readonly items: number; readonly share: number },
): Int32Array {
  const countsOf = (of: Interactions): Float64Array => {
    const counts = new Float64Array(items)
    for (const history of of) for (const item of history.items) counts[item] = (counts[item] ?? 0) + 1
    return counts
  }
  const liked = countsOf(histories)
  const known = Int32Array.from(liked.keys()).filter((item) => (liked[item] ?? 0) > 0)
  if (share >= 1) return known
  const popularity = countsOf(train)
  const kept = Math.max(1, Math.round(known.length * share))
  return known
    .sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b)
    .slice(0, kept)
    .sort()
}

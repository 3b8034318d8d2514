import { badInput } from '../../shared/errors'
import type { PreparationStep } from '../../shared/filter-steps'
import type { DatasetId } from '../../shared/ids'
import { shareOf } from '../../shared/most-popular'
import type { Preparation, SplitSettings } from '../../shared/runs'
import type { Store } from '../store/store'
import { chosenUser } from './chosen-user'
import type { Liker } from './liker'
import { likersOf } from './likers'
import { inCatalogue, likedIn, modelIndexes } from './preparation'
import { assembled, heldOutOf, type HeldOut, type PreparedData } from './prepared'
import { foldUser, splitByUser, type Division } from './split'
import { leaveLastOut, splitByDate } from './split-by-time'

/**
 * Ratings → implicit positives → users with enough of them → who trains on what and who is measured → catalogue → sparse histories.
 *
 * The catalogue is made of what training has (Mult-VAE's protocol), or of what anybody likes; where `mostPopular` is a
 * share, the most popular share of it, as the authors of VASP do. Interactions outside it are dropped, and with them measured users that are left without fold-in or targets.
 * @throws BAD_INPUT where too little is left, saying how much, and where a split by time is asked of data without times.
 */
export function prepareData(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
): PreparedData {
  const all = store.datasets.get(dataset)
  const filters: PreparationStep[] = []
  const likers = likersOf(store, dataset, preparation, (step) => filters.push(step))
  const division = divided(likers, split, all.name)
  const catalogue = catalogueOf(division.train, preparation.catalogue === 'all' ? likers : division.train, {
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

/** One after the other, when they are asked for: what is made of everybody is never in memory at once. */
function* mapped<From, To>(values: Iterable<From>, make: (value: From) => To): Generator<To> {
  for (const value of values) yield make(value)
}

function divided(likers: readonly Liker[], split: SplitSettings, name: string): Division {
  switch (split.method) {
    case 'users':
      return splitByUser(likers, split)
    case 'leave-last-out':
      return leaveLastOut(likers, split, name)
    case 'date':
      return splitByDate(likers, split, name)
    case 'file':
      throw badInput('The split file of this run is not there.', 'Name it again.')
  }
}

/**
 * Chosen users by external id, measured as strong generalisation measures them (a share of their items hidden at random) in a run's
 * catalogue. Throws NOT_FOUND for an unknown user.
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
    'None of these users has two liked items in the catalogue of the run, so nothing can be held out.',
    'Choose users with more interactions.',
  )
}

type Interactions = readonly { readonly items: Int32Array }[]

/** Items of `likers`, ascending; with `share` < 1 the share of them that is most popular in training, ties by lower index. */
function catalogueOf(
  train: Interactions,
  likers: Interactions,
  { items, share }: { readonly items: number; readonly share: number },
): Int32Array {
  const countsOf = (of: Interactions): Float64Array => {
    const counts = new Float64Array(items)
    for (const liker of of) for (const item of liker.items) counts[item] = (counts[item] ?? 0) + 1
    return counts
  }
  const liked = countsOf(likers)
  const known = Int32Array.from(liked.keys()).filter((item) => (liked[item] ?? 0) > 0)
  if (share >= 1) return known
  const popularity = countsOf(train)
  const kept = Math.max(1, Math.round(known.length * share))
  return known
    .sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b)
    .slice(0, kept)
    .sort()
}

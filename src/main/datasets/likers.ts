import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { PreparationStep } from '../../shared/filter-steps'
import { countOf } from '../../shared/most-popular'
import { likedText } from '../../shared/protocol'
import type { Preparation } from '../../shared/runs'
import type { Store } from '../store/store'
import { itemCounts, ofPopularItems, requireTimes, sampled, withEnough } from './filters'
import { LikerPacking } from './packed-likers'
import type { Liker } from './liker'
import { ratedEnough, withinDays } from './preparation'

/**
 * Everybody who takes part, with what they take part with, in the data set's order: threshold, then days, sample, most popular items, and the
 * minimum per user and item repeated until it holds. @param onStep hears what each filter left
 * @throws BAD_INPUT where nobody is left, and for days of data without times.
 */
export function likersOf(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  onStep?: (step: PreparationStep) => void,
): Liker[] {
  const all = store.datasets.get(dataset)
  requireTimes(preparation, all)
  const tell = (filter: PreparationStep['filter'], likers: readonly Liker[], rounds: number | null = null): void =>
    onStep?.({ filter, rounds, ...sizeOf(likers, all.items) })
  onStep?.({ filter: 'all', rounds: null, users: all.users, items: all.items, interactions: all.interactions })

  let likers: Liker[] = []
  const packing = new LikerPacking()
  for (const history of store.datasets.histories(dataset)) {
    const liked = ratedEnough(history, preparation.threshold)
    const { user, externalId } = history
    if (liked.items.length > 0) likers.push(packing.keep({ user, externalId, ...liked }))
  }
  if (preparation.threshold !== null && all.hasRatings) tell('threshold', likers)
  if (preparation.from !== null || preparation.until !== null) {
    likers = likers
      .map(({ user, externalId, items, times }) => ({ user, externalId, ...withinDays({ items, times }, preparation) }))
      .filter(({ items }) => items.length > 0)
    tell('days', likers)
  }
  if (preparation.sample !== null) {
    likers = sampled(likers, preparation)
    tell('sample', likers)
  }
  if (countOf(preparation.mostPopular) !== null) {
    likers = ofPopularItems(likers, preparation, all.items)
    tell('popular', likers)
  }
  const enough = withEnough(likers, preparation, all.items)
  tell('minimum', enough.likers, enough.rounds)
  if (enough.likers.length > 0) return enough.likers.map((liker) => packing.keep(liker))
  const { threshold, minInteractions, minPerItem } = preparation
  const liked = threshold === null || all.valueKind === 'none' ? '' : ` (${likedText(threshold, all.valueKind)})`
  const others =
    minPerItem > 1 ? ` of items that ${formatCounted(minPerItem, 'user')} ${minPerItem === 1 ? 'has' : 'have'}` : ''
  const popular = countOf(preparation.mostPopular)
  const among = popular === null ? '' : ` among the ${formatCounted(popular, 'most popular item')}`
  throw badInput(
    `No user of “${all.name}” has ${formatCounted(minInteractions, 'interaction')}${liked}${others}${among}.`,
    `${liked === '' ? 'Lower' : 'Lower the threshold (--threshold), or'} the minimum of interactions (--min-interactions)${among === '' ? '' : ', or keep more items (--most-popular)'}.`,
  )
}

function sizeOf(likers: readonly Liker[], items: number): Pick<PreparationStep, 'users' | 'items' | 'interactions'> {
  const counts = itemCounts(likers, items)
  return {
    users: likers.length,
    items: counts.reduce((known, count) => known + Number(count > 0), 0),
    interactions: counts.reduce((sum, count) => sum + count, 0),
  }
}

import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { PreparationStep } from '../../shared/filter-steps'
import { countOf } from '../../shared/most-popular'
import { likedText } from '../../shared/protocol'
import type { Preparation } from '../../shared/runs'
import type { Store } from '../store/store'
import { itemCounts, ofPopularItems, requireTimes, sampled, withEnough } from './filters'
import { HistoryPacking } from './packed-histories'
import type { PositiveHistory } from './positive-history'
import { ratedEnough, withinDays } from './preparation'

/**
 * The positives of every user that the filters leave, in the data set's order. Filters are applied in this order: threshold, days, sample, most
 * popular items, and the minimums per user and item, repeated until both hold (k-core). @param onStep called with what each filter left
 * @throws BAD_INPUT if no user is left, or if days are given for data without times.
 */
export function positiveHistories(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  onStep?: (step: PreparationStep) => void,
): PositiveHistory[] {
  const all = store.datasets.get(dataset)
  requireTimes(preparation, all)
  const tell = (
    filter: PreparationStep['filter'],
    histories: readonly PositiveHistory[],
    rounds: number | null = null,
  ): void => onStep?.({ filter, rounds, ...sizeOf(histories, all.items) })
  onStep?.({ filter: 'all', rounds: null, users: all.users, items: all.items, interactions: all.interactions })

  let histories: PositiveHistory[] = []
  const packing = new HistoryPacking()
  for (const history of store.datasets.histories(dataset)) {
    const liked = ratedEnough(history, preparation.threshold)
    const { user, externalId } = history
    if (liked.items.length > 0) histories.push(packing.add({ user, externalId, ...liked }))
  }
  if (preparation.threshold !== null && all.hasRatings) tell('threshold', histories)
  if (preparation.from !== null || preparation.until !== null) {
    histories = histories
      .map(({ user, externalId, items, times }) => ({ user, externalId, ...withinDays({ items, times }, preparation) }))
      .filter(({ items }) => items.length > 0)
    tell('days', histories)
  }
  if (preparation.sample !== null) {
    histories = sampled(histories, preparation)
    tell('sample', histories)
  }
  if (countOf(preparation.mostPopular) !== null) {
    histories = ofPopularItems(histories, preparation, all.items)
    tell('popular', histories)
  }
  const enough = withEnough(histories, preparation, all.items)
  tell('minimum', enough.histories, enough.rounds)
  if (enough.histories.length > 0) return enough.histories.map((history) => packing.add(history))
  const { threshold, minInteractions, minPerItem } = preparation
  const liked = threshold === null || all.valueKind === 'none' ? '' : ` (${likedText(threshold, all.valueKind)})`
  const others =
    minPerItem > 1 ? ` of items that ${formatCounted(minPerItem, 'user')} ${minPerItem === 1 ? 'has' : 'have'}` : ''
  const popular = countOf(preparation.mostPopular)
  const among = popular === null ? '' : ` among the ${formatCounted(popular, 'most popular item')}`
  throw badInput(
    `No user of “${all.name}” has ${formatCounted(minInteractions, 'interaction')}${liked}${others}${among}.`,
    `${liked === '' ? 'Lower' : 'Lower the threshold (--threshold), or'} the minimum number of interactions (--min-interactions)${among === '' ? '' : ', or keep more items (--most-popular)'}.`,
  )
}

function sizeOf(
  histories: readonly PositiveHistory[],
  items: number,
): Pick<PreparationStep, 'users' | 'items' | 'interactions'> {
  const counts = itemCounts(histories, items)
  return {
    users: histories.length,
    items: counts.reduce((known, count) => known + Number(count > 0), 0),
    interactions: counts.reduce((sum, count) => sum + count, 0),
  }
}

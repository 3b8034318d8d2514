import type { DatasetProfile } from '../../shared/datasets'
import type { DatasetId } from '../../shared/ids'
import type { Store } from '../store/store'
import { itemCounts } from './filters'

/** Number of ranks in the long tail, evenly spaced on a logarithmic scale. */
const ranksShown = 60
/** Beyond this many months, counts are given by year. */
const mostMonths = 72
/** Items with fewer interactions are cold. */
const coldBelow = 5

/** The detailed profile of a data set; reads all of it. */
export function datasetProfile(store: Store, dataset: DatasetId): DatasetProfile {
  const items = store.datasets.items(dataset)
  const months = new Map<number, number>()
  const counts = itemCounts(withMonths(store, dataset, months), items.length)
  const sorted = counts.toSorted().reverse()
  const total = sorted.reduce((sum, count) => sum + count, 0)
  const tenth = Math.max(1, Math.round(sorted.length / 10))
  const genres = new Map<string, { items: number; interactions: number }>()
  for (const item of items)
    for (const genre of item.genres) {
      const known = genres.get(genre) ?? { items: 0, interactions: 0 }
      genres.set(genre, { items: known.items + 1, interactions: known.interactions + (counts[item.index] ?? 0) })
    }
  return {
    popularity: ranks(sorted.length).map((rank) => ({ rank, interactions: sorted[rank - 1] ?? 0 })),
    topTenthShare: total === 0 ? 0 : sorted.subarray(0, tenth).reduce((sum, count) => sum + count, 0) / total,
    perItem: perItem(sorted),
    cold: Array.from({ length: 2 * coldBelow }, (_, interactions) => ({
      interactions,
      items: sorted.filter((count) => count === interactions).length,
    })),
    coldItems: sorted.reduce((cold, count) => cold + Number(count < coldBelow), 0),
    coldBelow,
    overTime: overTime(months),
    genres: [...genres]
      .map(([genre, sums]) => ({ genre, ...sums }))
      .sort((a, b) => b.interactions - a.interactions || (a.genre < b.genre ? -1 : 1)),
  }
}

/** Passes histories through and counts their interactions by month (months since 1970). */
function* withMonths(store: Store, dataset: DatasetId, months: Map<number, number>): Generator<{ items: Int32Array }> {
  for (const { items, times } of store.datasets.histories(dataset)) {
    for (const time of times ?? []) {
      const date = new Date(time * 1000)
      const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
      // Beyond the year 275760, times only order the interactions.
      if (!Number.isNaN(month)) months.set(month, (months.get(month) ?? 0) + 1)
    }
    yield { items }
  }
}

function ranks(items: number): number[] {
  const shown = Array.from({ length: ranksShown }, (_, step) => Math.round(items ** (step / (ranksShown - 1))))
  return items === 0 ? [] : [...new Set(shown)]
}

/** @param sorted interactions of each item, most first */
function perItem(sorted: Int32Array): DatasetProfile['perItem'] {
  const groups: { from: number; to: number; items: number }[] = []
  const most = sorted[0] ?? 0
  for (let [from, to] = [0, 0]; from <= most && sorted.length > 0; [from, to] = [to + 1, 2 * to + 1])
    groups.push({ from, to, items: sorted.filter((count) => count >= from && count <= to).length })
  return groups
}

function overTime(months: ReadonlyMap<number, number>): DatasetProfile['overTime'] {
  const [first, last] = [Math.min(...months.keys()), Math.max(...months.keys())]
  if (months.size === 0) return []
  const yearly = last - first + 1 > mostMonths
  const periods = new Map<string, number>()
  for (let month = first; month <= last; month++) {
    const year = String(1970 + Math.floor(month / 12))
    const period = yearly ? year : `${year}-${String((month % 12) + 1).padStart(2, '0')}`
    periods.set(period, (periods.get(period) ?? 0) + (months.get(month) ?? 0))
  }
  return [...periods].map(([period, interactions]) => ({ period, interactions }))
}

import type { RankedUser } from './metric'

/** How many targets stand among the first k places. */
export function hitsAmongFirst(k: number, { ranking, relevant }: RankedUser): number {
  let hits = 0
  for (let place = 0; place < Math.min(k, ranking.length); place++) if (relevant.has(ranking[place] ?? -1)) hits++
  return hits
}

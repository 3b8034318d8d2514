import type { RankedUser } from './metric'

/** Number of targets among the first k items. */
export function hitsAmongFirst(k: number, { ranking, relevant }: RankedUser): number {
  let hits = 0
  for (let rank = 0; rank < Math.min(k, ranking.length); rank++) if (relevant.has(ranking[rank] ?? -1)) hits++
  return hits
}

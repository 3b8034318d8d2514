import type { ListMetric } from './metric'

/**
 * Intra-list diversity@k by genre: 1 − Jaccard index of two items' genres, mean over all pairs of the first k items (Ziegler et al. 2005). Items
 * without genres are ignored; a list with fewer than two items with genres has no value (null).
 *
 * @param genres [items], the genres of each
 */
export function diversity(k: number, genres: readonly (readonly string[])[]): ListMetric {
  const sets = genres.map((names) => new Set(names))
  return {
    depth: k,
    of(ranking) {
      const known = Array.from({ length: Math.min(k, ranking.length) }, (_, rank) => sets[ranking[rank] ?? -1]).filter(
        (set): set is Set<string> => set !== undefined && set.size > 0,
      )
      let distance = 0
      let pairs = 0
      known.forEach((a, first) => {
        for (const b of known.slice(first + 1)) {
          distance += 1 - jaccard(a, b)
          pairs++
        }
      })
      return pairs === 0 ? null : distance / pairs
    },
  }
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const name of a) if (b.has(name)) shared++
  return shared / (a.size + b.size - shared)
}

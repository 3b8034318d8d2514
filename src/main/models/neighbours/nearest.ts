import { entriesByColumn } from '../../compute/sum-of-rows'
import { rowOf, type Csr } from '../../numeric/csr'

/** How near a source item is to a target item. */
export interface Nearness {
  /** [users]: what a user who has both items adds to their overlap. */
  readonly userWeights: Float64Array
  /** The weight of a source for a target, given their overlap (above 0). */
  readonly weight: (shared: number, source: number, target: number) => number
}

/** Each item's nearest others, nearest first, at equal weights by lower index. */
export interface NeighbourLists {
  /** Maximum number of neighbours in each list. */
  readonly most: number
  /** [items, most], row-major; entries after the last neighbour have weight 0. */
  readonly sources: Int32Array
  readonly weights: Float32Array
}

/** Targets that are computed before the event loop runs again. */
const BLOCK = 128

/**
 * The `most` sources of the largest weights for each target of binary X [users, items]; an item is not its own neighbour. Besides the lists, it needs
 * memory for one target at a time.
 *
 * @param reached called with the share that is done; throws if the job is cancelled
 */
export async function nearestItems(
  x: Csr,
  most: number,
  { userWeights, weight }: Nearness,
  reached: (share: number) => Promise<void>,
): Promise<NeighbourLists> {
  const items = x.columns
  const usersOf = entriesByColumn(x)
  const lists = { most, sources: new Int32Array(items * most), weights: new Float32Array(items * most) }
  const shared = new Float64Array(items)
  const touched = new Int32Array(items)
  const near = new Float64Array(items)
  const ordered = new Float64Array(items)
  for (let target = 0; target < items; target++) {
    if (target % BLOCK === 0) await reached(target / items)
    let count = 0
    for (let e = usersOf.offsets[target]!; e < usersOf.offsets[target + 1]!; e++) {
      const user = usersOf.rows[e]!
      for (const source of rowOf(x, user)) {
        if (source === target) continue
        if (shared[source] === 0) touched[count++] = source
        shared[source]! += userWeights[user]!
      }
    }
    const sources = touched.subarray(0, count).sort()
    for (let n = 0; n < count; n++) {
      near[n] = weight(shared[sources[n]!]!, sources[n]!, target)
      shared[sources[n]!] = 0
    }
    nearestOf(near.subarray(0, count), most, ordered).forEach((n, at) => {
      lists.sources[target * most + at] = sources[n]!
      lists.weights[target * most + at] = near[n]!
    })
  }
  return lists
}

/**
 * Positions of the largest values, largest first, at equal values by lower position; `most` at most.
 *
 * @param ordered scratch space for as many values; a new array for every target would create garbage of many times the lists' size
 */
function nearestOf(values: Float64Array, most: number, ordered: Float64Array): number[] {
  let least = -Infinity
  if (values.length > most) {
    ordered.set(values)
    least = ordered.subarray(0, values.length).sort()[values.length - most]!
  }
  const chosen: number[] = []
  // Values below the smallest that is kept need not be sorted.
  for (let n = 0; n < values.length; n++) if (values[n]! >= least) chosen.push(n)
  return chosen.sort((a, b) => values[b]! - values[a]! || a - b).slice(0, most)
}

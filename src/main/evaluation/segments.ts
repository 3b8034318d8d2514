import type { Segment } from '../../shared/metrics'

/** The users or items of a segment by index, and the range of numbers that defines it. */
export interface Members {
  readonly name: Segment['name']
  readonly low: number
  readonly high: number
  readonly members: Int32Array
}

const membersOf = (name: Segment['name'], numbers: ArrayLike<number>, members: Int32Array): Members => {
  let [low, high] = [Infinity, -Infinity]
  for (const member of members) {
    low = Math.min(low, numbers[member] ?? 0)
    high = Math.max(high, numbers[member] ?? 0)
  }
  return { name, low, high, members }
}

/**
 * Users in thirds by the number of their fold-in items: light, medium, heavy. Users with equally long fold-ins stay together (in the lighter
 * segment), so the thirds can be uneven; empty ones are left out.
 *
 * @param lengths [users], number of fold-in items
 */
export function usersByActivity(lengths: ArrayLike<number>): Members[] {
  const users = Int32Array.from({ length: lengths.length }, (_, user) => user)
  const sorted = Float64Array.from(lengths).sort()
  const border = (third: number): number => sorted[Math.ceil((third * sorted.length) / 3) - 1] ?? 0
  const segmentOf = (length: number): Segment['name'] =>
    length <= border(1) ? 'light' : length <= border(2) ? 'medium' : 'heavy'
  return (['light', 'medium', 'heavy'] as const)
    .map((name) =>
      membersOf(
        name,
        lengths,
        users.filter((user) => segmentOf(lengths[user] ?? 0) === name),
      ),
    )
    .filter(({ members }) => members.length > 0)
}

/**
 * Items in three segments with a third of the training interactions each: the few most popular (head), mid, and the many others (tail). An item
 * belongs to the segment of the midpoint of its interactions, in descending order of popularity, ties by lower index. Empty segments are left out.
 *
 * @param counts [items], training users who have each item
 */
export function itemsByPopularity(counts: ArrayLike<number>): Members[] {
  const order = Int32Array.from({ length: counts.length }, (_, item) => item).sort(
    (a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b,
  )
  const total = order.reduce((sum, item) => sum + (counts[item] ?? 0), 0)
  const chosen: Record<'head' | 'mid' | 'tail', number[]> = { head: [], mid: [], tail: [] }
  let before = 0
  for (const item of order) {
    const middle = before + (counts[item] ?? 0) / 2
    chosen[3 * middle < total ? 'head' : 3 * middle < 2 * total ? 'mid' : 'tail'].push(item)
    before += counts[item] ?? 0
  }
  return (['head', 'mid', 'tail'] as const)
    .map((name) => membersOf(name, counts, Int32Array.from(chosen[name]).sort()))
    .filter(({ members }) => members.length > 0)
}

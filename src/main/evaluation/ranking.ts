/** [items]: among equal scores the item with the higher value comes first; null: the lower index. */
type Ties = ArrayLike<number> | null

function tiedBefore(a: number, b: number, ties: Ties): boolean {
  const [tieA, tieB] = [ties?.[a] ?? 0, ties?.[b] ?? 0]
  return tieA === tieB ? a < b : tieA > tieB
}

/** Whether item a ranks before item b: higher score first, then the higher value in `ties`, then the lower index; NaN last. */
function standsBefore(scores: ArrayLike<number>, a: number, b: number, ties: Ties): boolean {
  const scoreA = scores[a] ?? Number.NaN
  const scoreB = scores[b] ?? Number.NaN
  if (scoreA === scoreB) return tiedBefore(a, b, ties)
  if (Number.isNaN(scoreA)) return Number.isNaN(scoreB) && tiedBefore(a, b, ties)
  return Number.isNaN(scoreB) || scoreA > scoreB
}

/** Restores the heap below `start`: the root of `heap[0 … size)` is the item that ranks last. */
function siftDown(heap: Int32Array, size: number, start: number, scores: ArrayLike<number>, ties: Ties): void {
  const moved = heap[start] ?? 0
  let hole = start
  for (;;) {
    let child = 2 * hole + 1
    if (child >= size) break
    if (child + 1 < size && standsBefore(scores, heap[child] ?? 0, heap[child + 1] ?? 0, ties)) child++
    const candidate = heap[child] ?? 0
    if (!standsBefore(scores, moved, candidate, ties)) break
    heap[hole] = candidate
    hole = child
  }
  heap[hole] = moved
}

const maskOf = (items: number, seen: ArrayLike<number>): Uint8Array => {
  const mask = new Uint8Array(items)
  for (let s = 0; s < seen.length; s++) mask[seen[s] ?? items] = 1
  return mask
}

/**
 * The k best unseen items of one user, best first; fewer if fewer are unseen. Partial selection on a heap of k items, O(I log k) at worst and
 * close to O(I) in practice, instead of a full sort.
 *
 * @param scores [items]; NaN ranks last
 * @param ties [items]; among equal scores the higher value comes first, then the lower index
 * @param seen item indexes that are left out of the list
 */
export function topK(
  scores: Float32Array | Float64Array,
  seen: ArrayLike<number>,
  k: number,
  ties: Ties = null,
): Int32Array {
  const masked = maskOf(scores.length, seen)
  const heap = new Int32Array(Math.min(k, scores.length))
  let size = 0
  for (let item = 0; item < scores.length; item++) {
    if (masked[item]) continue
    if (size < heap.length) {
      heap[size++] = item
      if (size === heap.length) for (let h = (size >> 1) - 1; h >= 0; h--) siftDown(heap, size, h, scores, ties)
    } else if (size > 0 && standsBefore(scores, item, heap[0] ?? 0, ties)) {
      heap[0] = item
      siftDown(heap, size, 0, scores, ties)
    }
  }
  if (size < heap.length) for (let h = (size >> 1) - 1; h >= 0; h--) siftDown(heap, size, h, scores, ties)
  const ranked = new Int32Array(size)
  while (size > 0) {
    ranked[size - 1] = heap[0] ?? 0
    heap[0] = heap[--size] ?? 0
    siftDown(heap, size, 0, scores, ties)
  }
  return ranked
}

/**
 * Ranks of the given items among one user's unseen items, counted from 1: one more than the number of unseen items before. For an item of the
 * history, the rank that it would have if it were unseen.
 *
 * @param scores [items], ordered as in `topK`
 * @returns [items asked for]
 */
export function ranksOf(
  items: ArrayLike<number>,
  scores: Float32Array | Float64Array,
  seen: ArrayLike<number>,
  ties: Ties = null,
): Int32Array {
  const masked = maskOf(scores.length, seen)
  return Int32Array.from(items, (item) => {
    let rank = 1
    for (let other = 0; other < scores.length; other++)
      if (other !== item && !masked[other] && standsBefore(scores, other, item, ties)) rank++
    return rank
  })
}

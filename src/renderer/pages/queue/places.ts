/**
 * Where a waiting job goes that moves by one place: the one that it is to precede, null for the end, undefined if it cannot move.
 *
 * @param waiting in the order in which they start
 */
export function target<Id>(waiting: readonly Id[], id: Id, steps: -1 | 1): Id | null | undefined {
  const at = waiting.indexOf(id)
  const there = at + steps
  if (at < 0 || there < 0 || there >= waiting.length) return undefined
  return steps < 0 ? waiting[there] : (waiting[there + 1] ?? null)
}

/**
 * p values adjusted for multiple tests, in the given order: Holm's step-down method (Holm 1979), which limits the chance of any false rejection to the
 * level whatever the tests' dependence. The smallest of m is multiplied by m, the next by m − 1, and so on; an adjusted value is never below one
 * before it in that order, and at most 1. A hypothesis is rejected if its adjusted value is below the level.
 */
export function holm(ps: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: ps.length }, (_, test) => test).sort((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0))
  const adjusted = new Float64Array(ps.length)
  let highest = 0
  order.forEach((test, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * (ps[test] ?? 0)))
    adjusted[test] = highest
  })
  return adjusted
}

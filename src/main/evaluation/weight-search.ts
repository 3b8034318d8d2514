/** One weight per member, the largest 1, because multiplying all weights by a number does not change rankings. */
export type Weights = readonly number[]

/** The value of each candidate, higher is better; a candidate with only one weight above 0 is that member alone. */
type Measure = (candidates: readonly Weights[]) => Promise<readonly number[]>

/** Up to this many members, every combination of 0, ½ and 1 is tried first: 65 for four. */
const MOST_ON_GRID = 4
/** Step sizes of a weight, from coarse to fine; finer steps would overfit to a few hundred users. */
const STEPS = [0.25, 0.125]
/** Maximum number of moves per step size; rarely reached, because every move must improve the value. */
const MOST_MOVES = 20

/**
 * Searches weights of a product, best by the measure, deterministically: each member alone, all weights 1, and a coarse grid; from the best of them,
 * one weight at a time is moved up or down as long as that helps, with decreasing step sizes. Among equal values the candidate that was measured
 * first wins: single members, then the plain product. So the result is never worse than any of these members or the plain product.
 */
export async function searchWeights(members: number, measure: Measure): Promise<{ weights: Weights; value: number }> {
  const measured = new Set<string>()
  let best: { weights: Weights; value: number } = { weights: alone(members, 0), value: Number.NEGATIVE_INFINITY }
  /** Whether one of the candidates is the new best. */
  const tryAll = async (candidates: readonly Weights[]): Promise<boolean> => {
    const fresh = candidates.filter((weights) => !measured.has(weights.join()) && measured.add(weights.join()))
    if (fresh.length === 0) return false
    const before = best
    for (const [c, value] of (await measure(fresh)).entries()) {
      const weights = fresh[c]
      if (weights && value > best.value) best = { weights, value }
    }
    return best !== before
  }
  const singles = Array.from({ length: members }, (_, m) => alone(members, m))
  const plain = Array.from({ length: members }, () => 1)
  await tryAll([...singles, plain, ...(members <= MOST_ON_GRID ? grid(members) : pairs(members))])
  for (const step of STEPS)
    for (let move = 0; move < MOST_MOVES && (await tryAll(neighbours(best.weights, step))); move++);
  return best
}

const alone = (members: number, own: number): number[] => Array.from({ length: members }, (_, m) => (m === own ? 1 : 0))

/** Every combination of 0, ½ and 1 whose largest is 1. */
const grid = (members: number): number[][] =>
  Array.from({ length: 3 ** members }, (_, code) =>
    Array.from({ length: members }, (_, m) => (Math.floor(code / 3 ** m) % 3) / 2),
  ).filter((weights) => Math.max(...weights) === 1)

const pairs = (members: number): number[][] =>
  Array.from({ length: members * members }, (_, code) => [code % members, Math.floor(code / members)] as const)
    .filter(([a, b]) => a < b)
    .map(([a, b]) => Array.from({ length: members }, (_, m) => (m === a || m === b ? 1 : 0)))

/** One weight moved, none below 0, the largest made 1 again. */
const neighbours = (weights: Weights, step: number): number[][] =>
  weights.flatMap((weight, own) =>
    [weight + step, weight - step].flatMap((moved) => {
      const changed = weights.map((other, m) => (m === own ? Math.max(0, moved) : other))
      const largest = Math.max(...changed)
      return largest > 0 ? [changed.map((other) => Math.round((other / largest) * 1000) / 1000)] : []
    }),
  )

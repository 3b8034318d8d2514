import type { Random } from './random'

/** Sign bits drawn at once; pure-rand gives whole numbers below 2³⁰ in one draw. */
const BITS_AT_ONCE = 30
/** Values whose signed sums are computed beforehand. */
const GROUP = 10
const SIGNS = 2 ** GROUP - 1
const GROUPS_AT_ONCE = BITS_AT_ONCE / GROUP

/**
 * Paired sign-flip permutation test over users, two-sided: if the systems were alike, each user's difference a − b could as well have the other sign.
 * p is the share of random sign assignments whose mean difference is at least as far from 0 as the observed one, including the observed one: (1 + hits)
 * / (1 + rounds), never 0 (Phipson & Smyth 2010). Users without a difference change nothing; without any, p is 1.
 *
 * @param a values of one system, one per user; b those of the other, of the same users in the same order
 * @param rounds random sign assignments; the smallest p is 1 / (1 + rounds) @throws RangeError if a and b differ in length
 */
export function pairedPermutation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { rounds, random }: { readonly rounds: number; readonly random: Random },
): number {
  if (a.length !== b.length)
    throw new RangeError(`${a.length} values cannot be paired with ${b.length}: both must be of the same users.`)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`The number of rounds has to be a whole number above 0, not ${rounds}.`)
  const differences = Float64Array.from(a, (value, user) => value - (b[user] ?? 0)).filter((value) => value !== 0)
  const extent = differences.reduce((sum, value) => sum + Math.abs(value), 0)
  // Sums of the same numbers in another order differ by rounding; they count as ties.
  const seen = Math.abs(differences.reduce((sum, value) => sum + value, 0)) - 1e-12 * extent
  const groups = signedSums(differences)
  let hits = 0
  for (let round = 0; round < rounds; round++) if (Math.abs(flippedSum(groups, random)) >= seen) hits++
  return (1 + hits) / (1 + rounds)
}

/**
 * For each ten values their sums with every combination of signs, of which bit v says whether value v is added or subtracted: a round then takes a tenth of
 * the additions. [groups][2¹⁰]
 */
function signedSums(values: Float64Array): Float64Array[] {
  const groups: Float64Array[] = []
  for (let first = 0; first < values.length; first += GROUP) {
    const group = values.subarray(first, first + GROUP)
    const sums = new Float64Array(2 ** GROUP)
    for (let signs = 0; signs < sums.length; signs++)
      for (let v = 0; v < group.length; v++)
        sums[signs] = (sums[signs] ?? 0) + ((signs >>> v) & 1 ? (group[v] ?? 0) : -(group[v] ?? 0))
    groups.push(sums)
  }
  return groups
}

/** Sum of the values, each with a random sign. @param groups of `signedSums` */
function flippedSum(groups: readonly Float64Array[], random: Random): number {
  let sum = 0
  for (let first = 0; first < groups.length; first += GROUPS_AT_ONCE) {
    let bits = random.integer(2 ** BITS_AT_ONCE)
    for (let group = first; group < Math.min(first + GROUPS_AT_ONCE, groups.length); group++) {
      sum += groups[group]?.[bits & SIGNS] ?? 0
      bits >>>= GROUP
    }
  }
  return sum
}

/** The largest probability at which something in one of several columns is hardly chance. */
export const hardly = 0.001

/**
 * Whether it is hardly chance, in one of several columns, that so many of a column's numbers have a property that numbers usually have with a given
 * probability: by Chernoff's bound of the binomial distribution.
 */
export function isUnlikely(found: number, of: number, usual: number, columns: number): boolean {
  const share = found / of
  if (share <= usual) return false
  const divergence =
    share * Math.log(share / usual) + (share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - usual)))
  return columns * Math.exp(-of * divergence) < hardly
}

/** The probability that independent events all happen. */
export const ofChance = (probabilities: readonly number[]): number =>
  probabilities.reduce((product, probability) => product * probability, 1)

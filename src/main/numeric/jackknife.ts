/**
 * Standard error of a value that is not a mean over users, by the delete-a-group jackknife: the value is computed again without each group, and se² =
 * (G − 1)/G · Σ (θ₍g₎ − θ̄)² (Quenouille 1949, Tukey 1958). With groups of one it is the ordinary jackknife, for a mean exactly s/√n.
 *
 * @param without the value without group g of 0 … groups − 1; null if it is undefined, and then the error is null @returns null also for fewer than
 * two groups
 */
export function jackknifeError(groups: number, without: (group: number) => number | null): number | null {
  if (groups < 2) return null
  const figures: number[] = []
  for (let group = 0; group < groups; group++) {
    const figure = without(group)
    if (figure === null) return null
    figures.push(figure)
  }
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / groups
  const squares = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0)
  return Math.sqrt((squares * (groups - 1)) / groups)
}

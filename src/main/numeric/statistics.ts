import type { Metric } from '../../shared/metrics'

/**
 * Mean and standard error of values that are not stored (Welford, 1962): equal to `meanAndError` of all of them up to the last bits of double
 * precision.
 */
export class RunningMean {
  #count = 0
  #mean = 0
  #squares = 0

  add(value: number): void {
    const before = value - this.#mean
    this.#mean += before / ++this.#count
    this.#squares += before * (value - this.#mean)
  }

  metric(): Metric {
    const n = this.#count
    return { mean: this.#mean, se: n < 2 ? null : Math.sqrt(this.#squares / (n - 1) / n), users: n }
  }
}

/** Mean and its standard error s/√n, s the sample standard deviation (divisor n − 1); se is null for fewer than two values. */
export function meanAndError(values: ArrayLike<number>): Metric {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] ?? 0
  const mean = n === 0 ? 0 : sum / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += ((values[i] ?? 0) - mean) ** 2
  return { mean, se: n < 2 ? null : Math.sqrt(squares / (n - 1) / n), users: n }
}

/** Fewest values for an interval: below this, the expansion of Student's t is not exact enough. */
const fewestForInterval = 6

/**
 * The 95 % confidence interval of the mean: mean ± t · s/√n, with the quantile of Student's t by its expansion in 1/ν (Abramowitz and Stegun, 26.7.5).
 * Null for fewer than six values.
 */
export function intervalOfMean(values: ArrayLike<number>): { low: number; high: number } | null {
  const { mean, se } = meanAndError(values)
  const degrees = values.length - 1
  if (se === null || values.length < fewestForInterval) return null
  const z = 1.959963984540054
  const t =
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  return { low: mean - t * se, high: mean + t * se }
}

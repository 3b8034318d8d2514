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

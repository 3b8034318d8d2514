import type { Metric } from '../../shared/metrics'

/** Mean and its standard error s/√n, s the sample standard deviation (divisor n − 1); se is 0 for fewer than two values. */
export function meanAndError(values: ArrayLike<number>): Metric {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] ?? 0
  const mean = n === 0 ? 0 : sum / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += ((values[i] ?? 0) - mean) ** 2
  return { mean, se: n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n), users: n }
}

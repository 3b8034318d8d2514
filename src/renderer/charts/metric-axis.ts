/** Steps of an axis, by which the digits of its labels are found. */
const steps = 4
const fewest = 2
const most = 6

/**
 * Writes the labels of an axis of metrics with as many digits as tell them apart: 0.25 and 0.30 over a wide range, 0.3512 and 0.3514 over a narrow one.
 * @param values that the axis spans
 */
export function metricTick(values: Iterable<number>): (value: number) => string {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const step = (high - low) / steps
  const digits = step > 0 && Number.isFinite(step) ? Math.ceil(-Math.log10(step)) : fewest + 1
  const shown = Math.min(most, Math.max(fewest, digits))
  return (value) => value.toFixed(shown)
}

/** Exponent b of cost = a · size^b, fitted by least squares on the logarithms: 1 is linear growth, 3 that of a matrix product. */
export function fittedExponent(points: readonly { readonly size: number; readonly cost: number }[]): number {
  const logs = points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(logs.map((point) => point.x))
  const y = mean(logs.map((point) => point.y))
  const slope = logs.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0)
  return slope / logs.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
}

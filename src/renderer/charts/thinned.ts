import type { Curve } from './curve'

/** So many points of a curve are drawn, give or take a few, because more cost time and cannot be seen. */
const mostDrawn = 2000

/**
 * The x values of the points to draw: all, or in each stretch of the axis those of the lowest and the highest point of each curve. They are the
 * same for all curves, so that a tooltip has the values of each. The ends and `kept` are always among them.
 */
export function drawnAt(curves: readonly Curve[], kept: readonly number[] = []): ReadonlySet<number> | null {
  const longest = Math.max(0, ...curves.map(({ points }) => points.length))
  if (longest <= mostDrawn) return null
  const shown = new Set(kept)
  // Each stretch adds up to two x values for each curve.
  const stretches = Math.ceil(mostDrawn / (2 * curves.length))
  for (const { points } of curves) {
    const size = Math.ceil(points.length / stretches)
    for (let from = 0; from < points.length; from += size) {
      const stretch = points.slice(from, from + size)
      for (const x of extremesOf(stretch)) shown.add(x)
    }
    for (const end of [points[0], points.at(-1)]) if (end) shown.add(end[0])
  }
  return shown
}

function extremesOf(points: Curve['points']): number[] {
  let [low, high] = [points[0], points[0]]
  for (const point of points) {
    if (low && point[1] < low[1]) low = point
    if (high && point[1] > high[1]) high = point
  }
  return [low, high].flatMap((point) => (point ? [point[0]] : []))
}

/** The points of a curve, and their errors, at these x values; all if there are none. */
export function pointsAt(curve: Curve, xs: ReadonlySet<number> | null): Curve {
  if (xs === null) return curve
  const at = curve.points.flatMap(([x], index) => (xs.has(x) ? [index] : []))
  const pick = <Value>(values: readonly Value[]): Value[] => at.flatMap((index) => values[index] ?? [])
  const points = curve.points.filter(([x]) => xs.has(x))
  return { ...curve, points, ...(curve.errors && { errors: pick(curve.errors) }) }
}

/** How curves are shown; the same for charts that belong together. */
export interface CurveView {
  /** Weight of what came before, from 0 (as it is) to below 1. */
  readonly smoothing: number
  readonly logarithmic: boolean
}

/** One line of a chart: a named sequence of [x, y]. */
export interface Curve {
  name: string
  points: readonly (readonly [number, number])[]
  /** Half the height of the band around each point, such as a standard error. */
  errors?: readonly number[]
  /** Measured under another protocol than the others. */
  apart?: boolean
}

/**
 * An exponential moving average: each value is that of the points so far, of which one k points ago counts smoothingᵏ. The weights sum to 1, so that the first
 * points are not drawn towards 0.
 */
export function smoothed({ name, points, ...rest }: Curve, smoothing: number): Curve {
  let [sum, weight] = [0, 0]
  return {
    ...rest,
    name: `${name}, smoothed`,
    points: points.map(([x, y]) => {
      sum = smoothing * sum + y
      weight = smoothing * weight + 1
      return [x, sum / weight] as const
    }),
  }
}

/** One line of a chart: a named sequence of [x, y]. */
export interface Curve {
  name: string
  points: readonly (readonly [number, number])[]
}

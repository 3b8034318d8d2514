/** One line of a chart: a named sequence of [x, y]. */
export interface Curve {
  name: string
  /** [x, y]; */
  points: readonly (readonly [number, number])[]
}

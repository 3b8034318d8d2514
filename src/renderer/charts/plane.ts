/** Items of one colour and shape in a plane; `items` are indexes into the plane's coordinates. */
export interface PlaneGroup {
  readonly name: string
  readonly colour: string
  readonly symbol: string
  readonly items: readonly number[]
}

export interface Plane {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** The effect of dragging over a plane. */
export type PlaneTool = 'move' | 'rectangle' | 'lasso'

/** A drawn area, in the plane's coordinates. */
export type Area =
  | { readonly kind: 'rectangle'; readonly x: readonly [number, number]; readonly y: readonly [number, number] }
  | { readonly kind: 'lasso'; readonly corners: readonly (readonly [number, number])[] }

const between = (value: number, [a, b]: readonly [number, number]): boolean =>
  value >= Math.min(a, b) && value <= Math.max(a, b)

/** Whether a ray from the point crosses the outline an odd number of times. */
function inside(px: number, py: number, corners: readonly (readonly [number, number])[]): boolean {
  let odd = false
  let before = corners.at(-1)
  for (const corner of corners) {
    const [ax, ay] = before ?? corner
    const [bx, by] = corner
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) odd = !odd
    before = corner
  }
  return odd
}

/** The `items` within an area, in their order. */
export function itemsWithin({ x, y }: Plane, items: readonly number[], area: Area): number[] {
  return items.filter((item) => {
    const [px, py] = [x[item] ?? Number.NaN, y[item] ?? Number.NaN]
    return area.kind === 'rectangle' ? between(px, area.x) && between(py, area.y) : inside(px, py, area.corners)
  })
}

/** The k items nearest to one, nearest first. */
export function nearest({ x, y }: Plane, item: number, k: number): number[] {
  const [px, py] = [x[item] ?? Number.NaN, y[item] ?? Number.NaN]
  const away = x.map((value, other) => (value - px) ** 2 + ((y[other] ?? Number.NaN) - py) ** 2)
  return [...away.keys()]
    .filter((other) => other !== item)
    .sort((a, b) => (away[a] ?? 0) - (away[b] ?? 0))
    .slice(0, k)
}

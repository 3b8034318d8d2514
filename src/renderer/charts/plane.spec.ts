import { describe, expect, it } from 'vitest'
import { itemsWithin, nearest } from './plane'

const plane = { x: [0, 1, 2, 3, -1], y: [0, 1, 0, 3, -1] }
const all = [0, 1, 2, 3, 4]

describe('itemsWithin', () => {
  it('selects the items in a rectangle drawn from any corner', () => {
    expect(itemsWithin(plane, all, { kind: 'rectangle', x: [-0.5, 2], y: [0, 1] })).toEqual([0, 1, 2])
    expect(itemsWithin(plane, all, { kind: 'rectangle', x: [2, -0.5], y: [1, 0] })).toEqual([0, 1, 2])
  })

  it('selects the items inside a lasso, without those in its dents', () => {
    // An L: the square of side 2 without its upper right quarter.
    const corners = [
      [-0.5, -0.5],
      [2.5, -0.5],
      [2.5, 0.5],
      [0.5, 0.5],
      [0.5, 2.5],
      [-0.5, 2.5],
    ] as const
    expect(itemsWithin(plane, all, { kind: 'lasso', corners })).toEqual([0, 2])
    expect(itemsWithin(plane, all, { kind: 'lasso', corners: [] })).toEqual([])
  })

  it('leaves out options that are not offered', () => {
    expect(itemsWithin(plane, [1, 4], { kind: 'rectangle', x: [-9, 9], y: [-9, 9] })).toEqual([1, 4])
  })
})

describe('nearest', () => {
  it('gives the nearest first, never the item itself', () => {
    expect(nearest(plane, 1, 3)).toEqual([0, 2, 3])
    expect(nearest(plane, 3, 1)).toEqual([1])
    expect(nearest(plane, 0, 99)).toHaveLength(4)
  })
})

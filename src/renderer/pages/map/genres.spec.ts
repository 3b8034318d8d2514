import { describe, expect, it } from 'vitest'
import { colouredGenres, genreGroups, isWithoutGenres } from './genres'

const items = (...genres: string[][]): { genres: string[] }[] => genres.map((list) => ({ genres: list }))

describe('genreGroups', () => {
  it('gives an item its rarest coloured genre, and orders genres by how many items name them', () => {
    const groups = genreGroups(
      items(['Action', 'Drama'], ['Drama'], ['Drama', 'Sci-Fi'], ['Action', 'Sci-Fi'], ['Action']),
    )
    expect(groups).toEqual([
      { name: 'Action', items: [4], rank: 0 },
      { name: 'Drama', items: [0, 1], rank: 1 },
      { name: 'Sci-Fi', items: [2, 3], rank: 2 },
    ])
  })

  it('puts items with only uncoloured genres, and items without genres, into groups of their own', () => {
    const common = Array.from({ length: colouredGenres }, (_, i) => [`g${i}`])
    const groups = genreGroups(items(...common, ...common, ['rare'], []))
    expect(groups).toHaveLength(colouredGenres + 2)
    expect(groups.slice(-2)).toEqual([
      { name: 'Other', items: [16], rank: null },
      { name: 'No genre', items: [17], rank: null },
    ])
  })

  it('has one group if the data set has no genres', () => {
    expect(genreGroups(items([], []))).toEqual([{ name: 'No genre', items: [0, 1], rank: null }])
    expect(isWithoutGenres(items([], []))).toBe(true)
    expect(isWithoutGenres(items([], ['Drama']))).toBe(false)
  })

  it('puts every item into exactly one group', () => {
    const mixed = items(['a', 'b'], ['b', 'c'], [], ['c', 'a', 'a'])
    const placed = genreGroups(mixed).flatMap((group) => group.items)
    expect(placed.sort()).toEqual([0, 1, 2, 3])
  })
})

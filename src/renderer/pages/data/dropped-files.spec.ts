import { describe, expect, it } from 'vitest'
import { sortFiles } from './dropped-files'

const file = (name: string): File => new File(['x'], name)

describe('sortFiles', () => {
  it('tells ratings from items by name, in any order', () => {
    const [movies, ratings] = [file('movies.csv'), file('ratings.csv')]
    expect(sortFiles([movies, ratings])).toEqual({ ratings, items: movies })
  })

  it('takes a lone file for the ratings, whatever its name', () => {
    const items = file('items.csv')
    expect(sortFiles([items])).toEqual({ ratings: items, items: null })
  })
})

import { expect, it } from 'vitest'
import { matchingItems } from './item-search'

const items = ['The Heat', 'Heat (1995)', 'Amélie', 'Dead Heat'].map((title, at) => ({
  id: `i${at}`,
  title,
  genres: [],
  popularity: 9 - at,
}))
const titles = (words: string): string[] => matchingItems(items, words).map(({ title }) => title)

it('finds titles without case and accents, those that begin with the words first', () => {
  expect(titles('heat')).toEqual(['Heat (1995)', 'The Heat', 'Dead Heat'])
  expect(titles(' AMELIE ')).toEqual(['Amélie'])
  expect(titles('i3')).toEqual(['Dead Heat'])
  expect(titles('nothing')).toEqual([])
  expect(titles('')).toHaveLength(4)
})

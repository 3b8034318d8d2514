import { expect, it } from 'vitest'
import { attributesOf, rolesOfDetails } from './item-details'

it('every column is the id, the title, the genres or an attribute', () => {
  const columns = ['kod', 'nazev', 'rok', 'druh'].map((name) => ({ name }))
  const mapping = { item: 'kod', title: 'nazev', genres: null }
  expect(rolesOfDetails(mapping)).toEqual({ kod: 'item id', nazev: 'title' })
  expect(attributesOf(columns, mapping)).toEqual(['rok', 'druh'])
  // One column may be two things; its head says the more important one.
  expect(rolesOfDetails({ item: 'kod', title: 'kod', genres: null })).toEqual({ kod: 'item id' })
})

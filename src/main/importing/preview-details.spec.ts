import { describe, expect, it } from 'vitest'
import type { ColumnStatistics } from '../../shared/datasets'
import { namesItems, suggestDetails } from './preview-details'

const column = (name: string, kind: ColumnStatistics['kind'], distinct: number, samples: string[]) => ({
  name,
  samples,
  statistics: { kind, distinct, empty: 0, numbers: 0, times: 0, min: '', max: '', values: [] },
})

describe('a column that is not named like an id', () => {
  const match = (column: string, different: number, items: number) => ({ column, different, items })

  it('identifies items if it has their ids, one per row, and no other column has them', () => {
    expect(namesItems('ean', [match('ean', 100, 90), match('year', 40, 12)], 100)).toBe(true)
    // Catalogues may have items that nobody has liked, and several rows for an item.
    expect(namesItems('ean', [match('ean', 60, 40)], 110)).toBe(true)
  })

  it('does not identify items if its numbers happen to be ids, or if two columns do', () => {
    expect(namesItems('size', [match('size', 1, 1)], 1)).toBe(false)
    expect(namesItems('pieces', [match('pieces', 9, 9)], 100)).toBe(false)
    expect(namesItems('price', [match('price', 100, 20)], 100)).toBe(false)
    expect(namesItems('row', [match('row', 100, 100), match('code', 100, 90)], 100)).toBe(false)
  })
})

describe('columns of item details', () => {
  it('are found under any header: the id by the items that it identifies, title and genres by their content', () => {
    const columns = [
      column('kod', 'integer', 100, ['1', '2']),
      column('rok', 'integer', 40, ['1995', '1996']),
      column('co to je', 'text', 98, ['Heat', 'Alien']),
      column('druh', 'text', 20, ['Drama|Crime', 'Horror|Sci-Fi', 'Drama']),
    ]
    const ids = [
      { column: 'kod', different: 100, items: 90 },
      { column: 'rok', different: 40, items: 12 },
      { column: 'co to je', different: 98, items: 0 },
      { column: 'druh', different: 20, items: 0 },
    ]
    expect(suggestDetails(columns, true, ids)).toEqual({ item: 'kod', title: 'co to je', genres: 'druh' })
  })

  it('are recognised by their names if the values do not contradict them', () => {
    const columns = [
      column('row', 'integer', 100, ['1', '2']),
      column('movieId', 'integer', 100, ['1', '2']),
      column('plot', 'text', 100, ['Long', 'Short']),
      column('title', 'text', 100, ['Heat', 'Alien']),
    ]
    const ids = [
      { column: 'row', different: 100, items: 95 },
      { column: 'movieId', different: 100, items: 90 },
    ]
    expect(suggestDetails(columns, true, ids)).toEqual({ item: 'movieId', title: 'title', genres: null })
    const others = [
      { column: 'row', different: 100, items: 95 },
      { column: 'movieId', different: 100, items: 3 },
    ]
    expect(suggestDetails(columns, true, others)).toMatchObject({ item: 'row' })
  })

  it('stay open if no column identifies items and no name shows one', () => {
    const columns = [column('colour', 'text', 3, ['red', 'blue'])]
    expect(suggestDetails(columns, true, [{ column: 'colour', different: 3, items: 0 }])).toEqual({
      item: null,
      title: null,
      genres: null,
    })
  })
})

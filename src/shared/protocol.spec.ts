import { describe, expect, it } from 'vitest'
import { contrastText, markedProtocols } from './protocol'
import { defaultPreparation, defaultSplit, type Preparation } from './runs'

const run = (id: number, preparation: Partial<Preparation> = {}, valueKind: 'rating' | 'none' = 'rating') => ({
  id,
  dataset: 1,
  datasetName: 'films',
  datasetVersion: 1,
  valueKind,
  preparation: { ...defaultPreparation, ...preparation },
  split: defaultSplit,
})

describe('the protocols of listed runs', () => {
  it('are marked from the oldest run on, with their differences', () => {
    const marked = markedProtocols([run(3), run(2, { minInteractions: 7 }), run(1)])
    expect([1, 2, 3].map((id) => marked.get(id)?.mark)).toEqual(['A', 'B', 'A'])
    expect(marked.get(2)?.text).toBe('Users with at least 7 liked items.')
    expect(marked.get(1)).toBe(marked.get(3))
  })

  it.each([
    [{ until: '2017-12-31' }, 'Last day: any.'],
    [{ from: '2017-12-31' }, 'First day: any.'],
    [{ minPerItem: 2 }, 'Items with at least 1 user.'],
    [{ sample: 0.9 }, 'Share of users: all.'],
    [{ mostPopular: 500 }, 'Most popular items: all.'],
  ])('say of a run without filters which one it lacks', (filter, text) => {
    const marked = markedProtocols([run(1), run(2, filter)])
    expect(marked.get(1)?.text).toBe(text)
    expect(marked.get(2)?.text).not.toContain('any')
  })

  it('are not marked if all runs have the same, such as any threshold without values', () => {
    expect(markedProtocols([]).size).toBe(0)
    expect(markedProtocols([run(1), run(2)]).size).toBe(0)
    expect(markedProtocols([run(1, { threshold: 2 }, 'none'), run(2, { threshold: 4 }, 'none')]).size).toBe(0)
  })

  it('go on with two letters after 26', () => {
    const marked = markedProtocols(Array.from({ length: 28 }, (_, id) => run(id, { minInteractions: id + 1 })))
    expect([25, 26, 27].map((id) => marked.get(id)?.mark)).toEqual(['Z', 'AA', 'AB'])
  })
})

describe('the difference of two protocols', () => {
  it('has both values, and leaves out consequences of another difference', () => {
    const one = run(1)
    expect(contrastText(run(2, { threshold: null, minInteractions: 7, from: '2015-01-31' }), one)).toBe(
      'liked: every interaction instead of ratings of 4 or higher; users with at least 7 liked items instead of 5 liked items; first day: 2015-01-31 (UTC) instead of any',
    )
    expect(contrastText({ ...one, split: { ...defaultSplit, method: 'date', date: '2020-01-01' } }, one)).toBe(
      'held out: everything from a date on instead of whole users',
    )
    expect(contrastText(run(2, { sample: 0.5, sampleSeed: 3 }), one)).toBe('share of users: 50 % instead of all')
  })
})

import { expect, it } from 'vitest'
import { plotTitle } from './plot-title'

it('names the product, models by their names, and other members by their labels', () => {
  const names = ['joint', 'two-maple', 'fir (run 3)'].map((name) => plotTitle(name, (kind) => `«${kind}»`))
  expect(names).toEqual(['Joint model', '«two-maple»', '«fir» (run 3)'])
})

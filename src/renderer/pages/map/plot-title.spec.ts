import { expect, it } from 'vitest'
import { plotTitle } from './plot-title'

it('names the product, models by their names, and other members by their labels', () => {
  const names = ['joint', 'mult-vae', 'nease (run 3)'].map((name) => plotTitle(name, (kind) => `«${kind}»`))
  expect(names).toEqual(['Joint model', '«mult-vae»', '«nease» (run 3)'])
})

import { expect, it } from 'vitest'
import { estimateMemory, largestMatrix } from '../memory-estimate'
import { configure } from '../registry'
import { definition } from './definition'

it('needs one count for each item, however many users there are', () => {
  const model = configure(definition, null, {})
  expect(largestMatrix(model, { items: 1_000_000, users: 1_000_000 })).toBe(1_000_000)
  const peak = estimateMemory({ model, items: 20_720, users: 100_000, interactions: 10_000_000 }).peak
  expect(peak).toBeLessThan(2 ** 30)
})

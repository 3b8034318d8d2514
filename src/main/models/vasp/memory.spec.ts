import { expect, it } from 'vitest'
import { estimateMemory } from '../memory-estimate'
import { configure } from '../registry'
import { definition } from './definition'

it('has the weights of figure 1 of the paper, counted by hand', () => {
  const [items, hidden, latent] = [20_720, 4096, 2048]
  const model = configure(definition, 'paper', {})
  const norms = 12 * 2 * hidden
  const encoder = items * hidden + 6 * hidden * hidden + 7 * hidden + 2 * (hidden + 1) * latent
  const decoder = latent * hidden + 4 * hidden * hidden + 5 * hidden
  const head = (hidden + 1) * items
  const { weights } = estimateMemory({ model, items, users: 100_000, interactions: 10_000_000 })
  expect(weights / 4).toBe(items * items + encoder + decoder + norms + head)
})

it('keeps the gradients of both members’ first layers sparse', () => {
  const run = { model: configure(definition, 'paper', {}), items: 20_720, users: 100_000, interactions: 10_000_000 }
  const [sparse, dense] = [estimateMemory(run), estimateMemory({ ...run, denseGradients: true })]
  expect(dense.gradients - sparse.gradients).toBeGreaterThan(4 * 20_720 * (20_720 + 4_096))
})

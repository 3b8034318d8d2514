import { describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import type { ModelConfig } from '../../shared/models'
import { estimateMemory, type EstimatedRun } from './memory-estimate'
import { fittingOptions, mostItems, requireMemory } from './memory-options'
import { configure, modelOf } from './registry'
import { usableMemory } from './usable-memory'

const GIB = 2 ** 30
const paper = (overrides: ModelConfig = {}): EstimatedRun => ({
  model: configure(modelOf('vasp'), 'paper', overrides),
  items: 20_720,
  users: 100_000,
  interactions: 10_000_000,
})

const ease = configure(modelOf('ease'), null, { lambdas: '100' })

function refusal(run: EstimatedRun, usable: number): StudioError | null {
  try {
    requireMemory(run, usable)
    return null
  } catch (error) {
    if (error instanceof StudioError) return error
    throw error
  }
}

describe('the estimate', () => {
  it('adds up, and grows with rows, widths and items', () => {
    const { weights, optimiser, gradients, activations, solution, base, peak } = estimateMemory(paper())
    expect(weights + optimiser + gradients + activations + solution + base).toBe(peak)
    expect(optimiser).toBe(2 * weights)
    // Counted by hand from figure 1 of the paper.
    const [items, hidden, latent] = [20_720, 4096, 2048]
    const norms = 12 * 2 * hidden
    const encoder = items * hidden + 6 * hidden * hidden + 7 * hidden + 2 * (hidden + 1) * latent
    const decoder = latent * hidden + 4 * hidden * hidden + 5 * hidden
    const head = (hidden + 1) * items
    expect(weights / 4).toBe(items * items + encoder + decoder + norms + head)
    for (const less of [{ batchRows: 512 }, { hidden: 2048 }, { latent: 1024 }])
      expect(estimateMemory(paper(less)).peak).toBeLessThan(peak)
    expect(estimateMemory({ ...paper(), items: 7_000 }).peak).toBeLessThan(peak)
  })

  it('counts the activations of one micro-batch, and the accumulated gradients', () => {
    const [whole, accumulated] = [estimateMemory(paper()), estimateMemory(paper({ accumulate: 4 }))]
    expect(accumulated.activations).toBeCloseTo(whole.activations / 4, -3)
    expect(accumulated.gradients).toBeGreaterThan(whole.gradients)
  })

  it('does not count the gradient of a first layer that stays sparse', () => {
    const [sparse, dense] = [estimateMemory(paper()), estimateMemory({ ...paper(), denseGradients: true })]
    // NEASE's 20,720² and the first layer's 20,720 × 4,096, of four bytes.
    expect(dense.gradients - sparse.gradients).toBeGreaterThan(4 * 20_720 * (20_720 + 4_096))
  })

  it('for EASE is a few matrices of items × items, or of users × users if users are few', () => {
    const solved = (items: number, users: number): number =>
      estimateMemory({ ...paper(), model: ease, items, users }).peak
    expect(solved(20_000, 100_000)).toBeGreaterThan(4 * 4 * 20_000 ** 2)
    expect(solved(20_000, 100_000) - solved(10_000, 100_000)).toBeGreaterThan(3 * solved(10_000, 100_000) - 3 * GIB)
    expect(solved(20_000, 500)).toBeLessThan(solved(20_000, 100_000))
    expect(estimateMemory({ ...paper(), model: configure(modelOf('popularity'), null, {}) }).peak).toBeLessThan(GIB)
  })
})

it('does not grow with the users of SLIM if it solves by the items', () => {
  const solved = (users: number): number =>
    estimateMemory({ ...paper(), model: configure(modelOf('slim'), null, {}), items: 5_000, users }).peak
  expect(solved(1_000_000)).toBe(solved(10_000))
  expect(solved(2_000)).toBeGreaterThan(solved(1_000))
})

describe('a run that does not fit', () => {
  it('is refused with the needed and the free memory, and settings that fit', () => {
    const error = refusal(paper(), 14 * GIB)
    expect(error?.code).toBe('OUT_OF_MEMORY')
    expect(error?.message).toMatch(/needs about .*weights .*optimiser .*gradients .*activations .* are free/)
    expect(error?.next).toMatch(/hidden=\d+ with latent=\d+ \(about .*only the [\d,]+ most popular items/)
    const options = fittingOptions(paper(), 14 * GIB)
    expect(options).not.toEqual([])
    for (const { settings, peak } of options) {
      expect(peak).toBeLessThanOrEqual(14 * GIB)
      expect(refusal(paper(settings), 14 * GIB)).toBeNull()
    }
  })

  it('is offered gradient accumulation if the activations are too large', () => {
    const wide = { ...paper({ batchRows: 16_384, hidden: 256, latent: 128 }), items: 5_000 }
    expect(fittingOptions(wide, 8 * GIB).map(({ settings }) => settings)).toContainEqual({
      accumulate: expect.any(Number) as number,
    })
  })

  it('names how many items fit, also for EASE', () => {
    const solved: EstimatedRun = { ...paper(), model: ease }
    for (const run of [paper({ hidden: 512, latent: 256 }), solved]) {
      const items = mostItems(run, 4 * GIB)
      const offered = Number(/--most-popular (\d+)\)/.exec(refusal(run, 4 * GIB)?.next ?? '')?.[1])
      // A tenth stays free; one more item would use some of it.
      expect(estimateMemory({ ...run, items: offered }).peak).toBeLessThanOrEqual(3.6 * GIB)
      expect(estimateMemory({ ...run, items: offered + 1 }).peak).toBeGreaterThan(3.6 * GIB)
      expect(refusal({ ...run, items }, 4 * GIB)).toBeNull()
      expect(refusal({ ...run, items: items + 1 }, 4 * GIB)).not.toBeNull()
    }
    expect(fittingOptions(solved, 4 * GIB)).toEqual([])
  })

  it('names the GPU that it does not fit on, and suggests the processor', () => {
    expect(() => requireMemory(paper(), 14 * GIB, 'GPU 0: NVIDIA L4')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/14\.0 GiB are free on GPU 0: NVIDIA L4\.$/) as string,
        next: expect.stringContaining('Or train on the processor (--device cpu).') as string,
      }) as Error,
    )
  })

  it('says so if no single change helps', () => {
    expect(refusal(paper(), 0.1 * GIB)?.next).toMatch(/^No single setting makes it fit/)
  })

  it('is not refused if it fits', () => {
    expect(refusal(paper(), 200 * GIB)).toBeNull()
  })
})

describe('usable memory', () => {
  it('is the free memory, or the amount in VASP_MEMORY', () => {
    expect(usableMemory({})).toBeGreaterThan(0)
    expect(usableMemory({ VASP_MEMORY: '1.5' })).toBe(1.5 * GIB)
    expect(() => usableMemory({ VASP_MEMORY: 'much' })).toThrow(/VASP_MEMORY is “much”/)
  })
})

import { describe, expect, it } from 'vitest'
import { layeredWithItemWeights, solved } from '../../../test/fixtures/invented-models'
import { refusalBy } from '../../../test/fixtures/refusal'
import type { ModelConfig } from '../../shared/models'
import { widthKeys } from './config'
import { estimateMemory, type EstimatedRun } from './memory-estimate'
import { fittingOptions, mostItems, requireMemory } from './memory-options'
import { configure, models, type ConfiguredModel } from './registry'
import { usableMemory } from './usable-memory'

const GIB = 2 ** 30
const ITEMS = 20_720
const runOf = (model: ConfiguredModel): EstimatedRun => ({
  model,
  items: ITEMS,
  users: 100_000,
  interactions: 10_000_000,
})
const wide = (overrides: ModelConfig = {}): EstimatedRun => runOf(configure(layeredWithItemWeights, null, overrides))
const solution = runOf(configure(solved, null, {}))
const refusal = (run: EstimatedRun, usable: number) => refusalBy(() => requireMemory(run, usable))

describe('the estimate', () => {
  it.each(
    models.flatMap((definition) => definition.presets.map(({ name }) => [definition.kind, name, definition] as const)),
  )('of %s, %s, adds up, and grows with widths and items', (_, preset, definition) => {
    const run = runOf(configure(definition, preset, {}))
    const { weights, optimiser, gradients, activations, solution, base, peak } = estimateMemory(run)
    expect(weights + optimiser + gradients + activations + solution + base).toBe(peak)
    expect(estimateMemory({ ...run, items: 7_000 }).peak).toBeLessThan(peak)
    const widths = widthKeys(definition.settings).map((key) => [key, Math.floor(Number(run.model.config[key]) / 2)])
    if (widths.length === 0) return
    const narrower = configure(definition, preset, Object.fromEntries(widths) as ModelConfig)
    expect(estimateMemory(runOf(narrower)).peak).toBeLessThan(peak)
  })

  it('counts the weights, the optimiser’s two moments of each, and rows of a batch', () => {
    const { weights, optimiser, peak } = estimateMemory(wide())
    const [hidden, latent] = [4096, 2048]
    expect(weights / 4).toBe(ITEMS * ITEMS + (ITEMS + 1) * hidden + (hidden + 1) * latent + (latent + 1) * ITEMS)
    expect(optimiser).toBe(2 * weights)
    expect(estimateMemory(wide({ batchRows: 512 })).peak).toBeLessThan(peak)
  })

  it('counts the activations of one micro-batch, and the accumulated gradients', () => {
    const [whole, accumulated] = [
      estimateMemory(wide({ batchRows: 8_192 })),
      estimateMemory(wide({ batchRows: 8_192, accumulate: 4 })),
    ]
    expect(accumulated.activations).toBeCloseTo(whole.activations / 4, -3)
    expect(accumulated.gradients).toBeGreaterThan(whole.gradients)
  })

  it('does not count the gradient of a first layer that stays sparse', () => {
    const [sparse, dense] = [estimateMemory(wide()), estimateMemory({ ...wide(), denseGradients: true })]
    expect(dense.gradients - sparse.gradients).toBeGreaterThan(4 * ITEMS * (ITEMS + 4_096))
  })

  it('of a solved model has the arrays of its solution', () => {
    expect(estimateMemory(solution).solution).toBe(4 * (2 * ITEMS * ITEMS + 100_000 * ITEMS))
    expect(estimateMemory({ ...solution, users: 500 }).solution).toBe(4 * (2 * ITEMS * ITEMS + 500 * ITEMS))
  })
})

describe('a run that does not fit', () => {
  it('is refused with the needed and the free memory, and settings that fit', () => {
    const error = refusal(wide(), 8 * GIB)
    expect(error?.code).toBe('OUT_OF_MEMORY')
    expect(error?.message).toMatch(/needs about .*weights .*optimiser .*gradients .*activations .* are free/)
    expect(error?.next).toMatch(/hidden=\d+ with latent=\d+ \(about .*only the [\d,]+ most popular items/)
    const options = fittingOptions(wide(), 8 * GIB)
    expect(options).not.toEqual([])
    for (const { settings, peak } of options) {
      expect(peak).toBeLessThanOrEqual(8 * GIB)
      expect(refusal(wide(settings), 8 * GIB)).toBeNull()
    }
  })

  it('is offered gradient accumulation if the activations are too large', () => {
    const large = { ...wide({ batchRows: 16_384, hidden: 256, latent: 128 }), items: 5_000 }
    expect(fittingOptions(large, 8 * GIB).map(({ settings }) => settings)).toContainEqual({
      accumulate: expect.any(Number) as number,
    })
  })

  it('names how many items fit, also for a solved model', () => {
    for (const run of [wide({ hidden: 512, latent: 256 }), solution]) {
      const items = mostItems(run, 4 * GIB)
      const offered = Number(/--most-popular (\d+)\)/.exec(refusal(run, 4 * GIB)?.next ?? '')?.[1])
      // A tenth stays free; one more item would use some of it.
      expect(estimateMemory({ ...run, items: offered }).peak).toBeLessThanOrEqual(3.6 * GIB)
      expect(estimateMemory({ ...run, items: offered + 1 }).peak).toBeGreaterThan(3.6 * GIB)
      expect(refusal({ ...run, items }, 4 * GIB)).toBeNull()
      expect(refusal({ ...run, items: items + 1 }, 4 * GIB)).not.toBeNull()
    }
    expect(fittingOptions(solution, 4 * GIB)).toEqual([])
  })

  it('names the GPU that it does not fit on, and suggests the processor', () => {
    expect(() => requireMemory(wide(), 8 * GIB, 'GPU 0: NVIDIA L4')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/8\.0 GiB are free on GPU 0: NVIDIA L4\.$/) as string,
        next: expect.stringContaining('Or train on the processor (--device cpu).') as string,
      }) as Error,
    )
  })

  it('says so if no single change helps', () => {
    expect(refusal(wide(), 0.1 * GIB)?.next).toMatch(/^No single setting makes it fit/)
  })

  it('is not refused if it fits', () => {
    expect(refusal(wide(), 200 * GIB)).toBeNull()
  })
})

describe('usable memory', () => {
  it('is the free memory, or the amount in VASP_MEMORY', () => {
    expect(usableMemory({})).toBeGreaterThan(0)
    expect(usableMemory({ VASP_MEMORY: '1.5' })).toBe(1.5 * GIB)
    expect(() => usableMemory({ VASP_MEMORY: 'much' })).toThrow(/VASP_MEMORY is “much”/)
  })
})

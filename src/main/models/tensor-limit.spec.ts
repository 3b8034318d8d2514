import { describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { modelEntry, resolveConfig } from './registry'
import { LARGEST_IN_ELECTRON, largestMatrix, requireAllocatable } from './tensor-limit'

const configOf = (model: ModelKind, overrides: ModelConfig = {}): ModelConfig =>
  resolveConfig(modelEntry(model), null, overrides)

function refusal(model: ModelKind, config: ModelConfig, items: number, electron = true): StudioError | null {
  try {
    requireAllocatable(model, config, items, electron)
    return null
  } catch (error) {
    if (error instanceof StudioError) return error
    throw error
  }
}

describe('the largest matrix', () => {
  it('is items × items where a model has weights between items', () => {
    for (const model of ['nease', 'vasp', 'ease'] as const)
      expect(largestMatrix(model, configOf(model), 25_000)).toBe(25_000 ** 2)
  })

  it('is the first layer, or the scores of a step, elsewhere', () => {
    expect(largestMatrix('mult-dae', configOf('mult-dae', { hidden: 600, batchRows: 500 }), 25_000)).toBe(600 * 25_000)
    const rows = { hidden: 600, batchRows: 8_192 }
    expect(largestMatrix('mult-dae', configOf('mult-dae', rows), 25_000)).toBe(8_192 * 25_000)
    expect(largestMatrix('mult-dae', configOf('mult-dae', { ...rows, accumulate: 8 }), 25_000)).toBe(1_024 * 25_000)
    expect(largestMatrix('popularity', {}, 25_000)).toBe(25_000)
  })
})

describe('within the desktop app', () => {
  it.each(['nease', 'vasp', 'ease'] as const)('%s is refused above the limit, and told how many items fit', (model) => {
    const config = configOf(model)
    const error = refusal(model, config, 25_000)
    expect(error?.code).toBe('OUT_OF_MEMORY')
    expect(error?.message).toMatch(/25,000 items a single matrix of this model takes 2\.3 GiB/)
    const most = Number(/the ([\d,]+) most popular/.exec(error?.next ?? '')?.[1]?.replaceAll(',', ''))
    expect(4 * most ** 2).toBeLessThanOrEqual(LARGEST_IN_ELECTRON)
    expect(refusal(model, config, most)).toBeNull()
    expect(refusal(model, config, most + 1)).not.toBeNull()
  })

  it('models without such a matrix are not', () => {
    expect(refusal('mult-dae', configOf('mult-dae'), 100_000)).toBeNull()
    expect(refusal('popularity', {}, 1_000_000)).toBeNull()
  })
})

it('elsewhere there is no such limit', () => {
  expect(refusal('nease', configOf('nease'), 100_000, false)).toBeNull()
})

import { describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { largestMatrix } from './memory-estimate'
import { configure, modelOf, type ConfiguredModel } from './registry'
import { LARGEST_IN_ELECTRON, requireAllocatable } from './tensor-limit'

const modelWith = (model: ModelKind, overrides: ModelConfig = {}): ConfiguredModel =>
  configure(modelOf(model), null, overrides)

const users = 1_000

function refusal(model: ConfiguredModel, items: number, electron = true, of = users): StudioError | null {
  try {
    requireAllocatable(model, { items, users: of }, electron)
    return null
  } catch (error) {
    if (error instanceof StudioError) return error
    throw error
  }
}

describe('the largest matrix', () => {
  it('is items × items if a model has weights between items', () => {
    for (const model of ['nease', 'vasp', 'ease'] as const)
      expect(largestMatrix(modelWith(model), { items: 25_000, users })).toBe(25_000 ** 2)
  })

  it('is the first layer, or the scores of a step, elsewhere', () => {
    expect(largestMatrix(modelWith('mult-dae', { hidden: 600, batchRows: 500 }), { items: 25_000, users })).toBe(
      600 * 25_000,
    )
    const rows = { hidden: 600, batchRows: 8_192 }
    expect(largestMatrix(modelWith('mult-dae', rows), { items: 25_000, users })).toBe(8_192 * 25_000)
    expect(largestMatrix(modelWith('mult-dae', { ...rows, accumulate: 8 }), { items: 25_000, users })).toBe(
      1_024 * 25_000,
    )
    expect(largestMatrix(modelWith('popularity'), { items: 25_000, users })).toBe(25_000)
  })
})

describe('within the desktop app', () => {
  it.each(['nease', 'vasp', 'ease'] as const)(
    '%s is refused above the limit, with the number of items that fit',
    (kind) => {
      const model = modelWith(kind)
      const error = refusal(model, 25_000)
      expect(error?.code).toBe('OUT_OF_MEMORY')
      expect(error?.message).toMatch(/25,000 items one matrix of this model takes 2\.3 GiB/)
      const most = Number(/the ([\d,]+) most popular/.exec(error?.next ?? '')?.[1]?.replaceAll(',', ''))
      expect(4 * most ** 2).toBeLessThanOrEqual(LARGEST_IN_ELECTRON)
      expect(refusal(model, most)).toBeNull()
      expect(refusal(model, most + 1)).not.toBeNull()
    },
  )

  it('iALS is refused if the vectors of its users are too large, with a remedy', () => {
    const model = modelWith('ials', { dimension: 128 })
    expect(largestMatrix(model, { items: 1_000, users: 50_000 })).toBe(128 * 50_000)
    const error = refusal(model, 1_000, true, 5_000_000)
    expect(error?.message).toMatch(/With 5,000,000 users one matrix of this model takes 2\.4 GiB/)
    expect(error?.next).toMatch(/choose a smaller dimension, or train on fewer users/)
    expect(refusal(model, 1_000, true, 4_000_000)).toBeNull()
    expect(refusal(model, 1_000, true, 0)).toBeNull()
  })

  it('models without such a matrix are not', () => {
    expect(refusal(modelWith('mult-dae'), 100_000)).toBeNull()
    expect(refusal(modelWith('popularity'), 1_000_000)).toBeNull()
  })
})

it('elsewhere there is no such limit', () => {
  expect(refusal(modelWith('nease'), 100_000, false)).toBeNull()
})

import { describe, expect, it } from 'vitest'
import { layered, layeredWithItemWeights, solved } from '../../../test/fixtures/invented-models'
import { refusalBy } from '../../../test/fixtures/refusal'
import { largestMatrix } from './memory-estimate'
import { configure, models, type ConfiguredModel } from './registry'
import { LARGEST_IN_ELECTRON, requireAllocatable } from './tensor-limit'

const users = 1_000
const refusal = (model: ConfiguredModel, items: number, electron = true, of = users) =>
  refusalBy(() => requireAllocatable(model, { items, users: of }, electron))

const withItemWeights = configure(layeredWithItemWeights, null, {})
const byUsers = configure(solved, null, {})

describe('the largest matrix', () => {
  it('is items × items if a model has weights between items', () => {
    expect(largestMatrix(withItemWeights, { items: 25_000, users })).toBe(25_000 ** 2)
  })

  it('is the first layer, or the scores of a step, elsewhere', () => {
    const largest = (batch: { batchRows: number; accumulate?: number }) =>
      largestMatrix(configure(layered, null, { hidden: 600, latent: 200, ...batch }), { items: 25_000, users })
    expect(largest({ batchRows: 500 })).toBe(600 * 25_000)
    expect(largest({ batchRows: 8_192 })).toBe(8_192 * 25_000)
    expect(largest({ batchRows: 8_192, accumulate: 8 })).toBe(1_024 * 25_000)
  })

  it('is an array of the solution if that is larger than every weight', () => {
    expect(largestMatrix(byUsers, { items: 1_000, users: 999 })).toBe(1_000 ** 2)
    expect(largestMatrix(byUsers, { items: 1_000, users: 50_000 })).toBe(50_000 * 1_000)
  })
})

describe('within the desktop app', () => {
  const tooLarge = models
    .map((definition) => configure(definition, null, {}))
    .filter((model) => 4 * largestMatrix(model, { items: 25_000, users }) > LARGEST_IN_ELECTRON)
  it.each([withItemWeights, ...tooLarge].map((model) => [model.definition.kind, model] as const))(
    '%s is refused above the limit, with the number of items that fit',
    (_, model) => {
      const error = refusal(model, 25_000)
      expect(error?.code).toBe('OUT_OF_MEMORY')
      expect(error?.message).toMatch(/25,000 items one matrix of this model takes 2\.\d GiB/)
      const most = Number(/the ([\d,]+) most popular/.exec(error?.next ?? '')?.[1]?.replaceAll(',', ''))
      expect(4 * most ** 2).toBeLessThanOrEqual(LARGEST_IN_ELECTRON)
      expect(refusal(model, most)).toBeNull()
      expect(refusal(model, most + 1)).not.toBeNull()
    },
  )

  it('a model is refused if it has too many users for one item, with a remedy', () => {
    const error = refusal(byUsers, 1, true, 600_000_000)
    expect(error?.message).toMatch(/With 600,000,000 users one matrix of this model takes 2\.2 GiB/)
    expect(error?.next).toMatch(/choose a smaller dimension, or train on fewer users/)
    expect(refusal(byUsers, 1, true, 500_000_000)).toBeNull()
    expect(refusal(byUsers, 1, true, 0)).toBeNull()
  })

  it('a model without such a matrix is not', () => {
    expect(refusal(configure(layered, null, { hidden: 600, latent: 200 }), 100_000)).toBeNull()
  })
})

it('elsewhere there is no such limit', () => {
  expect(refusal(withItemWeights, 100_000, false)).toBeNull()
})

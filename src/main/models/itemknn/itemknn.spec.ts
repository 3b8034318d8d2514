import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, it } from 'vitest'
import { expectGolden, itemModelCases } from '../../../../test/fixtures/models/item-models'
import { denseNeighbours } from '../../../../test/fixtures/models/neighbours'
import { probeBackends } from '../../compute/backend'

beforeAll(probeBackends)

describe.each(['tensorflow', 'cpu', 'wasm'])('ItemKNN on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  it.each(itemModelCases('itemknn'))(
    'has the neighbours and weights of the golden case, seed $seed',
    async (golden) => {
      // The last candidate is the golden case; earlier candidates must not affect it.
      const { neighbours, shrink } = golden.settings
      const config = { neighbours: `20,2,${String(neighbours)}`, shrinks: `100,${String(shrink)}` }
      await expectGolden('itemknn', golden, config, denseNeighbours)
    },
  )
})

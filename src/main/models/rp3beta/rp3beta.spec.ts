import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, it } from 'vitest'
import { expectGolden, itemModelCases } from '../../../../test/fixtures/models/item-models'
import { denseNeighbours } from '../../../../test/fixtures/models/neighbours'
import { probeBackends } from '../../compute/backend'

beforeAll(probeBackends)

describe.each(['tensorflow', 'cpu', 'wasm'])('RP3beta on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  it.each(itemModelCases('rp3beta'))(
    'has the neighbours and weights of the golden case, seed $seed',
    async (golden) => {
      // The last candidate is the golden case; earlier candidates must not affect it.
      const { alpha, beta, neighbours } = golden.settings
      const config = {
        alphas: `0.3,${String(alpha)}`,
        betas: `2,${String(beta)}`,
        neighbours: `20,2,${String(neighbours)}`,
      }
      await expectGolden('rp3beta', golden, config, denseNeighbours)
    },
  )
})

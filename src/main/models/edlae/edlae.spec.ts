import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectGolden, itemModelCases } from '../../../../test/fixtures/models/item-models'
import { csrOf } from '../../../../test/fixtures/oracle'
import { expectRounded } from '../../../../test/fixtures/rounding'
import { probeBackends } from '../../compute/backend'
import { columnCounts } from '../../numeric/csr'
import { byItems, byUsers } from '../item-weights/zero-diagonal'
import { configure } from '../registry'
import { definition } from './definition'

const cases = itemModelCases('edlae')

beforeAll(probeBackends)

describe.each(['tensorflow', 'cpu', 'wasm'])('EDLAE on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  it.each(cases)('minimises the expected error over all dropouts, seed $seed', async (golden) => {
    const { p, lambda } = golden.settings
    // The last candidate is the golden case; earlier candidates must not affect it.
    await expectGolden('edlae', golden, { dropouts: `0.9,${String(p)}`, lambdas: `100,${String(lambda)}` })
  })

  it.each([
    ['items', byItems],
    ['users', byUsers],
  ])('solves by the %s to the same weights', async (_, solverOf) => {
    const before = tf.memory().numTensors
    for (const { name, X, B, settings } of cases) {
      const train = csrOf(X)
      const [p, lambda] = [Number(settings['p']), Number(settings['lambda'])]
      const solver = solverOf(train)
      const weights = solver.solve(Float32Array.from(columnCounts(train), (count) => (p / (1 - p)) * count + lambda))
      try {
        expectRounded(await weights.data(), B.data, name, 'B', 'B')
      } finally {
        weights.dispose()
        solver.dispose()
      }
    }
    expect(tf.memory().numTensors).toBe(before)
  })
})

it.each(['0', '1', '0.2,1.5', '-0.1', 'half'])('refuses a dropout of %s', (dropouts) => {
  expect(() => configure(definition, null, { dropouts })).toThrow(`“${dropouts}” cannot be used for dropouts of EDLAE`)
})

import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { probeBackends } from '../../compute/backend'
import { seededRandom } from '../../numeric/random'
import { meanAndError } from '../../numeric/statistics'
import { configure, modelOf } from '../registry'

const ITEMS = 400
const HIDDEN = 40

beforeAll(async () => {
  await probeBackends()
  await tf.setBackend('cpu')
})

/** Glorot's rule would give the output layer √(2 / (40 + 400)), a third of this. */
it('draws weights with variance 2 / inputs for any number of outputs, as in the authors’ code', async () => {
  const config = { hidden: HIDDEN, latent: 20, pseudoInputs: 5 }
  const model = await configure(modelOf('hvamp'), 'compact', config).create(ITEMS, seededRandom(1))
  const inputs = { 'p_x.out.W': HIDDEN, 'q_z1.x.g.W': ITEMS, 'q_z1.joint.h.W': 2 * HIDDEN }
  try {
    for (const [name, expected] of Object.entries(inputs)) {
      const values = await model.parameters.get(name)!.data()
      const { mean: square } = meanAndError(Array.from(values, (value) => value ** 2))
      expect((square * expected) / 2, name).toBeGreaterThan(0.9)
      expect((square * expected) / 2, name).toBeLessThan(1.1)
    }
  } finally {
    model.dispose()
  }
})

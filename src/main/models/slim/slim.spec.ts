import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectGolden, itemModelCases, type ItemModelCase } from '../../../../test/fixtures/models/item-models'
import { csrOf } from '../../../../test/fixtures/oracle'
import { probeBackends } from '../../compute/backend'
import { selectRows } from '../../numeric/csr'
import { seededRandom } from '../../numeric/random'
import { estimateMemory } from '../memory-estimate'
import { configure } from '../registry'
import { definition } from './definition'

/** @param before candidates that are solved first and must not affect the result */
const configOf = (
  { settings }: ItemModelCase,
  before: { readonly l1: string; readonly l2: string } = { l1: '', l2: '' },
) => ({
  l1s: `${before.l1}${String(settings['l1'])}`,
  l2s: `${before.l2}${String(settings['l2'])}`,
  nonNegative: settings['nonNegative'] === true,
  iterations: Number(settings['iterations']),
  rhoPerL2: Number(settings['rhoPerL2']),
})

const others = { l1: '7,', l2: '30,' }

beforeAll(probeBackends)

describe.each(['tensorflow', 'cpu', 'wasm'])('SLIM on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  it.each(itemModelCases('slim'))('finds what coordinate descent finds, seed $seed', async (golden) => {
    await expectGolden('slim', golden, configOf(golden))
  })

  it.each(itemModelCases('slim-steps'))('takes the steps of the paper’s algorithm, seed $seed', async (golden) => {
    await expectGolden('slim', golden, configOf(golden, others))
  })

  it.each(itemModelCases('slim-few-users'))(
    'takes them by the users where they are few, seed $seed',
    async (golden) => {
      expect(2 * (golden.X.shape[0] ?? 0)).toBeLessThan(golden.X.shape[1] ?? 0)
      await expectGolden('slim', golden, configOf(golden, others))
    },
  )
})

it('disposes its tensors when it is cancelled', async () => {
  await tf.setBackend('tensorflow')
  const [golden] = itemModelCases('slim')
  if (!golden) throw new Error('there is no case')
  for (const users of [golden.X.shape[0] ?? 0, 5]) {
    const before = tf.memory().numTensors
    const train = selectRows(
      csrOf(golden.X),
      Int32Array.from({ length: users }, (_, u) => u),
    )
    const model = await configure(definition, null, {}).create(train.columns, seededRandom(1))
    if (model.training !== 'closed-form') throw new Error('SLIM is solved')
    const cancel = (done: number): void => {
      if (done > 1.5) throw new Error('cancelled')
    }
    await expect(model.fit(0, train, cancel)).rejects.toThrow('cancelled')
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  }
})

it('needs no more memory for more users, except if it solves by the users', () => {
  const peak = (users: number): number =>
    estimateMemory({ model: configure(definition, null, {}), items: 5_000, users, interactions: 10_000_000 }).peak
  expect(peak(1_000_000)).toBe(peak(10_000))
  expect(peak(2_000)).toBeGreaterThan(peak(1_000))
})

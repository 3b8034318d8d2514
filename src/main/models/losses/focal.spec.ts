import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { computePaths, useComputePath } from '../../../../test/fixtures/compute-paths'
import { expectClose } from '../../../../test/fixtures/closeness'
import { focalCase, readCase } from '../../../../test/fixtures/oracle'
import { probeBackends } from '../../compute/backend'
import { sparseRows } from '../../compute/sparse-rows'
import { csrFromRows } from '../../numeric/csr'
import { focalLoss } from './focal'

const golden = readCase('focal-loss-numerics', focalCase)

/** Loss and dloss/dz_k of one entry. */
async function lossOfEntry(logits: readonly number[], target: 0 | 1): Promise<{ loss: number; slopes: number[] }> {
  const [loss, ...slopes] = tf.tidy(() => {
    const rows = sparseRows(csrFromRows([target === 1 ? [0] : []], 1))
    const zs = logits.map((z) => tf.tensor2d([z], [1, 1]))
    const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) =>
      focalLoss(args as tf.Tensor2D[], rows, golden.hyper),
    )(zs)
    return [value, ...grads]
  })
  const read = async (scalar: tf.Tensor | undefined): Promise<number> =>
    scalar ? ((await scalar.array()) as number) : Number.NaN
  const numbers = { loss: await read(loss), slopes: await Promise.all(slopes.map(read)) }
  tf.dispose([loss, ...slopes])
  return numbers
}

beforeAll(probeBackends)

describe.each(computePaths)('focal loss on %s', (path) => {
  beforeAll(async () => {
    await useComputePath(path)
  })

  it.each(golden.rows.map((row) => ({ ...row, title: `logits ${row.logits.join(', ')}, target ${row.target}` })))(
    'is exact at $title',
    async ({ logits, target, loss, dlogits }) => {
      const tolerance = { relative: 1e-5, absolute: 1e-30 }
      const got = await lossOfEntry(logits, target)
      expectClose([got.loss], [loss], tolerance, 'loss')
      expectClose(got.slopes, dlogits, tolerance, 'dlogits')
    },
  )

  it('is the mean over rows of the sum over items, positives anywhere in the row', async () => {
    const z = [-1, 0.5, 2, 0.25, -3, 1]
    const target = [[0, 2], [1]]
    const entries = await Promise.all(
      z.map((value, i) => lossOfEntry([value], target[Math.floor(i / 3)]?.includes(i % 3) ? 1 : 0)),
    )
    const expected = entries.reduce((sum, { loss }) => sum + loss, 0) / 2
    const loss = tf.tidy(() => focalLoss([tf.tensor2d(z, [2, 3])], sparseRows(csrFromRows(target, 3)), golden.hyper))
    expectClose(await loss.data(), [expected], { relative: 1e-6 }, 'loss')
    loss.dispose()
    expect(tf.memory().numTensors).toBe(0)
  })
})

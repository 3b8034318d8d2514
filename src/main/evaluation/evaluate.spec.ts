import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { metricNames } from '../../shared/metrics'
import type { Recommender } from '../models/model'
import { csrFromRows, rowOf, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { seededRandom } from '../numeric/random'
import { meanAndError } from '../numeric/statistics'
import { evaluate } from './evaluate'

/** Prefers low indexes for every user: item i scores −i. It records its inputs. */
function lowIndexFirst(items: number): Recommender & { readonly shown: number[][] } {
  const shown: number[][] = []
  return {
    items,
    shown,
    parameters: new Map(),
    linear: null,
    members: [],
    score(histories) {
      for (let r = 0; r < histories.rows; r++) shown.push([...rowOf(histories, r)])
      return tf.tidy(() => {
        const row = tf.reshape(tf.neg(tf.range(0, items)), [1, items])
        return tf.reshape(tf.tile(row, [histories.rows, 1]), [histories.rows, items])
      })
    },
    memberLogits: () => [],
    dispose: () => undefined,
  }
}

const heldOut = (foldIn: Csr, targets: Csr) => ({
  users: Int32Array.from({ length: foldIn.rows }, (_, u) => u),
  foldIn,
  targets,
})
const context = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => undefined })

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('evaluating', () => {
  it('masks the fold-in items and compares the rest with the targets, by hand', async () => {
    const model = lowIndexFirst(200)
    // Seen 0 and 1: the list starts 2, 3, 4 … The second user's target stands at rank 22 of the list, the third's beyond 100.
    const data = heldOut(csrFromRows([[0, 1], [0], []], 200), csrFromRows([[2, 3], [22], [150]], 200))
    const { metrics, perUser } = await evaluate(model, data, context())
    expect([...perUser['recall@20']]).toEqual([1, 0, 0])
    expect([...perUser['recall@50']]).toEqual([1, 1, 0])
    expect(perUser['ndcg@100'][0]).toBe(1)
    expect(perUser['ndcg@100'][1]).toBeCloseTo(1 / Math.log2(23), 6)
    expect(perUser['ndcg@100'][2]).toBe(0)
    expect(metrics['recall@50']).toEqual(meanAndError([1, 1, 0]))
  })

  it('shows the model fold-in items only, never a target', async () => {
    const model = lowIndexFirst(30)
    const foldIn = csrFromRows([[1, 2], [3]], 30)
    await evaluate(model, heldOut(foldIn, csrFromRows([[4], [5, 6]], 30)), context())
    expect(model.shown).toEqual([[1, 2], [3]])
  })

  it('gives the same values for any batch size, and averages them', async () => {
    // 20,000 items leave room for 209 users at once; 500 users make three batches.
    const items = 20_000
    const random = seededRandom(4)
    const lists = Array.from({ length: 500 }, () =>
      random.shuffle(Int32Array.from({ length: 60 }, (_, i) => i * 2)).slice(0, 8),
    )
    const foldIn = csrFromRows(
      lists.map((list) => list.subarray(0, 6)),
      items,
    )
    const targets = csrFromRows(
      lists.map((list) => list.subarray(6)),
      items,
    )
    const { metrics, perUser } = await evaluate(lowIndexFirst(items), heldOut(foldIn, targets), context())
    for (const user of [0, 208, 209, 499]) {
      const alone = heldOut(csrFromRows([rowOf(foldIn, user)], items), csrFromRows([rowOf(targets, user)], items))
      const single = await evaluate(lowIndexFirst(items), alone, context())
      for (const name of metricNames) expect(single.perUser[name][0]).toBe(perUser[name][user])
    }
    for (const name of metricNames) expect(metrics[name]).toEqual(meanAndError(perUser[name]))
  })

  it('stops soon after a cancel that arrives while it runs', async () => {
    const items = 1_000_000
    const model = lowIndexFirst(items)
    const abort = new AbortController()
    setImmediate(() => abort.abort())
    const rows = Array.from({ length: 40 }, () => [1])
    const data = heldOut(
      csrFromRows(rows, items),
      csrFromRows(
        rows.map(() => [2]),
        items,
      ),
    )
    await expect(evaluate(model, data, context(abort.signal))).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(model.shown.length).toBeLessThan(40)
  })

  it('leaves as many tensors alive as it found', async () => {
    const before = tf.memory().numTensors
    await evaluate(lowIndexFirst(20), heldOut(csrFromRows([[1]], 20), csrFromRows([[2]], 20)), context())
    expect(tf.memory().numTensors).toBe(before)
  })
})

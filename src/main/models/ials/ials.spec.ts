import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import { computePaths, useComputePath } from '../../../../test/fixtures/compute-paths'
import { csrOf, ialsCase, readCase, type FixtureTensor } from '../../../../test/fixtures/oracle'
import { refusalBy } from '../../../../test/fixtures/refusal'
import { expectRounded, largestOf, roundingIn } from '../../../../test/fixtures/rounding'
import { probeBackends } from '../../compute/backend'
import { csrFromRows, rowOf, type Csr } from '../../numeric/csr'
import { seededRandom } from '../../numeric/random'
import { largestMatrix } from '../memory-estimate'
import { configure, modelOf } from '../registry'
import { requireAllocatable } from '../tensor-limit'
import { BLOCK, planOf } from './block'
import { inOrder, solvedInBlocks, transposed, type Weighting } from './least-squares'

const onBackend = ({ shape, data }: FixtureTensor): tf.Tensor2D => tf.tensor2d(data, shape as [number, number])
function solved(rows: Csr, h: tf.Tensor2D, weighting: Weighting): tf.Tensor2D {
  const plan = planOf(rows, h.shape[1])
  return inOrder([...solvedInBlocks(plan, h, weighting)], plan)
}

/** What iALS minimises. */
function objective(x: Csr, w: tf.Tensor2D, h: tf.Tensor2D, { unobservedWeight, lambda, nu }: Weighting): number {
  const scores = tf.matMul(w, h, false, true).arraySync() as number[][]
  const regularisation = (rows: Csr, factors: tf.Tensor2D): number =>
    factors.arraySync().reduce((sum, vector, r) => {
      const weight = lambda * (rowOf(rows, r).length + unobservedWeight * rows.columns) ** nu
      return sum + weight * vector.reduce((squares, value) => squares + value * value, 0)
    }, 0)
  const errors = scores.reduce((sum, row, u) => {
    const seen = new Set(rowOf(x, u))
    return sum + row.reduce((all, s, i) => all + unobservedWeight * s * s + (seen.has(i) ? (s - 1) ** 2 : 0), 0)
  }, 0)
  return errors + regularisation(x, w) + regularisation(transposed(x), h)
}

beforeAll(async () => {
  expect((await probeBackends()).filter(({ available }) => !available)).toEqual([])
})

describe.each(computePaths)('iALS on %s', (path) => {
  let before = 0
  beforeAll(async () => {
    await useComputePath(path)
    before = tf.memory().numTensors
  })
  afterEach(() => {
    expect(tf.memory().numTensors, 'live tensors').toBe(before)
  })

  it.each([1, 2, 3])('has the factors of case %i after each sweep, which lowers the objective', (seed) => {
    const file = `../models/ials-${seed}`
    const { hyper, inputs, ...golden } = readCase(file, ialsCase)
    const x = csrOf(inputs.X)
    tf.tidy(() => {
      let h = onBackend(inputs.H)
      let lowest = Number.POSITIVE_INFINITY
      for (const sweep of [1, 2, 3]) {
        const w = solved(x, h, hyper)
        expect(objective(x, w, h, hyper)).toBeLessThan(lowest)
        lowest = objective(x, w, h, hyper)
        h = solved(transposed(x), w, hyper)
        expect(objective(x, w, h, hyper)).toBeLessThan(lowest)
        lowest = objective(x, w, h, hyper)
        if (sweep === 2) continue
        const section = sweep === 1 ? 'after_1' : 'after_3'
        expectRounded(w.dataSync(), golden[section].W.data, file, section, `W after ${sweep}`)
        expectRounded(h.dataSync(), golden[section].H.data, file, section, `H after ${sweep}`)
      }
    })
  })

  it.each([1, 2, 3])('solves for users that it never saw, and explains their scores, in case %i', async (seed) => {
    const file = `../models/ials-${seed}`
    const { hyper, inputs, ...golden } = readCase(file, ialsCase)
    const { lambda, ...others } = hyper
    const [items = 0, dimension = 0] = inputs.H.shape
    const model = await configure(modelOf('ials'), null, { ...others, dimension, regularisation: '7' }).create(
      items,
      seededRandom(1),
    )
    try {
      tf.tidy(() => model.parameters.get('ials.H')?.assign(onBackend(golden.after_3.H)))
      // As a checkpoint brings it, of a candidate that validation chose.
      tf.tidy(() => model.parameters.get('ials.lambda')?.assign(tf.tensor1d([lambda])))
      const unseen = csrOf(inputs.unseen)
      const scores = model.score(unseen)
      const given = await scores.data()
      scores.dispose()
      expectRounded(given, golden.scores.data, file, 'scores', 'scores')
      const contributions = await model.linear!.contributions(2, rowOf(unseen, 0))
      expectRounded(contributions, golden.contributions_to_2.data, file, 'contributions_to_2', 'contributions')
      const sum = contributions.reduce((total, one) => total + one, 0)
      const absolute = roundingIn(file, 'contributions_to_2') * largestOf(golden.contributions_to_2.data)
      expectClose([sum], [golden.scores.data[2]!], { absolute }, 'sum of contributions')
      expect(await model.linear!.contributions(2, [])).toHaveLength(0)
    } finally {
      model.dispose()
    }
  })

  it('begins every candidate with the same vectors, keeps its λ, and gives the same for the same seed', async () => {
    const x = csrOf(readCase('../models/ials-1', ialsCase).inputs.X)
    const fitted = async (regularisation: string, candidate: number) => {
      const model = await configure(modelOf('ials'), null, { dimension: 3, regularisation, epochs: 2 }).create(
        x.columns,
        seededRandom(5),
      )
      try {
        if (model.training !== 'closed-form') throw new Error('iALS is solved')
        const told: number[] = []
        for (let c = 0; c <= candidate; c++) await model.fit(c, x, (done, total) => told.push(done / total))
        expect(told.filter((share) => share === 1)).toHaveLength(candidate + 1)
        return {
          h: Array.from((await model.parameters.get('ials.H')?.data()) ?? []),
          lambda: (await model.parameters.get('ials.lambda')?.data())?.[0],
        }
      } finally {
        model.dispose()
      }
    }
    const [alone, second] = [await fitted('0.25', 0), await fitted('0.5,0.25', 1)]
    expect(second).toEqual(alone)
    expect(alone.lambda).toBe(0.25)
    expect(alone.h.some((value) => value !== 0)).toBe(true)
    expect((await fitted('0.5', 0)).h).not.toEqual(alone.h)
  })

  it('leaves nothing behind when cancelled, and reports if float32 has no solution', async () => {
    const x = csrOf(readCase('../models/ials-1', ialsCase).inputs.X)
    const attempt = async (regularisation: string, progress: (done: number) => void) => {
      const model = await configure(modelOf('ials'), null, { dimension: 12, nu: 0, regularisation, epochs: 2 }).create(
        x.columns,
        seededRandom(5),
      )
      try {
        if (model.training === 'closed-form') await model.fit(0, x, progress)
      } finally {
        model.dispose()
      }
    }
    const cancel = new Error('cancelled')
    await expect(
      attempt('1', (done) => {
        if (done === 2) throw cancel
      }),
    ).rejects.toBe(cancel)
    await expect(attempt('1e-30', () => undefined)).rejects.toThrow(/λ = 1e-30 .* no solution in float32/)
  })
})

it('splits rows into blocks within the limit, each row once, for any length', () => {
  const random = seededRandom(4)
  const lengths = [0, 900, 3, ...Array.from({ length: 400 }, () => random.integer(60)), 2000]
  const rows = csrFromRows(
    lengths.map((length) => Array.from({ length }, (_, i) => i)),
    2000,
  )
  const dimension = 128
  const { blocks, positions } = planOf(rows, dimension)
  expect([...positions].sort((a, b) => a - b)).toEqual(lengths.map((_, r) => r))
  const inBlocks = blocks.flatMap((block) =>
    Array.from({ length: block.rows.rows }, (_, r) => rowOf(block.rows, r).length),
  )
  expect(lengths.map((_, r) => inBlocks[positions[r]!])).toEqual(lengths)
  for (const block of blocks) {
    const own = Array.from({ length: block.rows.rows }, (_, r) => rowOf(block.rows, r).length)
    expect(block.width).toBeGreaterThanOrEqual(Math.max(...own))
    expect(block.width / 2).toBeLessThanOrEqual(Math.max(...own))
    expect(own.length * dimension * Math.max(dimension, block.width)).toBeLessThanOrEqual(BLOCK)
  }
  expect(blocks.length).toBeLessThan(24)
  expect(planOf(rows, 10_000).blocks).toHaveLength(rows.rows)
})

it('has its users’ vectors as its largest matrix, and is refused in the desktop app if they are too large', () => {
  const model = configure(modelOf('ials'), null, { dimension: 128 })
  expect(largestMatrix(model, { items: 1_000, users: 50_000 })).toBe(128 * 50_000)
  const refusal = (users: number) => refusalBy(() => requireAllocatable(model, { items: 1_000, users }, true))
  expect(refusal(5_000_000)?.message).toMatch(/With 5,000,000 users one matrix of this model takes 2\.4 GiB/)
  expect(refusal(4_000_000)).toBeNull()
})

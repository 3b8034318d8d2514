import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { calibrated } from '../models/calibrated'
import type { Recommender } from '../models/model'
import { ProductOfRuns } from '../models/product-of-runs'
import { csrFromRows, rowOf, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { seededRandom } from '../numeric/random'
import type { Calibration } from '../../shared/runs'
import { fitCalibration } from './calibration'
import { evaluate } from './evaluate'
import { chooseWeights } from './product-weights'
import { rankRows } from './rank-rows'

const ITEMS = 300
const USERS = 60
const context = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => undefined })

/** Each user has three fold-in items and up to three targets. */
const draws = seededRandom(5)
const histories = Array.from({ length: USERS }, (_, user) => [
  ...new Set(Array.from({ length: user % 2 === 0 ? 6 : 5 }, () => draws.integer(ITEMS))),
])
const heldOut = {
  users: Int32Array.from({ length: USERS }, (_, user) => user),
  foldIn: csrFromRows(
    histories.map((items) => items.slice(0, 3)),
    ITEMS,
  ),
  targets: csrFromRows(
    histories.map((items) => items.slice(3)),
    ITEMS,
  ),
}
const targetsOf = new Map(
  histories.map((items, user) => [[...rowOf(heldOut.foldIn, user)].join(), new Set(items.slice(3))]),
)

interface Noisy {
  readonly member?: string
  readonly scale?: number
  readonly shift?: number
  /** Added to all scores of users with few targets: it changes no ranking, but the more there is, the less the scores of different users compare. */
  readonly byUser?: number
}

/** A score that knows the targets, under noise of its own: the more of it, the worse. */
function noisy(seed: number, signal: number, { member, scale = 1, shift = 0, byUser = 0 }: Noisy): Recommender {
  const score = (shown: Csr): tf.Tensor2D => {
    const values = Array.from({ length: shown.rows }, (_, r) => {
      const key = [...rowOf(shown, r)].join()
      const noise = seededRandom(seed).fork(key).normal(ITEMS)
      const targets = targetsOf.get(key) ?? new Set()
      const own = targets.size < 3 ? byUser : 0
      return Array.from(noise, (draw, item) => shift + scale * (draw + own + (targets.has(item) ? signal : 0)))
    })
    return tf.tensor2d(values, [shown.rows, ITEMS])
  }
  return {
    items: ITEMS,
    parameters: new Map(),
    members: member === undefined ? [] : [{ name: member, linear: null }],
    linear: null,
    score: (shown) => (member === undefined ? score(shown) : tf.tidy(() => tf.sigmoid(score(shown)))),
    memberLogits: (shown) => (member === undefined ? [] : [{ member, logits: [score(shown)] }]),
    dispose: () => undefined,
  }
}

const ndcgOf = async (model: Recommender): Promise<number> =>
  (await evaluate(model, heldOut, context())).metrics['ndcg@100'].mean

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('a product whose weights the validation users choose', () => {
  const members = [
    noisy(1, 1.5, { member: 'a', shift: -4 }),
    noisy(2, 1.5, { member: 'b', shift: -4 }),
    noisy(3, -1.5, { member: 'c', shift: -4 }),
  ]

  it('is as good as the search reports, better than members with different errors, and leaves out misleading members', async () => {
    const before = tf.memory().numTensors
    const { weights, value } = await chooseWeights(members, heldOut, context())
    expect(tf.memory().numTensors).toBe(before)
    expect(weights[2]).toBe(0)
    const kept = members.flatMap((model, m) =>
      (weights[m] ?? 0) > 0 ? [{ label: `run ${m}`, model, weight: weights[m] ?? 0 }] : [],
    )
    expect(await ndcgOf(new ProductOfRuns(kept))).toBeCloseTo(value, 6)
    for (const member of members) expect(value).toBeGreaterThan((await ndcgOf(member)) + 0.02)
  })

  it('scores by log p = Σ w log f of the members that explain it', async () => {
    const product = new ProductOfRuns(
      members.map((model, m) => ({ label: `run ${m}`, model, weight: [1, 0.375, 0.125][m] ?? 0 })),
    )
    const [scores, outputs] = [product.score(heldOut.foldIn), product.memberLogits(heldOut.foldIn)]
    expect(outputs.map(({ member, weight }) => [member, weight])).toEqual([
      ['a', 1],
      ['b', 0.375],
      ['c', 0.125],
    ])
    const logits = await Promise.all(outputs.flatMap(({ logits }) => logits.map((list) => list.data<'float32'>())))
    const actual = await scores.data()
    for (let at = 0; at < actual.length; at += 97) {
      const expected = outputs.reduce(
        (sum, { weight = 1 }, m) => sum - weight * Math.log1p(Math.exp(-(logits[m]?.[at] ?? Number.NaN))),
        0,
      )
      expect(actual[at]).toBeCloseTo(expected, 4)
    }
    tf.dispose([scores, ...outputs.flatMap(({ logits }) => logits)])
  })

  it('has the lists of the member itself if one weight is left', async () => {
    const score = noisy(4, 2, { scale: 0.01, shift: 1000 })
    const calibration = await calibrationOf(score, 'run 4')
    const product = new ProductOfRuns([{ label: 'run 4', model: calibrated(score, 'knn', calibration), weight: 1 }])
    const lists = async (model: Recommender): Promise<number[][]> => {
      const scores = model.score(heldOut.foldIn)
      const ranked = await rankRows(scores, heldOut.foldIn, ITEMS)
      scores.dispose()
      return ranked.map((list) => [...list])
    }
    expect(await lists(product)).toEqual(await lists(score))
  })

  it('is never worse than its best run, also if no probability follows from that run’s scores', async () => {
    const run = fc.record({
      signal: fc.double({ min: -1, max: 4, noNaN: true }),
      hasProbability: fc.boolean(),
      byUser: fc.constantFrom(0, 20, 400),
    })
    let alone = 0
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 2, maxLength: 4 }), async (runs) => {
        const models = runs.map(({ signal, hasProbability, byUser }, seed) =>
          noisy(seed, signal, hasProbability ? { member: `m${seed}`, shift: -4 } : { scale: 0.1, byUser }),
        )
        const factors = await Promise.all(
          models.map(async (model, seed) => {
            if (model.members.length > 0) return model
            const { calibration } = await fitCalibration(model, `run ${seed}`, heldOut, context())
            return calibration ? calibrated(model, 'knn', calibration) : model
          }),
        )
        const { weights, value } = await chooseWeights(factors, heldOut, context())
        const kept = factors.flatMap((model, m) => {
          const weight = weights[m] ?? 0
          return weight > 0 ? [{ label: `run ${m}`, model, weight }] : []
        })
        expect(Math.max(...weights)).toBe(1)
        const product = new ProductOfRuns(kept)
        expect(await ndcgOf(product)).toBeCloseTo(value, 6)
        if (product.members.length === 0) alone++
        for (const model of models) expect(value).toBeGreaterThanOrEqual((await ndcgOf(model)) - 1e-9)
      }),
      { numRuns: 12, seed: 3 },
    )
    expect(alone).toBeGreaterThan(1)
  })

  it('is explained like the run itself if that has no probability', async () => {
    const contributions = (): Promise<Float32Array> => Promise.resolve(Float32Array.of(1))
    const only: Recommender = { ...noisy(6, 3, { byUser: 400 }), linear: { contributions } }
    const { weights } = await chooseWeights([members[2]!, only], heldOut, context())
    expect(weights).toEqual([0, 1])
    const product = new ProductOfRuns([{ label: 'run 1', model: only, weight: 1 }])
    expect([product.members, product.memberLogits(heldOut.foldIn)]).toEqual([[], []])
    expect(product.linear).toBe(only.linear)
    expect(() => new ProductOfRuns([members[0]!, only].map((model) => ({ label: 'x', model, weight: 1 })))).toThrow(
      /probability/,
    )
  })

  it('can be cancelled', async () => {
    const abort = new AbortController()
    abort.abort()
    await expect(chooseWeights(members, heldOut, context(abort.signal))).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

async function calibrationOf(model: Recommender, label: string): Promise<Calibration> {
  const { calibration, problem } = await fitCalibration(model, label, heldOut, context())
  if (calibration === null) throw new Error(problem)
  return calibration
}

describe('a calibration', () => {
  it('finds the slope and intercept of a logistic score of any scale', async () => {
    // Two normal distributions of variance 1, d apart: the log odds are d·s plus a constant.
    const [signal, scale, shift] = [1.5, 20, 300]
    const { slope, intercept } = await calibrationOf(noisy(7, signal, { scale, shift }), 'run 7')
    expect(Math.abs(slope * scale - signal)).toBeLessThan(0.25)
    const [targets, unseen] = [heldOut.targets.indices.length, USERS * ITEMS - heldOut.foldIn.indices.length]
    // Where both densities are alike, the odds are those of the classes.
    const odds = slope * (shift + (scale * signal) / 2) + intercept
    expect(Math.abs(odds - Math.log(targets / (unseen - targets)))).toBeLessThan(0.3)
  })

  it('expects as many targets as there are', async () => {
    const model = noisy(8, 2, { scale: 0.01 })
    const { slope, intercept } = await calibrationOf(model, 'run 8')
    const scores = model.score(heldOut.foldIn)
    const values = await scores.data()
    scores.dispose()
    let expected = 0
    for (let user = 0; user < USERS; user++) {
      const seen = new Set(rowOf(heldOut.foldIn, user))
      for (let item = 0; item < ITEMS; item++)
        if (!seen.has(item)) expected += 1 / (1 + Math.exp(-(slope * (values[user * ITEMS + item] ?? 0) + intercept)))
    }
    expect(Math.abs(expected / heldOut.targets.indices.length - 1)).toBeLessThan(0.02)
  })

  it('is not there where targets score no higher than other items, within or across users, and for a constant score', async () => {
    const falling = { calibration: null, problem: expect.stringMatching(/no higher on average/) as string }
    expect(await fitCalibration(noisy(9, -2, {}), 'run 9', heldOut, context())).toEqual(falling)
    const best = noisy(9, 4, { byUser: 400 })
    expect(await ndcgOf(best)).toBeGreaterThan(0.9)
    expect(await fitCalibration(best, 'run 9', heldOut, context())).toEqual(falling)
    const alike = await fitCalibration(noisy(9, 0, { scale: 0, shift: 3 }), 'run 9', heldOut, context())
    expect(alike).toEqual({ calibration: null, problem: 'it gives every item the same score' })
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import { csrOf, draws, easeCase, readCase } from '../../../../test/fixtures/oracle'
import { expectRounded, largestOf, roundingIn } from '../../../../test/fixtures/rounding'
import { probeBackends } from '../../compute/backend'
import { rowOf, selectRows } from '../../numeric/csr'
import { positiveDefiniteInverse } from '../../compute/positive-definite-inverse'
import { createParameters } from '../create-parameters'
import { seededRandom } from '../../numeric/random'
import { estimateMemory } from '../memory-estimate'
import { configure } from '../registry'
import { definition } from './definition'
import { create } from './model'
import { byItems, byUsers, gramMatrix, zeroDiagonalSolver } from '../item-weights/zero-diagonal'

beforeAll(probeBackends)

const files = draws.map((draw) => `${draw}ease-closed-form`)

it.each(files)('counts common users of %s', (file) => {
  const golden = readCase(file, easeCase)
  expect([...gramMatrix(csrOf(golden.inputs.X))]).toEqual(golden.gram.data)
})

describe.each(['tensorflow', 'cpu', 'wasm'])('EASE on %s', (backend) => {
  let before = 0
  beforeAll(async () => {
    await tf.setBackend(backend)
    before = tf.memory().numTensors
  })
  afterEach(() => {
    expect(tf.memory().numTensors, 'live tensors').toBe(before)
  })

  describe.each(files)('of %s', (file) => {
    const golden = readCase(file, easeCase)
    const train = csrOf(golden.inputs.X)
    const { columns } = train

    it('solves for B with zero diagonal, and scores with it', async () => {
      const lambdas = [1000, golden.hyper.lambda]
      const shapes = definition.configured({ lambdas: lambdas.join() }).shapes(columns)
      const model = create({ lambdas }, createParameters(shapes, columns, seededRandom(1)))
      try {
        const told: number[] = []
        await model.fit(0, train, (done) => told.push(done))
        await model.fit(1, train, (done) => told.push(done))
        expect(told).toEqual([0, 1, 2, 0, 1, 2])

        const weights = (await model.parameters.get('ease.B')?.data()) ?? []
        expectRounded(weights, golden.B.data, file, 'B', 'B')
        for (let i = 0; i < columns; i++) expect(weights[i * columns + i]).toBe(0)

        const firstFive = selectRows(train, [0, 1, 2, 3, 4])
        const scores = model.score(firstFive)
        try {
          expectRounded(await scores.data(), golden.scores_first_5_users.data, file, 'scores_first_5_users', 'scores')
        } finally {
          scores.dispose()
        }

        const contributions = await model.linear!.contributions(2, rowOf(firstFive, 0))
        const sum = contributions.reduce((total, one) => total + one, 0)
        const absolute = roundingIn(file, 'scores_first_5_users') * largestOf(golden.scores_first_5_users.data)
        expectClose([sum], [golden.scores_first_5_users.data[2]!], { absolute }, 'sum of contributions')
      } finally {
        model.dispose()
      }
    })

    it('inverts G + λI to P', async () => {
      const p = positiveDefiniteInverse(
        tf.tidy(() =>
          tf.add<tf.Tensor2D>(
            tf.tensor2d(golden.gram.data, [columns, columns]),
            tf.mul(tf.eye(columns), golden.hyper.lambda),
          ),
        ),
      )
      try {
        expectRounded(await p.data(), golden.P.data, file, 'P', 'P')
      } finally {
        p.dispose()
      }
    })

    it.each([
      ['items', byItems],
      ['users', byUsers],
    ])('solves by the %s to the same B', async (_, solverOf) => {
      const solver = solverOf(train)
      try {
        for (let twice = 0; twice < 2; twice++) {
          const weights = solver.solve(golden.hyper.lambda)
          try {
            expectRounded(await weights.data(), golden.B.data, file, 'B', 'B')
          } finally {
            weights.dispose()
          }
        }
      } finally {
        solver.dispose()
      }
    })
  })
})

it('chooses by the sizes: the users’ way keeps two tensors between its solutions, the items’ one', async () => {
  const train = csrOf(readCase('ease-closed-form', easeCase).inputs.X)
  const few = selectRows(train, [0, 1, 2])
  const before = tf.memory().numTensors
  for (const [x, kept] of [
    [few, 2],
    [train, 1],
  ] as const) {
    const solver = zeroDiagonalSolver(x)
    expect(tf.memory().numTensors).toBe(before + kept)
    const itemsWay = byItems(x)
    const [own, other] = [solver.solve(2), itemsWay.solve(2)]
    expectRounded(await own.data(), Array.from(await other.data()), 'ease-closed-form', 'B', `B of ${x.rows} users`)
    tf.dispose([own, other])
    itemsWay.dispose()
    solver.dispose()
    expect(tf.memory().numTensors).toBe(before)
  }
})

it('needs a few matrices of items × items, or of users × users if users are few', () => {
  const model = configure(definition, null, {})
  const peak = (items: number, users: number): number =>
    estimateMemory({ model, items, users, interactions: 10_000_000 }).peak
  expect(peak(20_000, 100_000)).toBeGreaterThan(4 * 4 * 20_000 ** 2)
  expect(peak(20_000, 100_000) - peak(10_000, 100_000)).toBeGreaterThan(3 * peak(10_000, 100_000) - 3 * 2 ** 30)
  expect(peak(20_000, 500)).toBeLessThan(peak(20_000, 100_000))
})

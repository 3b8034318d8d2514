import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import { csrOf, easeCase, readCase } from '../../../../test/fixtures/oracle'
import { probeBackends } from '../../compute/backend'
import { rowOf, selectRows } from '../../numeric/csr'
import { createParameters } from '../create-parameters'
import { seededRandom } from '../../numeric/random'
import { definition } from './definition'
import { create } from './model'
import { byItems, byUsers, gramMatrix, zeroDiagonalSolver } from '../item-weights/zero-diagonal'

const golden = readCase('ease-closed-form', easeCase)
const train = csrOf(golden.inputs.X)
const tolerance = { relative: 1e-4, absolute: 1e-6 }

beforeAll(probeBackends)

it('counts common users', () => {
  expect([...gramMatrix(train)]).toEqual(golden.gram.data)
})

describe.each(['tensorflow', 'cpu', 'wasm'])('EASE on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  it('solves for B with zero diagonal, and scores with it', async () => {
    const before = tf.memory().numTensors
    const { columns } = train
    const lambdas = [1000, golden.hyper.lambda]
    const shapes = definition.configured({ lambdas: lambdas.join() }).shapes(columns)
    const model = create({ lambdas }, createParameters(shapes, columns, seededRandom(1)))
    const told: number[] = []
    await model.fit(0, train, (done) => told.push(done))
    await model.fit(1, train, (done) => told.push(done))
    expect(told).toEqual([0, 1, 2, 0, 1, 2])

    const weights = (await model.parameters.get('ease.B')?.data()) ?? []
    expectClose(weights, golden.B.data, tolerance, 'B')
    for (let i = 0; i < train.columns; i++) expect(weights[i * train.columns + i]).toBe(0)

    const firstFive = selectRows(train, [0, 1, 2, 3, 4])
    const scores = model.score(firstFive)
    expectClose(await scores.data(), golden.scores_first_5_users.data, tolerance, 'scores')
    scores.dispose()

    const history = rowOf(firstFive, 0)
    const contributions = await model.linear!.contributions(2, history)
    const sum = contributions.reduce((total, part) => total + part, 0)
    expectClose([sum], [golden.scores_first_5_users.data[2] ?? Number.NaN], tolerance, 'sum of contributions')
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it.each([
    ['items', byItems],
    ['users', byUsers],
  ])('solves by the %s to the same B', async (_, solverOf) => {
    const before = tf.memory().numTensors
    const solver = solverOf(train)
    for (let twice = 0; twice < 2; twice++) {
      const weights = solver.solve(golden.hyper.lambda)
      expectClose(await weights.data(), golden.B.data, tolerance, 'B')
      weights.dispose()
    }
    solver.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('chooses by the sizes: the users’ way keeps two tensors between its solutions, the items’ one', async () => {
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
    expectClose(await own.data(), Array.from(await other.data()), tolerance, `B of ${x.rows} users`)
    tf.dispose([own, other])
    itemsWay.dispose()
    solver.dispose()
    expect(tf.memory().numTensors).toBe(before)
  }
})

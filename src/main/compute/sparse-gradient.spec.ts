import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { useComputePath } from '../../../test/fixtures/compute-paths'
import { csrFromRows, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { probeBackends } from './backend'
import { createOptimiser } from './optimisers/create'
import type { OptimiserName } from './optimisers/step-rule'
import { createParameter } from './parameter'
import { denseGradient, SparseGradient, sumOfGradients, type Gradient } from './sparse-gradient'
import { denseRows, sparseRows } from './sparse-rows'

beforeAll(async () => {
  await probeBackends()
  await useComputePath('tensorflow')
})
afterAll(() => useComputePath('tensorflow'))

const normal = (rows: number, columns: number, seed: number): tf.Tensor2D =>
  tf.tensor2d(seededRandom(seed).normal(rows * columns), [rows, columns])

const sparse = (x: Csr, width: number, zeroDiagonal: boolean, seed: number): SparseGradient =>
  new SparseGradient(x, tf.keep(normal(x.rows, width, seed)), zeroDiagonal)

/** xᵀ · dy by a plain product. */
function byProduct({ x, dy, zeroDiagonal }: SparseGradient): tf.Tensor2D {
  return tf.tidy(() => {
    const matrix = tf.matMul<tf.Tensor2D>(denseRows(sparseRows(x)), dy, true, false)
    return zeroDiagonal ? tf.mul(matrix, tf.sub(1, tf.eye(x.columns))) : matrix
  })
}

/** A weight after three steps with the gradients that `gradientOf` gives. */
async function stepped(
  rule: OptimiserName,
  shape: [number, number],
  gradientOf: (step: number) => Gradient,
): Promise<Float32Array> {
  const weight = createParameter('w', normal(...shape, 99))
  const optimiser = createOptimiser({ name: rule, learningRate: 0.01 }, new Map([['w', weight]]))
  for (let step = 0; step < 3; step++) {
    const gradient = gradientOf(step)
    optimiser.step({ w: gradient })
    gradient.dispose()
  }
  const values = await weight.data()
  optimiser.dispose()
  weight.dispose()
  return values
}

const items = (columns: number): fc.Arbitrary<Csr> =>
  fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: columns - 1 }), { maxLength: 6 }), { minLength: 1, maxLength: 8 })
    .map((rows) => csrFromRows(rows, columns))

const close = { relative: 1e-5, absolute: 1e-5 }

/** Widths below and above the piece that the kernel adds up at once, and one that does not fill its lanes. */
describe.each([
  { columns: 11, width: 11, zeroDiagonal: true },
  { columns: 11, width: 5, zeroDiagonal: false },
  { columns: 40, width: 2_500, zeroDiagonal: false },
])('a sparse gradient [$columns, $width]', ({ columns, width, zeroDiagonal }) => {
  it.each(['adam', 'nadam-keras3', 'nadam-tf25', 'adam-normalised'] as const)(
    'moves a weight by %s as the whole matrix does, whatever rows it comes from',
    async (rule) => {
      const before = tf.memory().numTensors
      await fc.assert(
        fc.asyncProperty(items(columns), async (x) => {
          const bySparse = await stepped(rule, [columns, width], (step) => sparse(x, width, zeroDiagonal, step))
          const byDense = await stepped(rule, [columns, width], (step) => {
            const factors = sparse(x, width, zeroDiagonal, step)
            const matrix = byProduct(factors)
            factors.dispose()
            return matrix
          })
          expectClose(bySparse, byDense, close, rule)
        }),
        { numRuns: 6 },
      )
      expect(tf.memory().numTensors).toBe(before)
    },
  )

  it('adds up with another, sparse or not, to the sum of the matrices', async () => {
    const [x, y] = [csrFromRows([[0, 3], [], [4]], columns), csrFromRows([[3, 10]], columns)]
    for (const dense of [false, true]) {
      const [g, h] = [sparse(x, width, zeroDiagonal, 1), sparse(y, width, zeroDiagonal, 2)]
      const wanted = tf.tidy(() => tf.add(byProduct(g), byProduct(h)).dataSync().slice())
      let other: Gradient = h
      if (dense) {
        other = h.dense()
        h.dispose()
      }
      const sum = sumOfGradients(g, other)
      expect(sum instanceof SparseGradient).toBe(!dense)
      const matrix = denseGradient(sum)
      expectClose(await matrix.data(), wanted, close, 'sum')
      matrix.dispose()
      sum.dispose()
    }
  })
})

it('refuses factors that do not fit the weight', async () => {
  const weight = createParameter('w', tf.zeros([4, 3]))
  const optimiser = createOptimiser({ name: 'adam', learningRate: 0.01 }, new Map([['w', weight]]))
  const gradient = sparse(csrFromRows([[0]], 4), 2, false, 1)
  expect(() => optimiser.step({ w: gradient })).toThrow('widths differ')
  gradient.dispose()
  optimiser.dispose()
  weight.dispose()
})

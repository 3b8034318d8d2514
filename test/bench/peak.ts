import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../../src/main/compute/parameter'
import { best, timingsOf, type Timing } from './benchmark'

const PEAK_SIZE = 2048
/** Of one plain product. */
export const PEAK_GFLOP = (2 * PEAK_SIZE ** 3) / 1e9

/** A plain product of two square matrices: the best this machine does through the same library. */
export async function plainMatMul(): Promise<Timing> {
  const n = PEAK_SIZE
  const [a, b] = [tf.randomUniform<tf.Rank.R2>([n, n]), tf.randomUniform<tf.Rank.R2>([n, n])]
  const timings = await timingsOf(7, 2, async () => {
    const product = tf.matMul(a, b)
    // Reading one value waits for the product on every backend.
    const corner = tf.slice(product, [0, 0], [1, 1])
    await corner.data()
    tf.dispose([product, corner])
  })
  tf.dispose([a, b])
  return best(timings)
}

/** Weights of the item-to-item layer and of the first layer meet only the rows of seen items: the rest is dense work. */
const SPARSE = ['nease.W', 'enc1.W']

/** Numbers of a VASP's weights: all, and those that a step's rows meet in dense products. */
export function weightsOf(parameters: ReadonlyMap<string, Parameter>): { all: number; dense: number } {
  let [all, dense] = [0, 0]
  for (const { name, size } of parameters.values()) {
    all += size
    if (!SPARSE.includes(name)) dense += size
  }
  return { all, dense }
}

/** Billions of operations of a step's dense products: forward, and backward to weights and to inputs. */
export const denseGflop = (dense: number, rows: number): number => (6 * dense * rows) / 1e9

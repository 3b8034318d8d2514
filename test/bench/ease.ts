import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { gramMatrix, zeroDiagonalWeights } from '../../src/main/models/item-weights/zero-diagonal'
import { csrFromRows } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { best, timingsOf, plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { runPeer } from './peers'
import { syntheticHistory } from './synthetic'

const LAMBDA = 500
const sizes = [5_000, 10_000, 20_000]
/** Of NumPy's time. */
const MOST = 0.5
/** Largest difference of a weight from the float64 solution. */
const CLOSE = 1e-4
/** NumPy's float64 solution of more items than this needs more memory than small machines have. */
const CHECKED_ITEMS = 5_000

const peerOutput = z.object({ seconds: z.number(), worst: z.number().nullable(), numpy: z.string() })

export const ease: Benchmark = {
  name: 'ease',
  what: 'EASE’s weights from the Gram matrix; the ratio is to NumPy’s float32 inverse alone, of the same matrix in the same run',
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'vasp-bench-'))
    try {
      const results: BenchmarkResult[] = []
      const growth: { size: number; cost: number }[] = []
      for (const items of sizes) {
        const { rows, seconds } = await measure(items, folder, say)
        results.push(...rows)
        growth.push({ size: items, cost: seconds })
      }
      return [...results, plain('growth: exponent of the time', fittedExponent(growth), '')]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function measure(
  items: number,
  folder: string,
  say: (line: string) => void,
): Promise<{ rows: BenchmarkResult[]; seconds: number }> {
  const [gramFile, weightsFile] = [join(folder, 'gram.f32'), join(folder, 'weights.f32')]
  say(`${items} items: counting …`)
  const counted = await count(items, gramFile)
  // NumPy before, while this process holds little: solving leaves it several times the matrix, which two at a time would not fit.
  say(`${items} items: NumPy …`)
  const peer = await numpy(gramFile, items, weightsFile, [])
  say(`${items} items: solving …`)
  const { seconds, peak } = await solve(counted.gram, weightsFile)
  const { worst } = items <= CHECKED_ITEMS ? await numpy(gramFile, items, weightsFile, ['--check']) : peer
  const ratio = seconds / peer.seconds
  const rows: BenchmarkResult[] = [
    { case: `${items} items`, value: seconds, unit: 's', ratio, target: MOST, bound: 'most', met: ratio <= MOST },
    plain(`${items} items: NumPy ${peer.numpy}`, peer.seconds, 's'),
    plain(`${items} items: counting common users`, counted.seconds, 's'),
    plain(`${items} items: peak of this process so far`, peak / 2 ** 30, 'GiB'),
  ]
  if (worst !== null)
    rows.push({
      case: `${items} items: largest difference from the float64 solution`,
      value: worst,
      unit: '',
      ratio: null,
      target: CLOSE,
      bound: 'most',
      met: worst <= CLOSE,
    })
  return { rows, seconds }
}

const numpy = async (
  gram: string,
  items: number,
  weights: string,
  options: string[],
): Promise<z.infer<typeof peerOutput>> =>
  peerOutput.parse(
    JSON.parse(await runPeer('numpy_inverse.py', [gram, String(items), String(LAMBDA), weights, ...options])),
  )

/** G of synthetic data, also as a file; the tensor is the caller's. */
async function count(items: number, file: string): Promise<{ gram: tf.Tensor2D; seconds: number }> {
  const random = seededRandom(3)
  const shape = { users: 2 * items, items, perUser: 60 }
  const train = csrFromRows(
    Array.from({ length: shape.users }, () => syntheticHistory(shape, random)),
    items,
  )
  let gram: Float32Array = new Float32Array(0)
  const { seconds } = best(await timingsOf(1, 0, () => Promise.resolve((gram = gramMatrix(train)))))
  write(file, gram)
  return { gram: tf.tensor2d(gram, [items, items]), seconds }
}

/** EASE's weights of a G, which is gone afterwards, as a file. */
async function solve(gram: tf.Tensor2D, file: string): Promise<{ seconds: number; peak: number }> {
  const solved: tf.Tensor2D[] = []
  const { seconds } = best(
    await timingsOf(1, 0, async () => {
      const weights = zeroDiagonalWeights(gram, LAMBDA)
      solved.push(weights)
      const one = tf.slice(weights, [0, 0], [1, 1])
      await one.data()
      one.dispose()
    }),
  )
  gram.dispose()
  const peak = process.resourceUsage().maxRSS * 1024
  for (const weights of solved) write(file, await weights.data<'float32'>())
  tf.dispose(solved)
  return { seconds, peak }
}

const write = (file: string, values: Float32Array): void =>
  writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))

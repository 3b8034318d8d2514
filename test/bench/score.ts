import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { eachRankedList } from '../../src/main/evaluation/ranked-lists'
import { rankRows } from '../../src/main/evaluation/rank-rows'
import { rowsAtOnce } from '../../src/main/models/rows-at-once'
import type { Recommender } from '../../src/main/models/model'
import { configure, modelOf } from '../../src/main/models/registry'
import { csrFromRows, rowRange, type Csr } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { best, timingsOf, plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { runPeer } from './peers'
import { syntheticHistory } from './synthetic'

const DEPTH = 100
const ITEMS = 5_700
const sizes = [1_000, 2_000, 4_000]
/** Of the time that lists take, what scoring alone takes. */
const LEAST_SHARE = 0.9
/** Of NumPy's time for the lists of the same scores. */
const MOST = 1

const peerOutput = z.object({ seconds: z.number(), sum: z.number(), numpy: z.string() })

export const score: Benchmark = {
  name: 'score',
  what: 'top-100 lists of users by VASP compact; the first ratio is of the processor time that scoring alone takes, the second of our ranking’s time to that of NumPy’s argpartition on the same scores',
  async run(say) {
    const model = await configure(modelOf('vasp'), 'compact', {}).create(ITEMS, seededRandom(1))
    const folder = mkdtempSync(join(tmpdir(), 'vasp-bench-'))
    try {
      return await measure(model, folder, say)
    } finally {
      model.dispose()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function measure(model: Recommender, folder: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const random = seededRandom(2)
  const results: BenchmarkResult[] = []
  const growth: { size: number; cost: number }[] = []
  const quiet = { signal: new AbortController().signal, progress: () => undefined }
  for (const users of sizes) {
    say(`Scoring ${users} users …`)
    const shape = { users, items: ITEMS, perUser: 80 }
    const histories = csrFromRows(
      Array.from({ length: users }, () => syntheticHistory(shape, random)),
      ITEMS,
    )
    const scoring = best(await timingsOf(3, 1, () => scoreAll(model, histories)))
    const listing = best(
      await timingsOf(3, 0, () => eachRankedList(model, { foldIn: histories }, DEPTH, quiet, () => undefined)),
    )
    growth.push({ size: users, cost: listing.seconds })
    const share = Math.min(1, scoring.processorSeconds / listing.processorSeconds)
    results.push({
      case: `${users} users, ${ITEMS} items, top-${DEPTH}`,
      value: users / listing.seconds,
      unit: 'users/s',
      ratio: share,
      target: LEAST_SHARE,
      met: share >= LEAST_SHARE,
    })
    if (users === sizes.at(-1)) results.push(await besideNumpy(model, histories, folder))
  }
  return [...results, plain('growth: exponent of the time', fittedExponent(growth), '')]
}

/** Scores all users as an evaluation does, some rows at a time. */
async function scoreAll(model: Recommender, histories: Csr): Promise<void> {
  const step = rowsAtOnce(model.items)
  for (let first = 0; first < histories.rows; first += step) {
    const scores = model.score(rowRange(histories, first, Math.min(first + step, histories.rows)))
    const one = tf.slice(scores, [0, 0], [1, 1])
    await one.data()
    tf.dispose([scores, one])
  }
}

/** Ranks the same scores here and in NumPy. Throws where the lists differ. */
async function besideNumpy(model: Recommender, histories: Csr, folder: string): Promise<BenchmarkResult> {
  const scores = model.score(histories)
  try {
    const values = await scores.data<'float32'>()
    let lists: Int32Array[] = []
    const { seconds } = best(
      await timingsOf(5, 1, async () => {
        lists = await rankRows(scores, histories, DEPTH)
      }),
    )
    const sum = lists.reduce(
      (total, list, r) => list.reduce((part, item) => part + (values[r * ITEMS + item] ?? 0), total),
      0,
    )
    const [file, columns, offsets] = ['scores.f32', 'columns.i32', 'offsets.i32'].map((name) => join(folder, name))
    const files: [string | undefined, Float32Array | Int32Array][] = [
      [file, values],
      [columns, histories.indices],
      [offsets, histories.offsets],
    ]
    for (const [name, array] of files)
      writeFileSync(name ?? '', new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    const peer = peerOutput.parse(
      JSON.parse(
        await runPeer('numpy_top.py', [file ?? '', String(ITEMS), String(DEPTH), columns ?? '', offsets ?? '']),
      ),
    )
    if (Math.abs(peer.sum - sum) > 1e-6 * Math.abs(sum))
      throw new Error(`NumPy’s lists differ: ${peer.sum}, not ${sum}`)
    const ratio = seconds / peer.seconds
    return {
      case: `ranking alone, ${histories.rows} users, beside NumPy ${peer.numpy}`,
      value: seconds,
      unit: 's',
      ratio,
      target: MOST,
      bound: 'most',
      met: ratio <= MOST,
    }
  } finally {
    scores.dispose()
  }
}

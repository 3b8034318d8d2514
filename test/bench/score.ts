import { topK } from '../../src/main/evaluation/ranking'
import { rowsAtOnce } from '../../src/main/evaluation/rows-at-once'
import { scoresOf } from '../../src/main/evaluation/scores'
import type { Recommender } from '../../src/main/models/model'
import { modelEntry, resolveConfig } from '../../src/main/models/registry'
import { csrFromRows, rowOf, selectRows, type Csr } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { best, timingsOf, plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { syntheticHistory } from './synthetic'

const DEPTH = 100
const ITEMS = 5_700
const sizes = [1_000, 2_000, 4_000]

export const score: Benchmark = {
  name: 'score',
  what: 'top-100 lists of users by VASP compact; the ratio is to scoring the same users without ranking them',
  async run(say) {
    const entry = modelEntry('vasp')
    const create = await entry.load()
    const model = create(resolveConfig(entry, 'compact', {}), ITEMS, seededRandom(1))
    try {
      return await measure(model, say)
    } finally {
      model.dispose()
    }
  },
}

async function measure(model: Recommender, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const random = seededRandom(2)
  const results: BenchmarkResult[] = []
  const growth: { size: number; cost: number }[] = []
  for (const users of sizes) {
    say(`Scoring ${users} users …`)
    const shape = { users, items: ITEMS, perUser: 80 }
    const histories = csrFromRows(
      Array.from({ length: users }, () => syntheticHistory(shape, random)),
      ITEMS,
    )
    const scoring = best(await timingsOf(2, 1, () => overAll(model, histories, () => undefined)))
    const ranking = best(
      await timingsOf(2, 0, () =>
        overAll(model, histories, (scores, user) => topK(scores, rowOf(histories, user), DEPTH)),
      ),
    )
    growth.push({ size: users, cost: ranking.seconds })
    results.push({
      case: `${users} users, ${ITEMS} items, top-${DEPTH}`,
      value: users / ranking.seconds,
      unit: 'users/s',
      ratio: scoring.seconds / ranking.seconds,
      target: null,
      met: null,
    })
  }
  return [...results, plain('growth: exponent of the time', fittedExponent(growth), '')]
}

/** Scores all users as an export does, some rows at a time, and hands each user's scores over. */
async function overAll(
  model: Recommender,
  histories: Csr,
  each: (scores: Float32Array, user: number) => unknown,
): Promise<void> {
  const step = rowsAtOnce(model.items)
  for (let first = 0; first < histories.rows; first += step) {
    const chosen = Int32Array.from({ length: Math.min(step, histories.rows - first) }, (_, r) => first + r)
    const scores = await scoresOf(model, selectRows(histories, chosen))
    chosen.forEach((user, r) => each(scores.subarray(r * model.items, (r + 1) * model.items), user))
  }
}

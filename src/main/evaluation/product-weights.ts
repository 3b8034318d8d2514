import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { cancelled } from '../../shared/errors'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { logProbability, weightedSum } from '../models/product-of-runs'
import { rowsAtOnce } from '../models/rows-at-once'
import { rowOf, rowRange, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { headlineMetrics } from './metrics/reported'
import { rankRows } from './rank-rows'
import { searchWeights, type Weights } from './weight-search'

/** The metric that selects weights, as it selects epochs; its denominator does not depend on the protocol. */
const ndcg = headlineMetrics('min(k, |R|)')['ndcg@100']

/**
 * Weights w ≥ 0 of p = Π f_m^w_m, the largest 1, with the best NDCG@100 of the validation users. Every model alone and the product with all weights
 * 1 are among the candidates, so on these users the product is never worse than any of them. A model without a probability cannot be multiplied: it
 * is a candidate alone, by its own scores, and otherwise has the weight 0. Of equal values, a product of probabilities is chosen. With few validation
 * users the choice is mostly noise.
 *
 * Memory does not grow with the number of users: each round scores them again. Throws CANCELLED between batches.
 */
export async function chooseWeights(
  models: readonly Recommender[],
  validation: HeldOut,
  context: JobContext,
): Promise<{ weights: Weights; value: number }> {
  let round = 0
  const valuesOf = (candidates: readonly Weights[]): Promise<number[]> => {
    round++
    return measure(models, validation, candidates, (done) => {
      if (context.signal.aborted) throw cancelled('The search for weights')
      context.progress({
        stage: `Choosing weights, round ${round}`,
        done,
        total: validation.foldIn.rows,
        unit: 'users',
      })
    })
  }
  const factors = models.filter(hasProbability)
  /** The weights of all models from those of the factors. */
  const ofAll = (weights: Weights): Weights => models.map((model) => weights[factors.indexOf(model)] ?? 0)
  const search = (): Promise<{ weights: Weights; value: number }> =>
    searchWeights(factors.length, (candidates) => valuesOf(candidates.map(ofAll)))
  const products = factors.length === 0 ? [] : [await search()]

  const alone = models.flatMap((own) => (hasProbability(own) ? [] : [models.map((model) => (model === own ? 1 : 0))]))
  const values = alone.length === 0 ? [] : await valuesOf(alone)
  return [
    ...products.map(({ weights, value }) => ({ weights: ofAll(weights), value })),
    ...alone.map((weights, a) => ({ weights, value: values[a] ?? Number.NaN })),
  ].reduce((best, other) => (other.value > best.value ? other : best))
}

const hasProbability = (model: Recommender): boolean => model.members.length > 0

/** Mean NDCG@100 of each candidate. */
async function measure(
  models: readonly Recommender[],
  { foldIn, targets }: HeldOut,
  candidates: readonly Weights[],
  progress: (done: number) => void,
): Promise<number[]> {
  const sums = candidates.map(() => 0)
  const step = rowsAtOnce(foldIn.columns)
  for (let first = 0; first < foldIn.rows; first += step) {
    const end = Math.min(first + step, foldIn.rows)
    const shown = rowRange(foldIn, first, end)
    const wanted = Array.from(
      { length: end - first },
      (_, r) => new Set(rowOf(targets, first + r)) as ReadonlySet<number>,
    )
    const logs = candidates.some((weights) => !isAlone(weights))
      ? models.map((model) => (hasProbability(model) ? logProbability(model, shown) : null))
      : []
    try {
      for (const [c, weights] of candidates.entries()) {
        const lists = await listsOf(models, logs, weights, shown)
        for (const [r, ranking] of lists.entries()) sums[c]! += ndcg.of({ ranking, relevant: wanted[r] ?? new Set() })
        await nextTurn()
        progress(first)
      }
    } finally {
      for (const log of logs) log?.dispose()
    }
    progress(end)
  }
  return sums.map((sum) => sum / foldIn.rows)
}

const isAlone = (weights: Weights): boolean => weights.filter((weight) => weight > 0).length === 1

/** The lists of a product with these weights, including ties: scored like `ProductOfRuns`. */
async function listsOf(
  models: readonly Recommender[],
  logs: readonly (Tensor2D | null)[],
  weights: Weights,
  shown: Csr,
): Promise<Int32Array[]> {
  const positive = models.flatMap((model, m) => {
    const weight = weights[m] ?? 0
    return weight > 0 ? [{ model, weight, log: logs[m] }] : []
  })
  const [only, ...others] = positive
  const scores =
    only && others.length === 0
      ? only.model.score(shown)
      : weightedSum(
          positive.flatMap(({ log }) => (log ? [log] : [])),
          positive.map(({ weight }) => weight),
        )
  try {
    return await rankRows(scores, shown, ndcg.depth)
  } finally {
    scores.dispose()
  }
}

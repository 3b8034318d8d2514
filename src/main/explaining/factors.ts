import * as tf from '@tensorflow/tfjs-core'
import { rankRows } from '../evaluation/rank-rows'
import { asFloats } from '../evaluation/scores'
import type { Recommender } from '../models/model'
import type { Csr } from '../numeric/csr'

/** A path's probability as logits: it is the product of the sigmoids of its lists, each [items]. */
type LogitLists = readonly Float32Array[]

/** One history's scores and, for a Hadamard model, the logits behind them. */
export interface ScoredHistory {
  /** [items], as the model gives them: what lists are ranked by. */
  readonly scores: Float32Array
  /** By the member's name, in the model's order. Empty for models whose score is no product of paths. */
  readonly paths: ReadonlyMap<string, LogitLists>
}

/** log σ(z) = −softplus(−z), without overflow and without losing small values, in double precision. */
export const logSigmoid = (z: number): number => (z >= 0 ? -Math.log1p(Math.exp(-z)) : z - Math.log1p(Math.exp(z)))

/** The log of a path's probability of one item: log f = Σ log σ(z) over its lists. */
export const logFactor = (lists: LogitLists, item: number): number =>
  lists.reduce((sum, logits) => sum + logSigmoid(logits[item] ?? Number.NaN), 0)

/** [items]: the log of a path's probability of every item. */
export const logFactors = (lists: LogitLists, items: number): Float64Array =>
  Float64Array.from({ length: items }, (_, item) => logFactor(lists, item))

/**
 * Scores histories [rows, items] and reads the logits of each path; no tensor stays. The scores are the model's own, so that a list, its
 * explanation and the evaluation agree on the order.
 */
export async function scoreHistories(model: Recommender, histories: Csr): Promise<ScoredHistory[]> {
  const score = model.score(histories)
  const parts = model.parts(histories)
  try {
    const scores = asFloats(await score.data())
    const paths = await Promise.all(
      parts.map(async ({ member, logits }) => ({
        member,
        lists: await Promise.all(logits.map(async (list) => asFloats(await list.data()))),
      })),
    )
    const row = (values: Float32Array, r: number): Float32Array =>
      values.subarray(r * model.items, (r + 1) * model.items)
    return Array.from({ length: histories.rows }, (_, r) => ({
      scores: row(scores, r),
      paths: new Map(paths.map(({ member, lists }) => [member, lists.map((list) => row(list, r))])),
    }))
  } finally {
    score.dispose()
    for (const { logits } of parts) for (const list of logits) list.dispose()
  }
}

/** One item of a list. */
export interface ListedItem extends ItemFactors {
  readonly item: number
}

/**
 * The k best unseen items of each history [rows, items], with scores and factors as `itemFactors` tells them. Only those items' numbers leave the
 * backend; no tensor stays.
 */
export async function listTop(model: Recommender, histories: Csr, k: number): Promise<ListedItem[][]> {
  const scores = model.score(histories)
  const parts = model.parts(histories)
  try {
    const lists = await rankRows(scores, histories, k)
    const places = lists.flatMap((list, r) => Array.from(list, (item) => [r, item]).flat())
    const at = tf.tensor2d(Int32Array.from(places), [places.length / 2, 2], 'int32')
    const gathered = async (of: tf.Tensor2D): Promise<Float32Array> => {
      const values = tf.gatherND(of, at)
      try {
        return asFloats(await values.data())
      } finally {
        values.dispose()
      }
    }
    try {
      const listed: ScoredHistory = {
        scores: await gathered(scores),
        paths: new Map(
          await Promise.all(
            parts.map(async ({ member, logits }) => [member, await Promise.all(logits.map(gathered))] as const),
          ),
        ),
      }
      let place = 0
      return lists.map((list) => Array.from(list, (item) => ({ item, ...itemFactors(listed, place++) })))
    } finally {
      at.dispose()
    }
  } finally {
    scores.dispose()
    for (const { logits } of parts) for (const list of logits) list.dispose()
  }
}

/** One item's score and its factors in log space; p is the product of the members' probabilities to double precision. */
export interface ItemFactors {
  /** p for a Hadamard model, else the model's own score. */
  readonly score: number
  /** log p = Σ log f_m; null for models whose score is no product of paths. */
  readonly logScore: number | null
  /** Each member's probability f_m and its log, in the model's order. */
  readonly factors: readonly { readonly member: string; readonly value: number; readonly log: number }[]
}

export function itemFactors({ scores, paths }: ScoredHistory, item: number): ItemFactors {
  const factors = Array.from(paths, ([member, lists]) => {
    const log = logFactor(lists, item)
    return { member, log, value: Math.exp(log) }
  })
  if (factors.length === 0) return { score: scores[item] ?? Number.NaN, logScore: null, factors }
  return {
    score: factors.reduce((product, { value }) => product * value, 1),
    logScore: factors.reduce((sum, { log }) => sum + log, 0),
    factors,
  }
}

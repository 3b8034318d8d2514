import * as tf from '@tensorflow/tfjs-core'
import type { ListSource } from '../../shared/explore'
import { rankRows } from '../evaluation/rank-rows'
import { topK } from '../evaluation/ranking'
import { asFloats } from '../evaluation/scores'
import type { Recommender } from '../models/model'
import { rowOf, type Csr } from '../numeric/csr'
import { sourceOf } from './grounds'

/** A member's factor as logits: the product of the sigmoids of its lists, each [items], to the power of its weight. */
interface MemberLists {
  readonly lists: readonly Float32Array[]
  readonly weight: number
}

/** One history's scores and, if they are products of probabilities, the members' logits. */
export interface ScoredHistory {
  /** [items], the model's scores, by which lists are ranked. */
  readonly scores: Float32Array
  /** By the member's name, in the model's order. Empty for models whose score is not a product. */
  readonly members: ReadonlyMap<string, MemberLists>
}

/** log σ(z) = −softplus(−z), without overflow and without losing small values, in double precision. */
export const logSigmoid = (z: number): number => (z >= 0 ? -Math.log1p(Math.exp(-z)) : z - Math.log1p(Math.exp(z)))

/** The log of a member's factor of one item: w log f = w Σ log σ(z) over its lists. */
export const logFactor = ({ lists, weight }: MemberLists, item: number): number =>
  weight * lists.reduce((sum, logits) => sum + logSigmoid(logits[item] ?? Number.NaN), 0)

/** [items]: the log of a member's factor of every item. */
export const logFactors = (member: MemberLists, items: number): Float64Array =>
  Float64Array.from({ length: items }, (_, item) => logFactor(member, item))

/**
 * Scores histories [rows, items] and reads the logits of each member; leaves no tensors behind. The scores are the model's own, so that lists,
 * explanations and the evaluation have the same order.
 */
export async function scoreHistories(model: Recommender, histories: Csr): Promise<ScoredHistory[]> {
  const score = model.score(histories)
  const outputs = model.memberLogits(histories)
  try {
    const scores = asFloats(await score.data())
    const members = await Promise.all(
      outputs.map(async ({ member, logits, weight = 1 }) => ({
        member,
        weight,
        lists: await Promise.all(logits.map(async (list) => asFloats(await list.data()))),
      })),
    )
    const row = (values: Float32Array, r: number): Float32Array =>
      values.subarray(r * model.items, (r + 1) * model.items)
    return Array.from({ length: histories.rows }, (_, r) => ({
      scores: row(scores, r),
      members: new Map(
        members.map(({ member, lists, weight }) => [member, { lists: lists.map((list) => row(list, r)), weight }]),
      ),
    }))
  } finally {
    score.dispose()
    for (const { logits } of outputs) for (const list of logits) list.dispose()
  }
}

/** One item of a list. */
export interface ListedItem extends ItemFactors {
  readonly item: number
}

/** The list of one history. */
interface List {
  readonly source: ListSource
  /** Model item indexes, best first. */
  readonly items: Int32Array
}

/**
 * The k best unseen items of each history [rows, items], ordered as `recommend` orders them, with scores and factors as in `itemFactors`. Only these
 * items' values are read from the backend, and all scores of a row only if ties decide who is listed; leaves no tensors behind.
 *
 * @param popularity [items], training users who have each
 */
export async function listTop(
  model: Recommender,
  histories: Csr,
  k: number,
  popularity: Float64Array,
): Promise<{ source: ListSource; items: ListedItem[] }[]> {
  const scores = model.score(histories)
  const outputs = model.memberLogits(histories)
  try {
    const lists = await orderedLists(scores, histories, k, popularity)
    const items = lists.map((list) => list.items)
    const listed: ScoredHistory = {
      scores: await gathered(scores, items),
      members: new Map(
        await Promise.all(
          outputs.map(
            async ({ member, logits, weight = 1 }) =>
              [member, { lists: await Promise.all(logits.map((list) => gathered(list, items))), weight }] as const,
          ),
        ),
      ),
    }
    let position = 0
    return lists.map((list) => ({
      source: list.source,
      items: Array.from(list.items, (item) => ({ item, ...itemFactors(listed, position++) })),
    }))
  } finally {
    scores.dispose()
    for (const { logits } of outputs) for (const list of logits) list.dispose()
  }
}

/** The values [rows, items] of each row's listed items, one row after the other. */
async function gathered(values: tf.Tensor2D, lists: readonly Int32Array[]): Promise<Float32Array> {
  const indices = lists.flatMap((list, r) => Array.from(list, (item) => [r, item]).flat())
  const picked = tf.tidy(() =>
    tf.gatherND(values, tf.tensor2d(Int32Array.from(indices), [indices.length / 2, 2], 'int32')),
  )
  try {
    return asFloats(await picked.data())
  } finally {
    picked.dispose()
  }
}

/** The lists by score, ties by popularity. One extra item shows whether the end of the list separates equal scores. */
async function orderedLists(scores: tf.Tensor2D, histories: Csr, k: number, popularity: Float64Array): Promise<List[]> {
  const longer = await rankRows(scores, histories, k + 1)
  const values = await gathered(scores, longer)
  let position = 0
  return Promise.all(
    longer.map(async (list, r) => {
      const own = values.subarray(position, (position += list.length))
      const history = rowOf(histories, r)
      const tiedAtEnd = list.length > k && !(own[k - 1]! > own[k]!)
      // If all scores are equal, so are the listed ones; the whole row must be read to know about the others.
      const mayBeAlike = list.length > 1 && !(own[0]! > own[list.length - 1]!)
      if (history.length > 0 && !tiedAtEnd && !mayBeAlike)
        return { source: 'model' as const, items: byPopularity(list.subarray(0, k), own, popularity) }
      const row = await wholeRow(scores, r)
      const source = sourceOf(row, history)
      return { source, items: topK(source === 'model' ? row : popularity, history, k, popularity) }
    }),
  )
}

/** Sorts a list by score, ties by popularity, then index. */
function byPopularity(list: Int32Array, scores: Float32Array, popularity: Float64Array): Int32Array {
  const order = Int32Array.from(list.keys())
  order.sort((a, b) => {
    // The list is already sorted by score, NaN last, so only ties change.
    if (scores[a] !== scores[b] && !(Number.isNaN(scores[a]) && Number.isNaN(scores[b]))) return a - b
    const [itemA, itemB] = [list[a] ?? 0, list[b] ?? 0]
    return (popularity[itemB] ?? 0) - (popularity[itemA] ?? 0) || itemA - itemB
  })
  return order.map((at) => list[at] ?? 0)
}

async function wholeRow(scores: tf.Tensor2D, row: number): Promise<Float32Array> {
  const one = tf.tidy(() => tf.slice(scores, [row, 0], [1, scores.shape[1]]))
  try {
    return asFloats(await one.data())
  } finally {
    one.dispose()
  }
}

/** One item's score and its factors in log space; p is the product of the members' factors to double precision. */
export interface ItemFactors {
  /** p if it is a product of probabilities, else the model's own score. */
  readonly score: number
  /** log p = Σ w_m log f_m; null for models whose score is not a product. */
  readonly logScore: number | null
  /** Each member's weight w_m, its factor f_m^w_m (its probability where the weight is 1) and the log of that, in the model's order. */
  readonly factors: readonly {
    readonly member: string
    readonly weight: number
    readonly value: number
    readonly log: number
  }[]
}

export function itemFactors({ scores, members }: ScoredHistory, item: number): ItemFactors {
  const factors = Array.from(members, ([member, lists]) => {
    const log = logFactor(lists, item)
    return { member, weight: lists.weight, log, value: Math.exp(log) }
  })
  if (factors.length === 0) return { score: scores[item] ?? Number.NaN, logScore: null, factors }
  return {
    score: factors.reduce((product, { value }) => product * value, 1),
    logScore: factors.reduce((sum, { log }) => sum + log, 0),
    factors,
  }
}

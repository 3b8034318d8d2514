import type { ModelConfig, ModelKind } from '../../shared/models'
import { fewUsers } from './ease-way'
import { weightCount, type WeightCount } from './weight-count'

/** Bytes that a run needs at its highest, by what needs them. */
export interface MemoryEstimate {
  readonly weights: number
  /** The optimiser's two moments of every weight. */
  readonly optimiser: number
  /** A step's gradients; twice where a step is computed in parts, whose gradients are added up. */
  readonly gradients: number
  /** Everything of [rows of a part, items] and [rows of a part, hidden] that a step holds at once. */
  readonly activations: number
  /** Matrices that a solution takes beside the weights: EASE's counts and what its inverse is made of. */
  readonly solution: number
  /** The process with TensorFlow, and the histories. */
  readonly base: number
  readonly peak: number
}

/** Of a float32. */
const BYTES = 4

/*
 * Fitted to `npm run bench -- memory`, whose peaks they meet within a fifth. The numbers of arrays are more than are alive at once, because workers keep what they
 * free (see `jobs/worker-environment.ts`).
 */

/** A worker with TensorFlow and the thread that makes batches, before it has made a weight. */
const PROCESS = 500 * 2 ** 20
/** Arrays of [rows, items] that the heap has room for, for each list of logits. */
const ITEM_ARRAYS = 8
/** The same of each hidden layer: swish, LayerNorm, the sum, and their gradients. */
const HIDDEN_ARRAYS = 6
/** Copies of a dense gradient, for each weight that has one. */
const GRADIENT_ARRAYS = 1
/** Matrices [items, items] that EASE holds beside its weights: G, and the inverse in the making. */
const EASE_MATRICES = 4
/** Matrices [users, items] and [users, users] where it solves by the users. */
const EASE_USER_MATRICES = 3
/** Copies of every interaction while a data set is prepared: item, order, user, split. */
const PER_INTERACTION = 4 * BYTES

export interface EstimatedRun {
  readonly model: ModelKind
  /** Complete. */
  readonly config: ModelConfig
  /** Of the catalogue, as the config's share leaves it. */
  readonly items: number
  /** Who are trained on. */
  readonly users: number
  readonly interactions: number
  /** Whether gradients of first layers are written in full: where our own kernels are missing. */
  readonly denseGradients?: boolean
}

/**
 * What training, or solving, a model will need, from its shapes alone. `npm run bench -- memory` compares it with measured peaks.
 */
export function estimateMemory(run: EstimatedRun): MemoryEstimate {
  const count = weightCount(run.model, run.config, run.items)
  const parts = count ? trained(run, count) : solved(run)
  const base = PROCESS + PER_INTERACTION * run.interactions
  const { weights, optimiser, gradients, activations, solution } = parts
  return { ...parts, base, peak: weights + optimiser + gradients + activations + solution + base }
}

type Parts = Omit<MemoryEstimate, 'base' | 'peak'>

function trained({ config, items, denseGradients = false }: EstimatedRun, count: WeightCount): Parts {
  const number = (key: string): number => {
    const value = config[key]
    return typeof value === 'number' ? value : 1
  }
  const batchRows = number('batchRows')
  const parts = Math.min(number('accumulate'), batchRows)
  const rows = Math.ceil(batchRows / parts)
  const written = denseGradients ? count.all : count.all - count.sparse
  // Adding makes a new sum of one parameter before it lets go of the old one; of a sparse gradient it keeps all rows, in two copies.
  // Of weight decay there are the squares, and a gradient of its own before the two are added.
  const sums = parts > 1 ? written + count.largest + 2 * batchRows * count.sparseOutputs : 0
  return {
    weights: BYTES * (count.all + count.still),
    optimiser: 2 * BYTES * count.all,
    gradients: BYTES * (GRADIENT_ARRAYS * written + sums + 2 * count.decayed),
    activations: BYTES * rows * (ITEM_ARRAYS * count.lists * items + HIDDEN_ARRAYS * count.hidden),
    solution: 0,
  }
}

function solved({ model, items, users }: EstimatedRun): Parts {
  const none = { optimiser: 0, gradients: 0, activations: 0 }
  if (model !== 'ease') return { ...none, weights: BYTES * items, solution: 0 }
  const square = items * items
  const solution = fewUsers(users, items)
    ? EASE_USER_MATRICES * users * (users + items) + 2 * square
    : EASE_MATRICES * square
  return { ...none, weights: BYTES * square, solution: BYTES * solution }
}

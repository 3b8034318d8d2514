import type { ModelConfig, ModelKind } from '../../shared/models'
import { fewUsers } from './ease-way'
import { rowsAtOnce } from './rows-at-once'
import { weightCount, type WeightCount } from './weight-count'

/** Bytes that a run needs at its highest, by what needs them. */
export interface MemoryEstimate {
  readonly weights: number
  /** The optimiser's two moments of every weight. */
  readonly optimiser: number
  /** A step's gradients. */
  readonly gradients: number
  /** Everything of [rows of a part, items] and [rows of a part, hidden] that a step holds at once, or of [rows, items] that an evaluation does. */
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
 * Fitted to the peaks of all models at several sizes, which they meet within a fifth (`npm run bench -- memory`). The numbers of arrays are more than are alive at
 * once, because workers keep what they free (see `jobs/worker-environment.ts`), and what is left in JavaScript keeps holes of theirs open.
 */

/** A worker with TensorFlow and the thread that makes batches, before it has made a weight. */
const PROCESS = 460 * 2 ** 20
/** Gradients that are written in full, with what they are computed from. */
const DENSE_GRADIENTS = 3
/** Of a weight whose gradient stays sparse: nearly nothing. */
const SPARSE_GRADIENTS = 0.2
/** Of weights whose gradient is the sum of two, beside it. */
const SUMMED_GRADIENTS = 2.5
/** Arrays of [rows of a step's part, items] … */
const ITEM_ARRAYS = 8
/** … and of [rows, hidden] in a step: swish, LayerNorm, the sum, and their gradients. */
const HIDDEN_ARRAYS = 2.5
/** Arrays of [rows scored at once, items] in an evaluation, which takes the same room in its turn. */
const EVALUATION_ARRAYS = 20
/** Matrices [items, items] that EASE takes beside its weights: G, and the inverse in the making, whose blocks of many sizes leave holes. */
const EASE_MATRICES = 7
/** Matrices [users, users + items], and [items, items] beside the weights, where it solves by the users. */
const EASE_USER_MATRICES = 3
const EASE_USER_SOLUTIONS = 2.5
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
  const sparse = denseGradients ? 0 : count.sparse
  const gradients = DENSE_GRADIENTS * (count.all - sparse) + SPARSE_GRADIENTS * sparse + SUMMED_GRADIENTS * count.summed
  // The sum of sparse gradients keeps all parts' rows, in two copies while one is added.
  const keptRows = parts > 1 ? 2 * batchRows * count.sparseOutputs : 0
  const step = rows * (ITEM_ARRAYS * items + HIDDEN_ARRAYS * count.hidden)
  const evaluation = EVALUATION_ARRAYS * rowsAtOnce(items) * items
  return {
    weights: BYTES * (count.all + count.still),
    optimiser: 2 * BYTES * count.all,
    gradients: BYTES * (gradients + keptRows),
    activations: BYTES * Math.max(step, evaluation),
    solution: 0,
  }
}

function solved({ model, items, users }: EstimatedRun): Parts {
  const none = { optimiser: 0, gradients: 0, activations: 0 }
  if (model !== 'ease') return { ...none, weights: BYTES * items, solution: 0 }
  const square = items * items
  const solution = fewUsers(users, items)
    ? EASE_USER_MATRICES * users * (users + items) + EASE_USER_SOLUTIONS * square
    : EASE_MATRICES * square
  return { ...none, weights: BYTES * square, solution: BYTES * solution }
}

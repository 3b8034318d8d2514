import type { ConfiguredModel, SolutionSize } from './definition'
import { rowsAtOnce } from './rows-at-once'
import type { LoopSettings } from './settings/keys'
import { sizeOf, type ParameterShape } from './shapes'

/** Bytes that a run needs at its peak, by purpose. */
export interface MemoryEstimate {
  readonly weights: number
  /** The optimiser's two moments of every weight. */
  readonly optimiser: number
  /** A step's gradients. */
  readonly gradients: number
  /** Arrays of [rows of a micro-batch, items] and [rows of a micro-batch, hidden] in a step, or of [rows, items] in an evaluation. */
  readonly activations: number
  /** Matrices that solving needs besides the weights, such as a matrix of counts and the blocks of its inverse. */
  readonly solution: number
  /** The process with TensorFlow and the histories. */
  readonly base: number
  readonly peak: number
}

/** Of a float32. */
const BYTES = 4

/*
 * Fitted to the measured peaks of all models at several sizes, within 20 % (`npm run bench -- memory`). The numbers of arrays of a training step exceed
 * those in use, because workers that train keep freed memory (see `jobs/worker-environment.ts`) and objects left in JavaScript fragment it.
 */

/** A worker with TensorFlow and the batch thread, before it has created a weight. */
const PROCESS = 460 * 2 ** 20
/** For each dense gradient: itself and what it is computed from. */
const DENSE_GRADIENTS = 3
/** For each weight whose gradient stays sparse: almost nothing. */
const SPARSE_GRADIENTS = 0.2
/** In addition, for each weight whose gradient is the sum of two. */
const ACCUMULATED_GRADIENTS = 2.5
/** Arrays of [rows of a micro-batch, items] … */
const ITEM_ARRAYS = 8
/** … and of [rows, hidden] in a step: swish, LayerNorm, the sum, and their gradients. */
const HIDDEN_ARRAYS = 2.5
/** Arrays of [rows scored at once, items] in an evaluation, which reuses the memory of a step. */
const EVALUATION_ARRAYS = 20
/** Copies of each interaction while a data set is prepared: item, order, user, split. */
const PER_INTERACTION = 4 * BYTES

export interface EstimatedRun {
  readonly model: ConfiguredModel
  /** Size of the catalogue after filtering. */
  readonly items: number
  /** The number of training users. */
  readonly users: number
  readonly interactions: number
  /** Whether gradients of first layers are dense, which they are without our own kernels. */
  readonly denseGradients?: boolean
}

/** Estimates what training or solving a model needs, from its shapes alone. `npm run bench -- memory` compares it with measured peaks. */
export function estimateMemory(run: EstimatedRun): MemoryEstimate {
  const breakdown = run.model.loop ? trained(run, run.model.loop) : solved(run)
  const base = PROCESS + PER_INTERACTION * run.interactions
  const { weights, optimiser, gradients, activations, solution } = breakdown
  return { ...breakdown, base, peak: weights + optimiser + gradients + activations + solution + base }
}

type Breakdown = Omit<MemoryEstimate, 'base' | 'peak'>

const entries = (shapes: readonly ParameterShape[]): number => shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)

/** Floats per row in the outputs of the weights' products; biases and norms need none of their own. */
const outputs = (shapes: readonly ParameterShape[]): number =>
  shapes.reduce((sum, { shape }) => sum + (shape.length === 2 ? shape[1]! : 0), 0)

/** Rows of a micro-batch. */
const microBatchRows = ({ batchRows, accumulate }: LoopSettings): number =>
  Math.ceil(batchRows / Math.min(accumulate, batchRows))

function trained({ model, items, denseGradients = false }: EstimatedRun, loop: LoopSettings): Breakdown {
  const shapes = model.shapes(items)
  const moved = shapes.filter((shape) => shape.trained)
  const sparse = denseGradients ? [] : moved.filter(({ gradient }) => gradient === 'sparse')
  const gradients =
    DENSE_GRADIENTS * (entries(moved) - entries(sparse)) +
    SPARSE_GRADIENTS * entries(sparse) +
    ACCUMULATED_GRADIENTS * entries(moved.filter(({ gradient }) => gradient === 'accumulated'))
  // Accumulated sparse gradients keep the rows of all micro-batches, in two copies while one is added.
  const keptRows =
    loop.accumulate > 1 && loop.batchRows > 1
      ? 2 * loop.batchRows * outputs(moved.filter(({ gradient }) => gradient === 'sparse'))
      : 0
  const step = microBatchRows(loop) * (ITEM_ARRAYS * items + HIDDEN_ARRAYS * outputs(moved))
  const evaluation = EVALUATION_ARRAYS * rowsAtOnce(items) * items
  return {
    weights: BYTES * entries(shapes),
    optimiser: 2 * BYTES * entries(moved),
    gradients: BYTES * (gradients + keptRows),
    activations: BYTES * Math.max(step, evaluation),
    solution: 0,
  }
}

const solved = ({ model, items, users }: EstimatedRun): Breakdown => ({
  optimiser: 0,
  gradients: 0,
  activations: 0,
  weights: BYTES * entries(model.shapes(items)),
  solution: BYTES * model.solution({ items, users }),
})

/** Entries of the largest matrix of a model: a weight, an array of its solution, or the scores of a micro-batch. */
export const largestMatrix = (model: ConfiguredModel, { items, users }: SolutionSize): number =>
  Math.max(
    ...model.shapes(items).map(sizeOf),
    model.largest({ items, users }),
    model.loop ? microBatchRows(model.loop) * items : items,
  )

import type { ConfiguredModel, SolutionSize } from './definition'
import { rowsAtOnce } from './rows-at-once'
import type { LoopSettings } from './settings/keys'
import { sizeOf, type ParameterShape } from './shapes'

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
/** Copies of every interaction while a data set is prepared: item, order, user, split. */
const PER_INTERACTION = 4 * BYTES

export interface EstimatedRun {
  readonly model: ConfiguredModel
  /** Of the catalogue, as the model's share leaves it. */
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
  const parts = run.model.loop ? trained(run, run.model.loop) : solved(run)
  const base = PROCESS + PER_INTERACTION * run.interactions
  const { weights, optimiser, gradients, activations, solution } = parts
  return { ...parts, base, peak: weights + optimiser + gradients + activations + solution + base }
}

type Parts = Omit<MemoryEstimate, 'base' | 'peak'>

const entries = (shapes: readonly ParameterShape[]): number => shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)

/** Floats of one row of what the weights' products give; biases and norms have none of their own. */
const outputs = (shapes: readonly ParameterShape[]): number =>
  shapes.reduce((sum, { shape }) => sum + (shape.length === 2 ? shape[1]! : 0), 0)

/** Rows of a step that are computed at once. */
const rowsOfPart = ({ batchRows, accumulate }: LoopSettings): number =>
  Math.ceil(batchRows / Math.min(accumulate, batchRows))

function trained({ model, items, denseGradients = false }: EstimatedRun, loop: LoopSettings): Parts {
  const shapes = model.shapes(items)
  const moved = shapes.filter((shape) => shape.trained)
  const sparse = denseGradients ? [] : moved.filter(({ gradient }) => gradient === 'sparse')
  const gradients =
    DENSE_GRADIENTS * (entries(moved) - entries(sparse)) +
    SPARSE_GRADIENTS * entries(sparse) +
    SUMMED_GRADIENTS * entries(moved.filter(({ gradient }) => gradient === 'summed'))
  // The sum of sparse gradients keeps all parts' rows, in two copies while one is added.
  const keptRows =
    loop.accumulate > 1 && loop.batchRows > 1
      ? 2 * loop.batchRows * outputs(moved.filter(({ gradient }) => gradient === 'sparse'))
      : 0
  const step = rowsOfPart(loop) * (ITEM_ARRAYS * items + HIDDEN_ARRAYS * outputs(moved))
  const evaluation = EVALUATION_ARRAYS * rowsAtOnce(items) * items
  return {
    weights: BYTES * entries(shapes),
    optimiser: 2 * BYTES * entries(moved),
    gradients: BYTES * (gradients + keptRows),
    activations: BYTES * Math.max(step, evaluation),
    solution: 0,
  }
}

const solved = ({ model, items, users }: EstimatedRun): Parts => ({
  optimiser: 0,
  gradients: 0,
  activations: 0,
  weights: BYTES * entries(model.shapes(items)),
  solution: BYTES * model.solution({ items, users }),
})

/** Entries of the largest single matrix of a model: of its weights or its solution, or all scores of the rows that a step computes at once. */
export const largestMatrix = (model: ConfiguredModel, { items, users }: SolutionSize): number =>
  Math.max(
    ...model.shapes(items).map(sizeOf),
    model.largest({ items, users }),
    model.loop ? rowsOfPart(model.loop) * items : items,
  )

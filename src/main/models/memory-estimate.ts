import type { ModelConfig, ModelKind } from '../../shared/models'
import { weightCount } from './weight-count'

/** Bytes that a run needs at its highest, by what needs them. */
export interface MemoryEstimate {
  readonly weights: number
  /** The optimiser's two moments of every weight. */
  readonly optimiser: number
  /** A step's gradients; twice where a step is computed in parts, whose gradients are added up. */
  readonly gradients: number
  /** Everything of [rows of a part, items] and [rows of a part, hidden] that a step holds at once. */
  readonly activations: number
  /** The process with TensorFlow, and the histories. */
  readonly base: number
  readonly peak: number
}

/** Of a float32. */
const BYTES = 4
/** A worker with TensorFlow loaded, before it has made a weight. */
const PROCESS = 450 * 2 ** 20
/**
 * Arrays of [rows, items] that the heap has room for, for each list of logits: fitted to `npm run bench -- memory`. It is more than are alive at
 * once, because workers keep what they free (see `jobs/worker-environment.ts`).
 */
const ITEM_ARRAYS = 17
/** The same of each hidden layer: swish, LayerNorm, the sum, and their gradients. */
const HIDDEN_ARRAYS = 19
/** Copies of every interaction while a data set is prepared: item, order, user, split. */
const PER_INTERACTION = 4 * BYTES

export interface EstimatedRun {
  readonly model: ModelKind
  /** Complete. */
  readonly config: ModelConfig
  /** Of the catalogue, as the config's share leaves it. */
  readonly items: number
  readonly interactions: number
}

/**
 * What training a model will need, from its shapes alone; null for models that are solved, whose need depends on the way that suits the data.
 * `npm run bench -- memory` compares it with measured peaks.
 */
export function estimateMemory({ model, config, items, interactions }: EstimatedRun): MemoryEstimate | null {
  const count = weightCount(model, config, items)
  if (!count) return null
  const number = (key: string): number => {
    const value = config[key]
    return typeof value === 'number' ? value : 1
  }
  const parts = Math.min(number('accumulate'), number('batchRows'))
  const rows = Math.ceil(number('batchRows') / parts)
  const weights = BYTES * (count.all + count.still)
  const optimiser = 2 * BYTES * count.all
  // Adding makes a new sum of one parameter before it lets go of the old one.
  // Of weight decay there are the squares, and a gradient of its own before the two are added.
  const gradients = BYTES * ((parts > 1 ? 2 * count.all + count.largest : count.all) + 2 * count.decayed)
  const activations = BYTES * rows * (ITEM_ARRAYS * count.lists * items + HIDDEN_ARRAYS * count.hidden)
  const base = PROCESS + PER_INTERACTION * interactions
  return {
    weights,
    optimiser,
    gradients,
    activations,
    base,
    peak: weights + optimiser + gradients + activations + base,
  }
}

import { rowsAtOnce } from '../rows-at-once'
import { positiveWholeNumbers } from '../settings/stages'
import { zeros, type ParameterShape } from '../shapes'

/** Models whose weights are each item's k nearest others, without TensorFlow: what their definitions share. */

export const neighbours = positiveWholeNumbers(
  'Neighbours k candidates',
  'How many nearest items of the history count for an item at most; of several, separated by commas, validation chooses the best.',
)

interface NeighbourSettings {
  readonly neighbours: readonly number[]
}

/** Neighbours for which there is room. */
const most = (candidates: readonly number[], items: number): number => Math.min(items, Math.max(...candidates))

/**
 * `prefix.sources` and `prefix.weights` [items, k] of the largest k: row i holds the items nearest to item i, nearest first, and the weights with which they count
 * for it; 0 where it has fewer.
 */
export const neighbourShapes = (prefix: string, settings: NeighbourSettings, items: number): ParameterShape[] =>
  ['sources', 'weights'].map((name) => zeros(`${prefix}.${name}`, [items, most(settings.neighbours, items)]))

/** Of [items, k]: the lists that candidates share and those that scoring reads, each with its weights, and copies on the way to the backend. */
const LISTS = 10
/** Of [rows scored at once, items]: in JavaScript, on the backend, and what evaluation makes of them. */
const SCORES = 10

/** Floats that a solution takes beside the weights. */
export const neighbourSolution = (items: number, settings: NeighbourSettings): number =>
  LISTS * items * most(settings.neighbours, items) + SCORES * rowsAtOnce(items) * items

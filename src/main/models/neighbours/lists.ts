import { rowsAtOnce } from '../rows-at-once'
import { positiveWholeNumbers } from '../settings/stages'
import { zeros, type ParameterShape } from '../shapes'

/** What the definitions of neighbourhood models share; without TensorFlow. */

export const neighbours = positiveWholeNumbers(
  'Neighbours k candidates',
  'At most this many neighbours of an item count towards its score. Give several values, separated by commas, and validation chooses the best.',
)

interface NeighbourSettings {
  readonly neighbours: readonly number[]
}

/** Maximum number of neighbours. */
const most = (candidates: readonly number[], items: number): number => Math.min(items, Math.max(...candidates))

/**
 * `prefix.sources` and `prefix.weights` [items, k] of the largest k: row i holds the items nearest to item i, nearest first, and their weights; 0 if
 * there are fewer.
 */
export const neighbourShapes = (prefix: string, settings: NeighbourSettings, items: number): ParameterShape[] =>
  ['sources', 'weights'].map((name) => zeros(`${prefix}.${name}`, [items, most(settings.neighbours, items)]))

/*
 * Arrays besides the parameters (`npm run bench -- memory`).
 */
/** [items, k]: sources and weights of the lists that candidates share, of a candidate’s own lists, and, read from the backend, of this batch and the one before. */
const LISTS = 8
/** [rows scored at once, items]: in JavaScript, on the backend, and those of the previous batch. */
const SCORES = 3

/** Number of floats that solving needs besides the weights. */
export const neighbourSolution = (items: number, settings: NeighbourSettings): number =>
  LISTS * items * most(settings.neighbours, items) + SCORES * rowsAtOnce(items) * items

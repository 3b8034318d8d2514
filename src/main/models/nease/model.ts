import { multiplySparse } from '../../compute/sparse-rows'
import type { Built } from '../factory'
import { trainedBySteps, type GradientModel } from '../gradient-model'
import { matrix } from '../layers/weights'
import { contributionsBy, onlyParameter } from '../linear-weights'
import { lossOf } from '../loss'
import type { Member } from '../member'
import { alone } from '../network'
import type { NeaseSettings } from './definition'

/**
 * Neural EASE (VASP paper, section III-A, eq. 2): logits = W x without bias, diag(W) = 0, ŷ = σ(logits).
 *
 * `nease.W` is stored as [source, target], the transpose of the paper's W, so that the rows of the seen items can be gathered.
 */
export const member = (_settings: unknown, { items, parameters }: Built): Member => ({
  kind: 'nease',
  items,
  parameters,
  // The diagonal starts at 0 and its gradient is 0, so it stays exactly 0 with every optimiser.
  forward: (weights, input) => ({
    logits: [multiplySparse(input, matrix(weights, 'nease.W'), { zeroDiagonal: true })],
    penalties: {},
  }),
  contributions: contributionsBy(onlyParameter(parameters)),
})

/** NEASE alone, with the loss in its config: MSE, cosine proximity or focal (paper, table I). It has no dense product that could be rounded. */
export const create = (settings: NeaseSettings, built: Built): GradientModel =>
  trainedBySteps(alone(member(settings, built)), lossOf(settings), { ...settings, precision: 'float32' }, built)

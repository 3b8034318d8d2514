import type { Parameter } from '../compute/parameter'
import { multiplySparse, type SparseRows } from '../compute/sparse-rows'
import { withoutDiagonal } from '../compute/diagonal'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { matrix, ParameterList, type Weights } from './layers/parameters'
import { LinearWeights } from './linear-weights'
import type { Member, MemberOutput } from './member'
import type { LinearPath, ModelFactory } from './model'
import { glorotUniform } from './layers/initialisers'
import { neaseConfig } from './settings'
import { lossOf } from './loss'
import { seededNoise } from './noise'

const NAME = 'nease.W'

/**
 * Neural EASE (VASP paper, section III-A, eq. 2): logits = W x without bias, diag(W) = 0, ŷ = σ(logits).
 *
 * `nease.W` is stored as [source, target], the transpose of the paper's W, so that the rows of the seen items can be gathered.
 */
export class Nease implements Member {
  readonly name = 'nease'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear: LinearPath

  constructor(
    readonly items: number,
    random: Random,
  ) {
    const list = new ParameterList(random)
    const initial = glorotUniform(items, items, random.fork(NAME))
    list.add(NAME, withoutDiagonal(initial))
    initial.dispose()
    this.parameters = list.all
    this.linear = new LinearWeights(list.get(NAME))
  }

  forward(weights: Weights, input: SparseRows): MemberOutput {
    // The diagonal starts at 0 and its gradient is 0, so every optimiser leaves it exactly there.
    return { logits: [multiplySparse(input, matrix(weights, NAME), { hollow: true })], penalties: {} }
  }
}

/** NEASE alone, with the loss of its config: MSE, cosine proximity or focal (paper, table I). */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = neaseConfig.parse(config)
  return hadamard([new Nease(items, random)], {
    loss: lossOf(settings),
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    noise: seededNoise(random.fork('noise')),
  })
}

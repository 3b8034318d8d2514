import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { dense } from './layers/dense'
import { denseOfNormalised } from './layers/normalised-input'
import { ParameterList, type Weights } from './layers/parameters'
import { multinomial } from './loss'
import { weightDecay } from './losses/weight-decay'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
import { multDaeConfig } from './settings'

export interface MultDaeShape {
  /** Width of the only hidden layer. */
  readonly hidden: number
  /** Probability that an item of the input is left out while training. */
  readonly dropout: number
  /** λ of λ Σ‖W‖². */
  readonly weightDecay: number
}

/**
 * Mult-DAE (Liang et al., “Variational Autoencoders for Collaborative Filtering”, 2018, section 2.2.1): I → H → I with tanh, a denoising autoencoder
 * trained by multinomial likelihood; the input is L2-normalised, then dropped out.
 */
export class MultDae implements Member {
  readonly name = 'mult-dae'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear = null

  constructor(
    readonly items: number,
    private readonly shape: MultDaeShape,
    random: Random,
  ) {
    const list = new ParameterList(random)
    list.dense('enc1', items, shape.hidden)
    list.dense('dec1', shape.hidden, items)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const dropout = pass && { noise: pass.noise, rate: this.shape.dropout }
    const h = tf.tanh(denseOfNormalised(weights, 'enc1', input, dropout))
    return {
      logits: [dense(weights, 'dec1', h)],
      penalties: pass
        ? { l2: { value: weightDecay(weights, ['enc1', 'dec1'], this.shape.weightDecay), weight: 1 } }
        : {},
    }
  }
}

/** Mult-DAE alone. */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = multDaeConfig.parse(config)
  return hadamard([new MultDae(items, settings, random)], {
    loss: multinomial,
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
  })
}

import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { dense, denseOfSeen } from './layers/dense'
import { ParameterList, type Weights } from './layers/parameters'
import { squared } from './loss'
import { weightDecay } from './losses/weight-decay'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
import { autorecConfig } from './settings'

export interface AutorecShape {
  /** k, the width of the only hidden layer. */
  readonly hidden: number
  /** λ of λ Σ‖W‖². */
  readonly weightDecay: number
}

/**
 * U-AutoRec (Sedhain, Menon, Sanner & Xie, “AutoRec: Autoencoders Meet Collaborative Filtering”, WWW 2015, eq. 1): h(r) = f(W · g(V r + μ) + b) with
 * g the sigmoid, one autoencoder over users' rows. The paper rates only observed entries; of implicit data every entry is observed, 0 or 1.
 */
export class Autorec implements Member {
  readonly name = 'autorec'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear = null

  constructor(
    readonly items: number,
    private readonly shape: AutorecShape,
    random: Random,
  ) {
    const list = new ParameterList(random)
    list.dense('enc1', items, shape.hidden)
    list.dense('dec1', shape.hidden, items)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const h = tf.sigmoid(denseOfSeen(weights, 'enc1', input))
    return {
      logits: [dense(weights, 'dec1', h)],
      penalties: pass
        ? { l2: { value: weightDecay(weights, ['enc1', 'dec1'], this.shape.weightDecay), weight: 1 } }
        : {},
    }
  }
}

/** AutoRec alone, with squared error (eq. 2; mean over rows, so λ is the paper's λ/2 divided by the number of users). */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = autorecConfig.parse(config)
  return hadamard([new Autorec(items, settings, random)], {
    loss: squared(settings.output),
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
  })
}

import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { dense } from './layers/dense'
import { denseOfNormalised } from './layers/normalised-input'
import { ParameterList, type Weights } from './layers/parameters'
import { reparametrised } from './layers/reparametrise'
import { multinomial } from './loss'
import { summedKl } from './losses/kl'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
import { multVaeConfig } from './settings'

export interface MultVaeShape {
  /** H, the width of the hidden layers on both sides of z. */
  readonly hidden: number
  /** L, the width of μ, log σ² and z. */
  readonly latent: number
  /** Probability that an item of the input is left out while training. */
  readonly dropout: number
  /** Cap of the KL weight. */
  readonly beta: number
  /** The KL weight is step/annealSteps until it reaches its cap. */
  readonly annealSteps: number
}

/**
 * Mult-VAE^PR (Liang et al., “Variational Autoencoders for Collaborative Filtering”, 2018): I → H → (μ, log σ²) → H → I with tanh, partially
 * regularised: multinomial likelihood plus β·KL (eq. 8) with β annealed from 0 to its cap (section 2.2.2). The input is L2-normalised, then dropped out.
 */
export class MultVae implements Member {
  readonly name = 'mult-vae'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear = null

  constructor(
    readonly items: number,
    private readonly shape: MultVaeShape,
    random: Random,
  ) {
    const { hidden, latent } = shape
    const list = new ParameterList(random)
    list.dense('enc1', items, hidden)
    list.dense('mu', hidden, latent)
    list.dense('logvar', hidden, latent)
    list.dense('dec1', latent, hidden)
    list.dense('dec2', hidden, items)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const dropout = pass && { noise: pass.noise, rate: this.shape.dropout }
    const h = tf.tanh(denseOfNormalised(weights, 'enc1', input, dropout))
    const mu = dense(weights, 'mu', h)
    // Inference needs neither log σ² nor ε: z = μ.
    const logVariance = pass ? dense(weights, 'logvar', h) : null
    const z = logVariance && pass ? reparametrised(mu, logVariance, pass.noise) : mu
    const d = tf.tanh(dense(weights, 'dec1', z))
    return {
      logits: [dense(weights, 'dec2', d)],
      penalties:
        logVariance && pass ? { kl: { value: summedKl(mu, logVariance), weight: this.#betaAt(pass.step) } } : {},
    }
  }

  /** As in the authors' code: min(cap, steps done / annealing steps). */
  #betaAt(step: number): number {
    return Math.min(this.shape.beta, step / this.shape.annealSteps)
  }
}

/** Mult-VAE alone. */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = multVaeConfig.parse(config)
  return hadamard([new MultVae(items, settings, random)], {
    loss: multinomial,
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
  })
}

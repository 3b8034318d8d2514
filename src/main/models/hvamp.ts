import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { dense } from './layers/dense'
import { addGated, gated, gatedOfScaled } from './layers/gated'
import { normalisedRows, type InputDropout } from './layers/normalised-input'
import { ParameterList, vector, type Weights } from './layers/parameters'
import { centredPosterior, posterior } from './layers/posterior'
import { addPseudoInputs, pseudoInputs } from './layers/pseudo-inputs'
import { sampled } from './layers/reparametrise'
import { multinomial } from './loss'
import { logDensity, type Gaussian } from './losses/gaussian'
import { logVampPrior } from './losses/vamp-prior'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
import { hvampConfig } from './settings'

export interface HVampSettings {
  readonly hidden: number
  /** Width of z1 and of z2. */
  readonly latent: number
  /** K, the number of trainable histories that make up the prior. */
  readonly pseudoInputs: number
  /** Share of a user's items that dropout takes from each encoder's input, and of a pseudo-input's entries. */
  readonly dropout: number
  /** The KL term's weight after the warm-up. */
  readonly beta: number
  /** Epochs in which β grows from 0 to `beta`, by the same amount each; 0: it is `beta` from the start. */
  readonly warmUp: number
}

/**
 * H+Vamp Gated (Kim & Suh, RecSys 2019): a variational autoencoder with two stochastic layers, z2 above z1, gated linear layers throughout,
 * and as prior of z2 the mean of the posteriors of K trainable pseudo-inputs (VampPrior).
 */
export class HVamp implements Member {
  readonly name = 'hvamp'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear = null

  constructor(
    readonly items: number,
    private readonly settings: HVampSettings,
    random: Random,
  ) {
    const { hidden, latent } = settings
    const list = new ParameterList(random)
    const head = (name: string): void => {
      list.dense(`${name}.mean`, hidden, latent)
      list.dense(`${name}.logvar`, hidden, latent)
    }
    addGated(list, 'q_z2.1', items, hidden)
    addGated(list, 'q_z2.2', hidden, hidden)
    head('q_z2')
    addGated(list, 'q_z1.x', items, hidden)
    addGated(list, 'q_z1.z2', latent, hidden)
    addGated(list, 'q_z1.joint', 2 * hidden, hidden)
    head('q_z1')
    addGated(list, 'p_z1.1', latent, hidden)
    addGated(list, 'p_z1.2', hidden, hidden)
    head('p_z1')
    addGated(list, 'p_x.z1', latent, hidden)
    addGated(list, 'p_x.z2', latent, hidden)
    addGated(list, 'p_x.joint', 2 * hidden, hidden)
    list.dense('p_x.out', hidden, items)
    addPseudoInputs(list, settings.pseudoInputs, items, random)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const dropout = pass && { noise: pass.noise, rate: this.settings.dropout }
    // q(z2|x): each of the two encoders drops its own entries.
    const qZ2 = posterior2(weights, gatedOfScaled(weights, 'q_z2.1', normalisedRows(input, dropout)))
    const sample2 = pass && sampled(qZ2, pass.noise)
    const z2 = tf.add<tf.Tensor2D>(sample2?.z ?? qZ2.mean, vector(weights, 'q_z2.mean.b'))
    // q(z1|x, z2)
    const ofX = gatedOfScaled(weights, 'q_z1.x', normalisedRows(input, dropout))
    const qZ1 = posterior(
      weights,
      'q_z1.mean',
      'q_z1.logvar',
      gatedPair(weights, 'q_z1.joint', ofX, gated(weights, 'q_z1.z2', z2)),
    )
    const sample1 = pass && sampled(qZ1, pass.noise)
    const z1 = sample1?.z ?? qZ1.mean
    // p(x|z1, z2)
    const h = gatedPair(weights, 'p_x.joint', gated(weights, 'p_x.z1', z1), gated(weights, 'p_x.z2', z2))
    const logits = [dense(weights, 'p_x.out', h)]
    if (!pass || !dropout || !sample1 || !sample2) return { logits, penalties: {} }

    // p(z1|z2)
    const pZ1 = posterior(weights, 'p_z1.mean', 'p_z1.logvar', gated(weights, 'p_z1.2', gated(weights, 'p_z1.1', z2)))
    const logQ = tf.sum(tf.add(sample1.logDensities, sample2.logDensities), 1)
    const logP = tf.add(logDensity(z1, pZ1), logVampPrior(sample2.z, this.#pseudoPosteriors(weights, dropout)))
    return { logits, penalties: { kl: { value: tf.mean(tf.sub(logQ, logP)), weight: this.#betaIn(pass.epoch) } } }
  }

  /** q(z2|u_k) of the pseudo-inputs, which are dropped out but not normalised. */
  #pseudoPosteriors(weights: Weights, { noise, rate }: InputDropout): Gaussian {
    const u = pseudoInputs(weights)
    const dropped = rate === 0 ? u : tf.mul<tf.Tensor2D>(u, tf.div(noise.mask(...u.shape, 1 - rate), 1 - rate))
    return posterior2(weights, gated(weights, 'q_z2.1', dropped))
  }

  /** β grows linearly over the epochs of the warm-up, the first of which already has its share. */
  #betaIn(epoch: number): number {
    const { beta, warmUp } = this.settings
    return warmUp === 0 ? beta : beta * Math.min(1, epoch / warmUp)
  }
}

/** The gated layer of two concatenated inputs. */
const gatedPair = (weights: Weights, name: string, a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D =>
  gated(weights, name, tf.concat([a, b], 1))

/** q(z2|·) from the first gated layer's output, centred. */
const posterior2 = (weights: Weights, first: tf.Tensor2D): Gaussian =>
  centredPosterior(weights, 'q_z2.mean', 'q_z2.logvar', gated(weights, 'q_z2.2', first))

/** H+Vamp Gated alone, trained by multinomial likelihood. */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = hvampConfig.parse(config)
  return hadamard([new HVamp(items, settings, random)], {
    loss: multinomial,
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
  })
}

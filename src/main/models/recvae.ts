import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { addStack, connectedStack } from './layers/connected-stack'
import { dense } from './layers/dense'
import { denseOfScaled, normalisedRows, type ScaledRows } from './layers/normalised-input'
import { ParameterList, readWeights, type Weights } from './layers/parameters'
import { sampled, type Sample } from './layers/reparametrise'
import { multinomial } from './loss'
import { logCompositePrior } from './losses/composite-prior'
import type { Gaussian } from './losses/gaussian'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
import { recvaeConfig } from './settings'

const ENCODER_LAYERS = 5
const LAYER_NORM_EPSILON = 0.1

export interface RecVaeSettings {
  readonly hidden: number
  readonly latent: number
  /** γ: the KL term of a user weighs γ·|x|₁. */
  readonly klPerItem: number
  /** Share of a user's items that dropout takes from the encoder's input. */
  readonly dropout: number
  /** Sweeps of an epoch that move the encoder; one more moves the decoder. */
  readonly encoderSweeps: number
}

/**
 * RecVAE (Shenbin et al., WSDM 2020): a densely connected encoder of the L2-normalised history, a linear decoder, and as prior a mixture that
 * holds the posterior of the previous round's encoder, so that new weights do not forget what a user's vector meant.
 *
 * An epoch is a round of algorithm 1: some sweeps that move the encoder, with dropout; then the prior takes over the new encoder; then one
 * sweep that moves the decoder, without dropout.
 */
export class RecVae implements Member {
  readonly name = 'recvae'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly sweeps: readonly ReadonlyMap<string, Parameter>[]
  readonly linear = null
  readonly #encoder: ReadonlyMap<string, Parameter>
  /** The previous round's encoder, from the first stage on. No checkpoint holds it: after every round it is the encoder itself. */
  #old: ReadonlyMap<string, Parameter> | null = null
  #dropout: number

  constructor(
    readonly items: number,
    private readonly settings: RecVaeSettings,
    private readonly random: Random,
  ) {
    const { latent, encoderSweeps } = settings
    const encoder = encoderParameters(items, settings, random)
    const decoder = new ParameterList(random)
    decoder.dense('decoder', latent, items)
    this.#encoder = encoder
    this.#dropout = settings.dropout
    this.parameters = new Map([...encoder, ...decoder.all])
    this.sweeps = [...Array.from({ length: encoderSweeps }, () => encoder), decoder.all]
  }

  /** The first prior's encoder is a random one, as in the authors' code; a later stage starts from weights that ended a round. */
  beginStage(): void {
    if (this.#old) this.#updatePrior()
    else this.#old = encoderParameters(this.items, this.settings, this.random.fork('old encoder'))
  }

  beginSweep(sweep: number): void {
    const movesDecoder = sweep === this.settings.encoderSweeps
    if (movesDecoder) this.#updatePrior()
    this.#dropout = movesDecoder ? 0 : this.settings.dropout
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const dropout = pass && { noise: pass.noise, rate: this.#dropout }
    const posterior = encode(weights, normalisedRows(input, dropout))
    const sample = pass && sampled(posterior, pass.noise)
    return {
      logits: [dense(weights, 'decoder', sample?.z ?? posterior.mean)],
      penalties: sample ? { kl: { value: this.#divergence(sample, input), weight: 1 } } : {},
    }
  }

  /** Mean over rows of γ|x|₁·(log q(z|x) − log p(z)) with the one sample z (eq. 7). */
  #divergence({ z, logDensities }: Sample, input: SparseRows): tf.Scalar {
    if (!this.#old) throw new Error('a training step before beginStage')
    const previous = encode(readWeights(this.#old), normalisedRows(input, null))
    const logRatio = tf.sub(logDensities, logCompositePrior(z, previous))
    const { offsets } = input.csr
    const counts = tf.tensor1d(
      offsets.slice(1).map((end, row) => end - (offsets[row] ?? 0)),
      'float32',
    )
    return tf.mul(tf.mean(tf.mul(tf.sum(logRatio, 1), counts)), this.settings.klPerItem)
  }

  #updatePrior(): void {
    this.#old ??= encoderParameters(this.items, this.settings, this.random.fork('old encoder'))
    for (const [name, parameter] of this.#old)
      tf.tidy(() => {
        const current = this.#encoder.get(name)
        if (current) parameter.assign(current.read())
      })
  }

  dispose(): void {
    for (const parameter of this.#old?.values() ?? []) parameter.dispose()
    this.#old = null
  }
}

function encoderParameters(
  items: number,
  { hidden, latent }: Pick<RecVaeSettings, 'hidden' | 'latent'>,
  random: Random,
): ReadonlyMap<string, Parameter> {
  const list = new ParameterList(random)
  addStack(list, 'enc', ENCODER_LAYERS, items, hidden)
  list.dense('mu', hidden, latent)
  list.dense('logvar', hidden, latent)
  return list.all
}

/** q(z|x) of the rows [rows, items]. */
function encode(weights: Weights, input: ScaledRows): Gaussian {
  const h5 = connectedStack(weights, 'enc', ENCODER_LAYERS, denseOfScaled(weights, 'enc1', input), LAYER_NORM_EPSILON)
  return { mean: dense(weights, 'mu', h5), logVariance: dense(weights, 'logvar', h5) }
}

/** RecVAE alone, trained by multinomial likelihood (eq. 6). */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = recvaeConfig.parse(config)
  return hadamard([new RecVae(items, settings, random)], {
    loss: multinomial,
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
  })
}

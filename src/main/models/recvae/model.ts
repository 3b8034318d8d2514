import * as tf from '@tensorflow/tfjs-core'
import type { SparseRows } from '../../compute/sparse-rows'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { connectedStack } from '../layers/connected-stack'
import { dense } from '../layers/dense'
import { denseOfScaled, normalisedRows, type ScaledRows } from '../layers/normalised-input'
import { sampled, type Sample } from '../layers/reparametrise'
import type { Weights } from '../layers/weights'
import { multinomial } from '../loss'
import { logCompositePrior } from '../losses/composite-prior'
import type { Gaussian } from '../losses/gaussian'
import type { Member, MemberOutput, TrainingPass } from '../member'
import type { NamedParameters } from '../model'
import type { RecVaeSettings, RecVaeShape } from './definition'
import { ENCODER_LAYERS, PREVIOUS } from './encoder'

const LAYER_NORM_EPSILON = 0.1

/**
 * RecVAE (Shenbin et al., WSDM 2020): a densely connected encoder of the L2-normalised history, a linear decoder, and a mixture as prior that
 * contains the posterior of the previous round's encoder, so that new weights do not forget what a user's vector meant.
 *
 * An epoch is a round of algorithm 1: sweeps that train the encoder, with dropout; then the prior copies the new encoder; then one sweep that trains
 * the decoder, without dropout.
 */
class RecVae implements Member {
  readonly kind = 'recvae'
  readonly items: number
  readonly parameters: NamedParameters
  readonly sweeps: readonly NamedParameters[]
  readonly #encoder: NamedParameters
  readonly #untrained: () => NamedParameters
  /** The previous round's encoder, from the first stage on. It is not in checkpoints, because after every round it equals the encoder. */
  #previous: NamedParameters | null = null

  constructor(
    private readonly shape: RecVaeShape,
    { items, parameters, untrained }: Built,
  ) {
    this.items = items
    this.parameters = parameters
    this.#untrained = untrained
    const [encoder, decoder] = [false, true].map(
      (decodes) => new Map([...parameters].filter(([name]) => name.startsWith('decoder.') === decodes)),
    )
    this.#encoder = encoder!
    this.sweeps = [...Array.from({ length: shape.encoderSweeps }, () => encoder!), decoder!]
  }

  get frozen(): NamedParameters {
    return this.#previous ?? new Map()
  }

  /** The encoder of the first prior is random, as in the authors' code; a later stage starts from the weights at the end of a round. */
  beginStage(): void {
    if (this.#previous) this.#updatePrior(this.#previous)
    else this.#previous = this.#untrained()
  }

  beginSweep(sweep: number): void {
    if (this.#movesDecoder(sweep)) this.#updatePrior((this.#previous ??= this.#untrained()))
  }

  #movesDecoder(sweep: number): boolean {
    return sweep === this.shape.encoderSweeps
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const dropout = pass && { noise: pass.noise, rate: this.#movesDecoder(pass.sweep) ? 0 : this.shape.dropout }
    const posterior = encode(weights, '', normalisedRows(input, dropout))
    const sample = pass && sampled(posterior, pass.noise)
    return {
      logits: [dense(weights, 'decoder', sample?.z ?? posterior.mean)],
      penalties: sample ? { kl: { value: this.#divergence(weights, sample, input), weight: 1 } } : {},
    }
  }

  /** Mean over rows of γ|x|₁·(log q(z|x) − log p(z)) with the one sample z (eq. 7). */
  #divergence(weights: Weights, { z, logDensities }: Sample, input: SparseRows): tf.Scalar {
    const previous = encode(weights, PREVIOUS, normalisedRows(input, null))
    const logRatio = tf.sub(logDensities, logCompositePrior(z, previous))
    const { offsets } = input.csr
    const counts = tf.tensor1d(
      offsets.slice(1).map((end, row) => end - (offsets[row] ?? 0)),
      'float32',
    )
    return tf.mul(tf.mean(tf.mul(tf.sum(logRatio, 1), counts)), this.shape.klPerItem)
  }

  #updatePrior(previous: NamedParameters): void {
    for (const [name, parameter] of this.#encoder)
      tf.tidy(() => previous.get(`${PREVIOUS}${name}`)?.assign(parameter.read()))
  }

  dispose(): void {
    for (const parameter of this.frozen.values()) parameter.dispose()
    this.#previous = null
  }
}

/** q(z|x) of the rows [rows, items], by the encoder whose weights have this prefix. */
function encode(weights: Weights, prefix: string, input: ScaledRows): Gaussian {
  const a1 = denseOfScaled(weights, `${prefix}enc1`, input)
  const h5 = connectedStack(weights, `${prefix}enc`, ENCODER_LAYERS, a1, LAYER_NORM_EPSILON)
  return { mean: dense(weights, `${prefix}mu`, h5), logVariance: dense(weights, `${prefix}logvar`, h5) }
}

export const member = (shape: RecVaeShape, built: Built): Member => new RecVae(shape, built)

/** RecVAE alone, trained by multinomial likelihood (eq. 6). */
export const create = trainedAlone<RecVaeSettings>(member, () => multinomial)

import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { addStack, connectedStack } from './layers/connected-stack'
import { dense, denseOfSeen } from './layers/dense'
import { ParameterList, type Weights } from './layers/parameters'
import { meanKl } from './losses/kl'
import { lossOf } from './loss'
import type { Member, MemberOutput } from './member'
import type { ModelFactory } from './model'
import { seededNoise, type Noise } from './noise'
import { flvaeConfig } from './settings'

const ENCODER_LAYERS = 7
const DECODER_LAYERS = 5

export interface FlvaeShape {
  /** H, the width of encoder and decoder. */
  readonly hidden: number
  /** L, the width of μ, log σ² and z. */
  readonly latent: number
  /** 2: σ(A h₅ + a) ⊙ σ(C z + c), the authors' code. 1: σ(A h₅ + a), the paper's wording. */
  readonly heads: 1 | 2
}

/**
 * Focal-loss variational autoencoder (VASP paper, section III-B, figure 1): densely connected encoder → μ, log σ² → z → densely connected
 * decoder → one or two output heads. No dropout, no input normalisation.
 */
export class Flvae implements Member {
  readonly name = 'flvae'
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly linear = null

  constructor(
    readonly items: number,
    private readonly shape: FlvaeShape,
    random: Random,
  ) {
    const { hidden, latent, heads } = shape
    const list = new ParameterList(random)
    addStack(list, 'enc', ENCODER_LAYERS, items, hidden)
    list.dense('mu', hidden, latent)
    list.dense('logvar', hidden, latent)
    addStack(list, 'dec', DECODER_LAYERS, latent, hidden)
    list.dense('headA', hidden, items)
    if (heads === 2) list.dense('headC', latent, items)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, noise: Noise | null): MemberOutput {
    const h7 = connectedStack(weights, 'enc', ENCODER_LAYERS, denseOfSeen(weights, 'enc1', input))
    const mu = dense(weights, 'mu', h7)
    // Inference needs neither log σ² nor ε: z = μ.
    const logVariance = noise ? dense(weights, 'logvar', h7) : null
    const z = logVariance && noise ? reparametrised(mu, logVariance, noise) : mu
    const h5 = connectedStack(weights, 'dec', DECODER_LAYERS, dense(weights, 'dec1', z))
    const headA = dense(weights, 'headA', h5)
    return {
      logits: this.shape.heads === 2 ? [headA, dense(weights, 'headC', z)] : [headA],
      penalties: logVariance ? { kl: meanKl(mu, logVariance) } : {},
    }
  }
}

/** z = μ + exp(½ log σ²) ε. All [rows, latent]. */
const reparametrised = (mu: tf.Tensor2D, logVariance: tf.Tensor2D, noise: Noise): tf.Tensor2D =>
  tf.add(mu, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise.normal(...mu.shape)))

/** FLVAE alone. */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = flvaeConfig.parse(config)
  return hadamard([new Flvae(items, flvaeShape(settings), random)], {
    loss: lossOf(settings),
    optimiser: settings.optimiser,
    noise: seededNoise(random.fork('noise')),
  })
}

/** The shape that a config asks for; its `heads` come from a form, as text. */
export const flvaeShape = (settings: { hidden: number; latent: number; heads: '1' | '2' }): FlvaeShape => ({
  hidden: settings.hidden,
  latent: settings.latent,
  heads: settings.heads === '2' ? 2 : 1,
})

import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { addStack, connectedStack } from './layers/connected-stack'
import { dense, denseOfSeen } from './layers/dense'
import { ParameterList, vector, type Weights } from './layers/parameters'
import { centredPosterior } from './layers/posterior'
import { addPseudoInputs, pseudoInputs } from './layers/pseudo-inputs'
import { reparametrised, sampled } from './layers/reparametrise'
import { meanKl } from './losses/kl'
import { logVampPrior } from './losses/vamp-prior'
import { lossOf } from './loss'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise, type Noise } from './noise'
import { flvaeConfig } from './settings'

export interface FlvaeShape {
  /** H, the width of encoder and decoder. */
  readonly hidden: number
  /** L, the width of μ, log σ² and z. */
  readonly latent: number
  /** 2: σ(A h₅ + a) ⊙ σ(C z + c), the authors' code. 1: σ(A h₅ + a), the paper's wording. */
  readonly heads: 1 | 2
  /** Layers of the encoder, 7 in the paper. */
  readonly encoderDepth: number
  /** Layers of the decoder, 5 in the paper. */
  readonly decoderDepth: number
  /** K of a VampPrior, the mean of the posteriors of K trainable histories (the paper's future work), instead of N(0, 1). */
  readonly pseudoInputs?: number
}

/** A step's z [rows, latent], and what its posterior costs against the prior. */
interface Drawn {
  readonly z: tf.Tensor2D
  readonly kl: tf.Scalar
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
    const { hidden, latent, heads, encoderDepth, decoderDepth, pseudoInputs: components } = shape
    const list = new ParameterList(random)
    addStack(list, 'enc', encoderDepth, items, hidden)
    list.dense('mu', hidden, latent)
    list.dense('logvar', hidden, latent)
    addStack(list, 'dec', decoderDepth, latent, hidden)
    list.dense('headA', hidden, items)
    if (heads === 2) list.dense('headC', latent, items)
    if (components !== undefined) addPseudoInputs(list, components, items, random)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const { encoderDepth, decoderDepth, heads } = this.shape
    const h7 = connectedStack(weights, 'enc', encoderDepth, denseOfSeen(weights, 'enc1', input))
    // Inference needs neither log σ² nor ε: z = μ.
    const drawn = pass && this.#draw(weights, h7, pass.noise)
    const z = drawn?.z ?? dense(weights, 'mu', h7)
    const h5 = connectedStack(weights, 'dec', decoderDepth, dense(weights, 'dec1', z))
    const headA = dense(weights, 'headA', h5)
    return {
      logits: heads === 2 ? [headA, dense(weights, 'headC', z)] : [headA],
      penalties: drawn ? { kl: { value: drawn.kl, weight: 1 } } : {},
    }
  }

  #draw(weights: Weights, h7: tf.Tensor2D, noise: Noise): Drawn {
    if (this.shape.pseudoInputs !== undefined) return this.#drawAgainstPseudoInputs(weights, h7, noise)
    const [mu, logVariance] = [dense(weights, 'mu', h7), dense(weights, 'logvar', h7)]
    return { z: reparametrised(mu, logVariance, noise), kl: meanKl(mu, logVariance) }
  }

  /** With one sample log q(z|x) − log p(z), mean over rows and, as the other KL of this model, over latent dimensions. */
  #drawAgainstPseudoInputs(weights: Weights, h7: tf.Tensor2D, noise: Noise): Drawn {
    const { encoderDepth, latent } = this.shape
    const ofPseudo = connectedStack(weights, 'enc', encoderDepth, dense(weights, 'enc1', pseudoInputs(weights)))
    const sample = sampled(centredPosterior(weights, 'mu', 'logvar', h7), noise)
    const logPrior = logVampPrior(sample.z, centredPosterior(weights, 'mu', 'logvar', ofPseudo))
    const logRatio = tf.sub(tf.sum(sample.logDensities, 1), logPrior)
    return { z: tf.add(sample.z, vector(weights, 'mu.b')), kl: tf.div(tf.mean(logRatio), latent) }
  }
}

/** FLVAE alone. */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = flvaeConfig.parse(config)
  return hadamard([new Flvae(items, flvaeShape(settings), random)], {
    loss: lossOf(settings),
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
  })
}

/** The shape that a config asks for; its `heads` come from a form, as text. */
export const flvaeShape = ({
  hidden,
  latent,
  heads,
  encoderDepth,
  decoderDepth,
  prior,
  pseudoInputs,
}: FlvaeConfig): FlvaeShape => ({
  hidden,
  latent,
  heads: heads === '2' ? 2 : 1,
  encoderDepth,
  decoderDepth,
  ...(prior === 'vamp' ? { pseudoInputs } : {}),
})

/** Keys that FLVAE, VASP and an ensemble with FLVAE have alike. */
type FlvaeConfig = Required<Omit<FlvaeShape, 'heads'>> & {
  readonly heads: '1' | '2'
  readonly prior: 'standard' | 'vamp'
}

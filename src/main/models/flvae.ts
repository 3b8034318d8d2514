import type { Parameter } from '../compute/parameter'
import type { SparseRows } from '../compute/sparse-rows'
import type { Random } from '../numeric/random'
import { hadamard, type HadamardModel } from './hadamard'
import { addStack, connectedStack } from './layers/connected-stack'
import { dense, denseOfSeen } from './layers/dense'
import { ParameterList, type Weights } from './layers/parameters'
import { reparametrised } from './layers/reparametrise'
import { meanKl } from './losses/kl'
import { lossOf } from './loss'
import type { Member, MemberOutput, TrainingPass } from './member'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
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
    const { hidden, latent, heads, encoderDepth, decoderDepth } = shape
    const list = new ParameterList(random)
    addStack(list, 'enc', encoderDepth, items, hidden)
    list.dense('mu', hidden, latent)
    list.dense('logvar', hidden, latent)
    addStack(list, 'dec', decoderDepth, latent, hidden)
    list.dense('headA', hidden, items)
    if (heads === 2) list.dense('headC', latent, items)
    this.parameters = list.all
  }

  forward(weights: Weights, input: SparseRows, pass: TrainingPass | null): MemberOutput {
    const { encoderDepth, decoderDepth, heads } = this.shape
    const h7 = connectedStack(weights, 'enc', encoderDepth, denseOfSeen(weights, 'enc1', input))
    const mu = dense(weights, 'mu', h7)
    // Inference needs neither log σ² nor ε: z = μ.
    const logVariance = pass ? dense(weights, 'logvar', h7) : null
    const z = logVariance && pass ? reparametrised(mu, logVariance, pass.noise) : mu
    const h5 = connectedStack(weights, 'dec', decoderDepth, dense(weights, 'dec1', z))
    const headA = dense(weights, 'headA', h5)
    return {
      logits: heads === 2 ? [headA, dense(weights, 'headC', z)] : [headA],
      penalties: logVariance ? { kl: { value: meanKl(mu, logVariance), weight: 1 } } : {},
    }
  }
}

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
export const flvaeShape = (settings: Omit<FlvaeShape, 'heads'> & { readonly heads: '1' | '2' }): FlvaeShape => ({
  ...settings,
  heads: settings.heads === '2' ? 2 : 1,
})

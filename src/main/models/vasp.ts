import { Flvae, flvaeShape } from './flvae'
import { hadamard, type HadamardModel } from './hadamard'
import { lossOf } from './loss'
import type { ModelFactory } from './model'
import { Nease } from './nease'
import { seededNoise } from './noise'
import { vaspConfig } from './settings'

/**
 * VASP (Vančura & Kordík, 2021, eq. 9): ŷ = FLVAE(x) ⊙ NEASE(x), trained from scratch by the focal loss of the product: jointly, or with one path
 * frozen in every step (table II).
 */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = vaspConfig.parse(config)
  return hadamard([new Flvae(items, flvaeShape(settings), random), new Nease(items, random)], {
    loss: lossOf(settings),
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
    turns: settings.training,
    steps: { nease: { rate: settings.neaseRate, epsilon: settings.neaseEpsilon } },
  })
}

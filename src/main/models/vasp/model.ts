import type { Built } from '../factory'
import { member as flvae } from '../flvae/model'
import { trainedBySteps, type GradientModel } from '../gradient-model'
import { focal } from '../loss'
import { member as neaseDefinition } from '../nease/definition'
import { member as nease } from '../nease/model'
import { productOf } from '../product'
import type { VaspSettings } from './definition'

/**
 * VASP (Vančura & Kordík, 2021, eq. 9): ŷ = FLVAE(x) ⊙ NEASE(x), trained from scratch by the focal loss of the product: jointly, or with one member
 * frozen in every step (table II).
 */
export const create = (settings: VaspSettings, built: Built): GradientModel => {
  const isShallow = (name: string): boolean => name.startsWith('nease.')
  const own = (names: (name: string) => boolean): Built => ({
    ...built,
    parameters: new Map(Array.from(built.parameters).filter(([name]) => names(name))),
  })
  const deep = flvae(
    settings,
    own((name) => !isShallow(name)),
  )
  const shallow = nease(settings, own(isShallow))
  const network = productOf(
    [
      { member: deep, prefix: '', optimiser: null },
      { member: shallow, prefix: '', optimiser: neaseDefinition.optimiser(settings) },
    ],
    settings.training,
  )
  return trainedBySteps(network, focal(settings), settings, built)
}

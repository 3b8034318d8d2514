import type { Built } from '../factory'
import { trainedBySteps, type GradientModel } from '../gradient-model'
import { focal } from '../loss'
import type { NamedParameters } from '../model'
import { productOf, type ProductMember } from '../product'
import type { HadamardSettings } from './definition'

/**
 * The paper's idea in general (Vančura & Kordík, 2021, eq. 6–7): ŷ = ⊙ of any members' probabilities, trained together from scratch by the focal loss
 * of the product plus each member's own penalties. Here every member's probability is the product of its logits' sigmoids, even if the member alone
 * would use a softmax over the items: a softmax cannot give several items a probability near 1, which a product needs.
 */
export async function create(settings: HadamardSettings, built: Built): Promise<GradientModel> {
  const members = await Promise.all(
    settings.members.map(async ({ kind, member }): Promise<ProductMember> => {
      const make = await member.load()
      const prefix = `${kind}.`
      const own = (parameters: NamedParameters): NamedParameters =>
        new Map(
          [...parameters].flatMap(([name, parameter]) =>
            name.startsWith(prefix) ? [[name.slice(prefix.length), parameter] as const] : [],
          ),
        )
      return {
        member: make(settings, {
          ...built,
          parameters: own(built.parameters),
          untrained: () => own(built.untrained()),
        }),
        prefix,
        optimiser: member.optimiser?.(settings) ?? null,
      }
    }),
  )
  return trainedBySteps(productOf(members, settings.training), focal(settings), settings, built)
}

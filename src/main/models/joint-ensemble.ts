import { hadamard, type HadamardModel } from './hadamard'
import { lossOf } from './loss'
import { memberFactories } from './member-factories'
import type { ModelFactory } from './model'
import { seededNoise } from './noise'
import { hadamardConfig } from './settings'
import { parseMembers } from './settings/members'

/**
 * The paper's idea in general (Vančura & Kordík, 2021, eq. 6–7): ŷ = ⊙ of any members' probabilities, trained together from scratch by the focal loss
 * of the product plus each member's own penalties. Here every member's probability is the product of its logits' sigmoids, also where the
 * member alone would be a softmax over the items: that one cannot give several items a probability near 1, which a product needs.
 */
export const create: ModelFactory = (config, items, random): HadamardModel => {
  const settings = hadamardConfig.parse(config)
  const members = (parseMembers(settings.members) ?? []).map((name) =>
    memberFactories[name](settings, items, random.fork(name)),
  )
  return hadamard(members, {
    loss: lossOf(settings),
    optimiser: settings.optimiser,
    parts: settings.accumulate,
    precision: settings.precision,
    noise: seededNoise(random.fork('noise')),
    turns: settings.training,
    steps: { nease: { rate: settings.neaseRate, epsilon: settings.neaseEpsilon } },
    namedByMember: true,
  })
}

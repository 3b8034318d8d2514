import type { RunDetail, RunMember } from '../../shared/runs'
import { calibrated } from '../models/calibrated'
import type { SolutionSize } from '../models/definition'
import type { Model, Recommender } from '../models/model'
import { ProductOfRuns } from '../models/product-of-runs'
import { storedModel, type ConfiguredModel } from '../models/registry'
import { requireAllocatable } from '../models/tensor-limit'
import { seededRandom, type Random } from '../numeric/random'
import type { Store } from '../store/store'

/** Makes a model that this process can hold. Throws OUT_OF_MEMORY where one of its matrices is too large for it. */
async function untrained(model: ConfiguredModel, size: SolutionSize, random: Random): Promise<Model> {
  requireAllocatable(model, size, 'electron' in process.versions)
  return model.create(size.items, random)
}

/** A run's model as its row says, untrained, or for a combination of trained runs with the weights and calibrations of its row; loading its checkpoint fills its parameters. @param size users: who it will be trained on, 0 where it only ranks */
export async function runModel(store: Store, run: RunDetail, size: SolutionSize): Promise<Model> {
  if (!run.members) return untrained(storedModel(run), size, seededRandom(run.seed).fork('model'))
  const weighed = await Promise.all(
    run.members
      .filter(({ weight }) => weight !== 0)
      .map(async (member) => ({ member, model: await memberModel(member, size.items) })),
  )
  return productOf(weighed)
}

/** A trained run's model, every parameter of which is loaded: no draw of its stream is ever used. */
export const memberModel = (member: RunMember, items: number): Promise<Model> =>
  untrained(storedModel(member), { items, users: 0 }, seededRandom(0))

/** A member's model as one that gives a probability. */
export const asProbability = (model: Recommender, { model: kind, calibration }: RunMember): Recommender =>
  calibration ? calibrated(model, kind, calibration) : model

/** The product of members whose weights are known and not 0. */
export const productOf = (
  members: readonly { readonly member: RunMember; readonly model: Recommender }[],
): ProductOfRuns =>
  new ProductOfRuns(
    members.map(({ member, model }) => {
      if (member.weight === null) throw new Error(`the weight of run ${member.run} has not been chosen`)
      return { label: memberLabel(member), model: asProbability(model, member), weight: member.weight }
    }),
  )

/** What tells a member from the others of its product. */
export const memberLabel = ({ run }: RunMember): string => `run ${run}`

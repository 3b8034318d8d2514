import type { RunDetail, RunMember } from '../../shared/runs'
import { calibrated } from '../models/calibrated'
import type { SolutionSize } from '../models/definition'
import type { Model, Recommender } from '../models/model'
import { ProductOfRuns } from '../models/product-of-runs'
import { storedModel, type ConfiguredModel } from '../models/registry'
import { requireAllocatable } from '../models/tensor-limit'
import { seededRandom, type Random } from '../numeric/random'
import type { Store } from '../store/store'

/** Creates a model. Throws OUT_OF_MEMORY if one of its matrices is too large for this process. */
async function untrained(model: ConfiguredModel, size: SolutionSize, random: Random): Promise<Model> {
  requireAllocatable(model, size, 'electron' in process.versions)
  return model.create(size.items, random)
}

/**
 * A run's untrained model, or for a combination of trained runs the product with the stored weights and calibrations; loading the checkpoint fills
 * its parameters. @param size `users`: number of training users, 0 if the model is only loaded
 */
export async function runModel(store: Store, run: RunDetail, size: SolutionSize): Promise<Model> {
  if (!run.members) return untrained(storedModel(run), size, seededRandom(run.seed).fork('model'))
  const weighed = await Promise.all(
    run.members
      .filter(({ weight }) => weight !== 0)
      .map(async (member) => ({ member, model: await memberModel(member, size.items) })),
  )
  return productOf(weighed)
}

/** A trained run's model; all parameters will be loaded, so its random draws are not used. */
export const memberModel = (member: RunMember, items: number): Promise<Model> =>
  untrained(storedModel(member), { items, users: 0 }, seededRandom(0))

/** A member's model, calibrated if its score is not a probability. */
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

/** The unique label of a member in its product. */
export const memberLabel = ({ run }: RunMember): string => `run ${run}`

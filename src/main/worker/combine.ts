import { badInput } from '../../shared/errors'
import { combinationSettings, type RunDetail, type RunMember } from '../../shared/runs'
import type { PreparedData } from '../datasets/prepared'
import { fitCalibration } from '../evaluation/calibration'
import { chooseWeights } from '../evaluation/product-weights'
import type { Model } from '../models/model'
import type { ProductOfRuns } from '../models/product-of-runs'
import type { JobContext } from '../numeric/job-context'
import type { Store } from '../store/store'
import { asProbability, memberModel, productOf } from './run-model'
import { loadWeights } from './stored-weights'

/**
 * Builds the product of a run's members: loads each, calibrates those whose score is not a probability, and chooses the weights if requested, both on
 * the validation users. A member that cannot be calibrated has the weight 0, or is the product alone. Stores the results with the run. Members with
 * weight 0 are disposed.
 */
export async function combineRuns(
  store: Store,
  run: RunDetail,
  members: readonly RunMember[],
  data: Pick<PreparedData, 'catalogue' | 'validation'>,
  context: JobContext,
): Promise<ProductOfRuns> {
  const loaded: { member: RunMember; model: Model }[] = []
  try {
    for (const member of members) {
      context.progress({ stage: `Loading run ${member.run}`, done: loaded.length, total: members.length, unit: 'runs' })
      loaded.push({ member, model: await loadMember(store, member, data.catalogue.length) })
    }
    const { weights: how } = combinationSettings.parse(run.config)
    for (const one of loaded) {
      if (one.model.members.length > 0) continue
      const fitted = await fitCalibration(one.model, nameOf(one.member), data.validation, context)
      one.member = { ...one.member, ...fitted }
      if (how === 'equal') refuseUncalibrated(one.member)
    }
    if (how === 'validation') {
      const models = loaded.map(({ member, model }) => asProbability(model, member))
      const { weights } = await chooseWeights(models, data.validation, context)
      for (const [m, one] of loaded.entries()) one.member = { ...one.member, weight: weights[m] ?? null }
    }
    store.runs.saveMembers(
      run.id,
      loaded.map(({ member }) => member),
    )
    const [kept, left] = [
      loaded.filter(({ member }) => member.weight !== 0),
      loaded.filter(({ member }) => member.weight === 0),
    ]
    const product = productOf(kept)
    for (const { model } of left) model.dispose()
    return product
  } catch (error) {
    for (const { model } of loaded) model.dispose()
    throw error
  }
}

/** With weights of 1, a score that is no probability cannot be left out of the product. */
function refuseUncalibrated(member: RunMember): void {
  if (member.problem !== null)
    throw badInput(
      `No probability follows from the scores of ${nameOf(member)}, so they cannot be multiplied: ${member.problem}.`,
      'Leave this run out of the product, or have the weights chosen on the validation users.',
    )
}

async function loadMember(store: Store, member: RunMember, items: number): Promise<Model> {
  const checkpoint = store.runs.checkpoint(member.run)
  if (!checkpoint) throw badInput(`The weights of run ${member.run} (${member.name}) are gone.`, 'Choose another run.')
  const model = await memberModel(member, items)
  try {
    await loadWeights(store, member.run, checkpoint, model.parameters)
    return model
  } catch (error) {
    model.dispose()
    throw error
  }
}

const nameOf = ({ run, name }: RunMember): string => `run ${run} (${name})`

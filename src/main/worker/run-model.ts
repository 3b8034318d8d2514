import { badInput } from '../../shared/errors'
import type { RunDetail, RunMember } from '../../shared/runs'
import type { Model } from '../models/model'
import { ProductOfRuns, type TrainedModel } from '../models/product-of-runs'
import { storedModel, type ConfiguredModel } from '../models/registry'
import { requireAllocatable } from '../models/tensor-limit'
import { seededRandom, type Random } from '../numeric/random'
import type { Store } from '../store/store'
import { loadWeights } from './stored-weights'

/** Makes a model that this process can hold. Throws OUT_OF_MEMORY where one of its matrices is too large for it. */
async function untrained(model: ConfiguredModel, items: number, random: Random): Promise<Model> {
  requireAllocatable(model, items, 'electron' in process.versions)
  return model.create(items, random)
}

/** A run's model as its row says, untrained; a combination of trained runs is solved by loading their weights. */
export async function runModel(store: Store, run: RunDetail, items: number): Promise<Model> {
  if (run.members) return combined(store, run.members, items)
  return untrained(storedModel(run), items, seededRandom(run.seed).fork('model'))
}

async function combined(store: Store, members: readonly RunMember[], items: number): Promise<Model> {
  const trained: TrainedModel[] = []
  for (const member of members) {
    const { run, name } = member
    // Every weight is loaded: no draw of this stream is ever used.
    const model = await untrained(storedModel(member), items, seededRandom(0))
    trained.push({
      label: `run ${run}`,
      model,
      async load() {
        const checkpoint = store.runs.checkpoint(run)
        if (!checkpoint) throw badInput(`Run ${run} (${name}) has no weights any more.`, 'Choose another run.')
        await loadWeights(store, run, checkpoint, model.parameters)
      },
    })
  }
  return new ProductOfRuns(trained)
}

import { badInput } from '../../shared/errors'
import type { RunDetail, RunMember } from '../../shared/runs'
import type { Model } from '../models/model'
import { PretrainedEnsemble, type TrainedModel } from '../models/pretrained-ensemble'
import { modelEntry } from '../models/registry'
import { seededRandom } from '../numeric/random'
import type { Store } from '../store/store'
import { loadWeights } from './stored-weights'

/** A run's model as its row says, untrained; a combination of trained runs is solved by loading their weights. */
export async function runModel(store: Store, run: RunDetail, items: number): Promise<Model> {
  if (run.members) return combined(store, run.members, items)
  const create = await modelEntry(run.model).load()
  return create(run.config, items, seededRandom(run.seed).fork('model'))
}

async function combined(store: Store, members: readonly RunMember[], items: number): Promise<Model> {
  const trained: TrainedModel[] = []
  for (const { run, name, model: kind, config } of members) {
    const create = await modelEntry(kind).load()
    // Every weight is loaded: no draw of this stream is ever used.
    const model = create(config, items, seededRandom(0))
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
  return new PretrainedEnsemble(trained)
}

import { badInput } from '../../shared/errors'
import type { ModelConfig, ModelKind } from '../../shared/models'
import type { RunDetail, RunMember } from '../../shared/runs'
import type { Model } from '../models/model'
import { PretrainedEnsemble, type TrainedModel } from '../models/pretrained-ensemble'
import { modelEntry } from '../models/registry'
import { requireAllocatable } from '../models/tensor-limit'
import { seededRandom, type Random } from '../numeric/random'
import type { Store } from '../store/store'
import { loadWeights } from './stored-weights'

/** Makes a model of a kind that this process can hold. Throws OUT_OF_MEMORY where one of its matrices is too large for it. */
async function untrained(kind: ModelKind, config: ModelConfig, items: number, random: Random): Promise<Model> {
  requireAllocatable(kind, config, items, 'electron' in process.versions)
  const create = await modelEntry(kind).load()
  return create(config, items, random)
}

/** A run's model as its row says, untrained; a combination of trained runs is solved by loading their weights. */
export async function runModel(store: Store, run: RunDetail, items: number): Promise<Model> {
  if (run.members) return combined(store, run.members, items)
  return untrained(run.model, run.config, items, seededRandom(run.seed).fork('model'))
}

async function combined(store: Store, members: readonly RunMember[], items: number): Promise<Model> {
  const trained: TrainedModel[] = []
  for (const { run, name, model: kind, config } of members) {
    // Every weight is loaded: no draw of this stream is ever used.
    const model = await untrained(kind, config, items, seededRandom(0))
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

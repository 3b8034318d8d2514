import type { RunDetail } from '../../shared/runs'
import type { Recommender } from '../models/model'
import type { Store } from '../store/store'
import type { Checkpoint } from '../training/setup'
import { loadWeights, storeWeights } from './stored-weights'

/** Stores the best weights of a run; a better epoch replaces them. */
export function runCheckpoint(store: Store, run: RunDetail, model: Recommender): Checkpoint {
  return {
    async save(epoch) {
      await storeWeights(store, run.id, epoch, model.parameters, {
        format: 'pt',
        model: run.model,
        config: JSON.stringify(run.config),
        ...(run.members && { members: JSON.stringify(run.members) }),
        run: String(run.id),
        epoch: String(epoch),
      })
    },
    async restoreBest() {
      const checkpoint = store.runs.checkpoint(run.id)
      if (!checkpoint) throw new Error(`Run ${run.id} has stored no epoch.`)
      await loadWeights(store, run.id, checkpoint, model.parameters)
    },
  }
}

import type { RunDetail } from '../../shared/runs'
import type { Recommender } from '../models/model'
import type { Store } from '../store/store'
import type { JobContext } from '../numeric/job-context'
import type { Checkpoint } from '../training/setup'
import { whileDiskIsFull } from './full-disk'
import { loadWeights, storeWeights } from './stored-weights'

/** Stores the best weights of a run; a better epoch replaces them. Waits while the disk is full. */
export function runCheckpoint(store: Store, run: RunDetail, model: Recommender, context: JobContext): Checkpoint {
  return {
    async save(epoch) {
      const metadata = {
        format: 'pt',
        model: run.model,
        config: JSON.stringify(run.config),
        ...(run.members && { members: JSON.stringify(run.members) }),
        run: String(run.id),
        epoch: String(epoch),
      }
      await whileDiskIsFull(context, () => storeWeights(store, run.id, epoch, model.parameters, metadata))
    },
    async restoreBest() {
      const checkpoint = store.runs.checkpoint(run.id)
      if (!checkpoint) throw new Error(`Run ${run.id} has stored no epoch.`)
      await loadWeights(store, run.id, checkpoint, model.parameters)
    },
  }
}

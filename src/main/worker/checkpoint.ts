import { join } from 'node:path'
import type { RunDetail } from '../../shared/runs'
import { loadTensors, saveTensors } from '../compute/safetensors'
import type { Recommender } from '../models/model'
import type { Store } from '../store/store'
import type { Checkpoint } from '../training/setup'

/** Relative to the library folder. */
const weightsPath = (run: number): string => join('weights', `run-${run}.safetensors`)

/** Keeps the best weights of a run beside the database; each better epoch replaces the file in one step. */
export function runCheckpoint(store: Store, run: RunDetail, model: Recommender): Checkpoint {
  const path = weightsPath(run.id)
  const file = join(store.library, path)
  return {
    async save(epoch) {
      const { sha256, bytes } = await saveTensors(file, model.parameters, {
        format: 'pt',
        model: run.model,
        config: JSON.stringify(run.config),
        ...(run.members && { members: JSON.stringify(run.members) }),
        run: String(run.id),
        epoch: String(epoch),
      })
      store.runs.saveCheckpoint(run.id, { path, sha256, bytes, epoch })
    },
    async restoreBest() {
      await loadTensors(file, model.parameters)
    },
  }
}

import { badInput } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import type { RunDetail } from '../../shared/runs'
import { isOpen } from '../../shared/jobs'
import { loadBackend } from '../compute/backend'
import { catalogueItems, trainingPopularity, type CatalogueItems } from '../datasets/histories'
import type { Recommender } from '../models/model'

import type { Store, StoredSplit } from '../store/store'
import { runModel } from './run-model'
import { loadWeights } from './stored-weights'

/** A trained run, ready to rank. */
export interface LoadedRun {
  readonly run: RunDetail
  readonly model: Recommender
  readonly split: StoredSplit
  readonly catalogue: CatalogueItems
  /** [items of the model], training users who have each. */
  readonly popularity: Float64Array
}

/** Builds a run's model and loads its stored weights. Throws BAD_INPUT if there are none, DAMAGED_FILE if they have changed. */
export async function loadRun(store: Store, id: RunId): Promise<LoadedRun> {
  const run = store.runs.get(id)
  const split = store.runs.split(id)
  const checkpoint = store.runs.checkpoint(id)
  if (!split || !checkpoint) throw untrained(run)
  await loadBackend()
  const model = await runModel(store, run, { items: split.catalogue.length, users: 0 })
  try {
    await loadWeights(store, id, checkpoint, model.parameters)
  } catch (error) {
    model.dispose()
    throw error
  }
  const counts = split.trainCounts ?? trainingPopularity(store, run.dataset, run.preparation, split)
  return {
    run,
    model,
    split,
    catalogue: catalogueItems(store, run.dataset, split.catalogue),
    popularity: Float64Array.from(counts),
  }
}

const untrained = (run: RunDetail): Error =>
  badInput(
    `Run ${run.id} (${run.name}) has no trained weights: it is ${run.status.state}.`,
    isOpen(run.status) ? 'Wait for its first epoch, or choose another run.' : 'Choose another run, or train it again.',
  )

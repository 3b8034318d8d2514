import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StudioError } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { loadTensors, saveTensors, verifyTensors, type StorableParameters } from '../compute/safetensors'
import type { Store, StoredCheckpoint } from '../store/store'

/**
 * Relative to the library folder. Each epoch has a file of its own, so that the row's hash always matches its file. The random part prevents
 * confusion with another run of the same number in a restored or new library. Only the row says which run a file belongs to.
 */
const weightsPath = (run: RunId, epoch: number): string =>
  join('weights', `run-${run}-epoch-${epoch}-${randomUUID().replaceAll('-', '').slice(0, 16)}.safetensors`)

/**
 * Stores an epoch's weights: registers and writes the file, then updates the row, then deletes the previous epoch's file. After a kill, the next
 * start can clean up at any of these points.
 */
export async function storeWeights(
  store: Store,
  run: RunId,
  epoch: number,
  parameters: StorableParameters,
  metadata: Record<string, string>,
): Promise<void> {
  const path = weightsPath(run, epoch)
  store.pendingFiles.begin(path)
  const { sha256, bytes } = await saveTensors(join(store.library, path), parameters, metadata)
  store.runs.saveCheckpoint(run, { path, sha256, bytes, epoch })
  store.pendingFiles.removeLeft()
}

/**
 * Fills parameters with a run's stored weights, checked against their hash; if the run stores a better epoch meanwhile, it is read again. Throws
 * DAMAGED_FILE if the file is missing, has changed, or does not fit the model.
 */
export async function loadWeights(
  store: Store,
  run: RunId,
  checkpoint: StoredCheckpoint,
  parameters: StorableParameters,
): Promise<void> {
  const file = join(store.library, checkpoint.path)
  try {
    if (!existsSync(file)) throw missing(store, run, file)
    await verifyTensors(file, checkpoint.sha256)
    await loadTensors(file, parameters)
  } catch (error) {
    const now = store.runs.checkpoint(run)
    if (now && now.sha256 !== checkpoint.sha256) return loadWeights(store, run, now, parameters)
    throw error
  }
}

const missing = (store: Store, run: RunId, file: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `The weights of run ${run} (${store.runs.get(run).name}) are missing: there is no file ${file}.`,
    next: 'Put the file back from a copy of the library, or train the run again; vasp library repair marks it as a run without weights.',
  })

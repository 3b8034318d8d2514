import { copyFileSync, linkSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { badInput, StudioError, toErrorShape } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import type { RunDetail } from '../../shared/runs'
import { configure, modelOf } from '../models/registry'
import type { Store } from '../store/store'
import type { EngineContext } from './context'

const LONGEST_NAME = 120

/** A second name for a file that never changes, such as stored weights; a copy where the file system has no links. */
function secondName(store: Store, path: string): string {
  const name = path.replace(/[0-9a-f]{16}(?=\.safetensors$)/, () => randomUUID().replaceAll('-', '').slice(0, 16))
  store.pendingFiles.begin(name)
  const [from, to] = [join(store.library, path), join(store.library, name)]
  try {
    linkSync(from, to)
  } catch (error) {
    if (toErrorShape(error).code === 'DISK_FULL') throw error
    copyFileSync(from, to)
  }
  return name
}

/**
 * Trains a finished run further by more stages: as a new run that begins with the epochs, the best weights and the state of the finished one, so that
 * it ends like a run with all these stages from the start. Throws CONFLICT if the run has not finished; BAD_INPUT if it has no stages, its state was
 * not kept, or the stages are no stages.
 */
export function trainFurther(
  { store, queue }: Pick<EngineContext, 'store' | 'queue'>,
  id: RunId,
  more: string,
): { run: RunId; job: JobId } {
  const finished = store.runs.get(id)
  const { state, best } = stateOf(store, finished)
  const stages = `${String(finished.config['stages'])},${more}`
  const { config } = configure(modelOf(finished.model), finished.preset, { ...finished.config, stages })
  const files = { state: secondName(store, state.path), best: secondName(store, best.path) }
  const { id: job, run } = queue.submit(() => {
    const { name, dataset, datasetName, model, preset, seed, preparation, split } = finished
    const further = store.runs.create({
      name: `${name}, trained further`.slice(0, LONGEST_NAME),
      ...{ dataset, model, preset, config, seed, preparation, split },
    })
    for (const point of finished.epochs) store.runs.addEpoch(further.id, point)
    const weights = { ...best, path: files.best }
    store.runs.saveCheckpoint(further.id, weights)
    store.runs.saveState(further.id, { ...state, path: files.state, best: weights })
    store.runs.saveContinued(further.id, finished.epochs.length, { from: id })
    return {
      label: `Training ${further.name} on ${datasetName}`,
      specification: { kind: 'train', run: further.id, keepState: true },
      dataset,
      run: further.id,
    }
  })
  if (run === null) throw new Error(`Training job ${job} names no run.`)
  return { run, job }
}

/** The state after a finished run's last epoch, and its best weights. */
function stateOf(store: Store, run: RunDetail) {
  const { id, name, status, config } = run
  if (status.state !== 'finished')
    throw new StudioError({
      code: 'CONFLICT',
      message: `Run ${id} (${name}) is ${status.state}; only a finished run can be trained further.`,
      next: 'Wait until it has finished, or go on with it.',
    })
  if (run.members !== null || config['stages'] === undefined)
    throw badInput(
      `Run ${id} (${name}) is not trained in stages, so it cannot be trained further.`,
      'Train it again with changes.',
    )
  const [state] = store.runs.states(id)
  const best = store.runs.checkpoint(id)
  if (!state || !best)
    throw badInput(
      `The state of run ${id} (${name}) was not kept when it finished, so it cannot be trained further.`,
      'Switch on “Keep the state of finished trainings” on the Queue page (or --keep-state of vasp train) before a training ends, or train the run again with more stages.',
    )
  return { state, best }
}

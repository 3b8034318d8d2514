import { StudioError } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import type { RunDetail } from '../../shared/runs'
import { modelOf } from '../models/registry'
import type { Store } from '../store/store'
import type { EngineContext } from './context'

/**
 * The number of epochs (or candidates) that stay when a run goes on, 0 if it begins again; null if it cannot go on. The worker goes back further if
 * the newest state turns out to be damaged.
 */
export function resumesAfter(store: Store, run: RunDetail): number | null {
  if (run.status.state !== 'failed' && run.status.state !== 'cancelled') return null
  // A combination of trained runs takes moments, so it is made again.
  if (run.members) return 0
  if (modelOf(run.model).training === 'closed-form') return run.epochs.length
  const [newest] = store.runs.states(run.id)
  return newest?.position.epochs ?? 0
}

/** Queues the rest of a training. Throws CONFLICT if the run is running, waiting or finished. */
export function resumeTraining(
  { store, queue }: Pick<EngineContext, 'store' | 'queue'>,
  id: RunId,
): { run: RunId; job: JobId } {
  const { id: job } = queue.submit(() => {
    const run = store.runs.get(id)
    if (resumesAfter(store, run) === null) throw nothingToResume(run)
    store.runs.requeue(id)
    return {
      label: `Training ${run.name} on ${run.datasetName}`,
      specification: { kind: 'train', run: id },
      dataset: run.dataset,
      run: id,
    }
  })
  return { run: id, job }
}

const nothingToResume = ({ id, name, status: { state } }: RunDetail): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `Run ${id} (${name}) is ${state === 'queued' ? 'waiting' : state}, so there is nothing to go on with.`,
    next:
      state === 'finished'
        ? 'Train it again with changes, for example with more epochs in “stages”.'
        : 'Follow it on its page, or cancel it first.',
  })

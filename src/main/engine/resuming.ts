import { StudioError } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import type { RunDetail } from '../../shared/runs'
import { modelOf } from '../models/registry'
import type { Store } from '../store/store'
import type { EngineContext } from './context'

const begins = { epochs: 0, within: false }

/**
 * Where a run goes on that failed, was cancelled or is paused; null for the others. The worker goes back further if the newest state turns out to be
 * damaged.
 */
export function resumesAfter(store: Store, run: RunDetail): RunDetail['resumesAfter'] {
  const { state } = run.status
  if (state !== 'failed' && state !== 'cancelled' && state !== 'paused') return null
  // A combination of trained runs takes moments, so it is made again.
  if (run.members) return begins
  if (modelOf(run.model).training === 'closed-form') return { epochs: run.epochs.length, within: false }
  const [newest] = store.runs.states(run.id)
  if (!newest) return begins
  const { epochs, sweep, steps } = newest.position
  return { epochs, within: sweep + steps > 0 }
}

/** The job that trains the rest of a run: a new one, or its own that is paused or waits in this program; null if the run has ended otherwise. */
export function goOnWith(context: Pick<EngineContext, 'store' | 'queue'>, id: RunId): JobId | null {
  const run = context.store.runs.get(id)
  if (run.status.state === 'queued' && run.job !== null) return run.job
  return resumesAfter(context.store, run) === null ? null : resumeTraining(context, id).job
}

/** Queues the rest of a training, or lets it go on if it is paused. Throws CONFLICT if the run is running, waiting or finished. */
export function resumeTraining(
  { store, queue }: Pick<EngineContext, 'store' | 'queue'>,
  id: RunId,
): { run: RunId; job: JobId } {
  const { status, job: paused } = store.runs.get(id)
  if (status.state === 'paused' && paused !== null) {
    queue.goOn([paused])
    return { run: id, job: paused }
  }
  const { id: job } = queue.submit(() => {
    const run = store.runs.get(id)
    if (resumesAfter(store, run) === null) throw nothingToResume(run)
    store.runs.requeue(id)
    return {
      label: `Training ${run.name} on ${run.datasetName}`,
      specification: { kind: 'train', run: id, keepState: false },
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

import type { ErrorShape } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import type { Store } from '../store/store'
import { hostEnded, recordEnd } from './record-end'

/**
 * Ends the jobs that a dead program left queued or running: each becomes failed with the reason, its run keeps its last checkpoint. A job whose worker
 * had stored its result has finished already. Jobs of other living hosts on the same library stay as they are.
 * @param ours whether this engine has taken on a job.
 * @returns what was ended, for the log.
 */
export function recoverJobs(store: Store, ours: (id: JobId) => boolean): string[] {
  if (store.readOnly) return []
  return store.jobs
    .unfinished()
    .filter(({ job, owned }) => !ours(job.id) && !owned)
    .flatMap(({ job }) => {
      const recorded = recordEnd(store, job, { type: 'failed', error: hostEnded(job) })
      return recorded.type === 'failed' ? [recorded.error.message] : []
    })
}

/** Ends the runs and exports of version 0.1 that wait for ever, because it was killed between storing them and their job. */
export function endWithoutJob(store: Store): void {
  store.transaction(() => {
    store.runs.failWithoutJob(neverBegan)
    store.exports.failWithoutJob(neverBegan)
  })
}

const neverBegan: ErrorShape = {
  code: 'WORKER_ENDED',
  message: 'VASP Studio ended before this began.',
  next: 'Start it again.',
}

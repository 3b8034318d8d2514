import { type ErrorShape, StudioError } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import type { JobRow, Store } from '../store/store'
import { hostEnded, recordEnd } from './record-end'
import type { JobOutcome } from './supervisor'

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
      const recorded = endOfDead(store, job)
      return recorded?.type === 'failed' ? [recorded.error.message] : []
    })
}

/** Null on a full disk, which must not keep a library from being opened, or data from being deleted: then the job is ended later. */
function endOfDead(store: Store, job: JobRow): JobOutcome | null {
  try {
    return recordEnd(store, job, { type: 'failed', error: hostEnded(job) })
  } catch (error) {
    if (error instanceof StudioError && error.code === 'DISK_FULL') return null
    throw error
  }
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

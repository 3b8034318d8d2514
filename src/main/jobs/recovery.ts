import { type ErrorShape, StudioError } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import type { JobRow, Store } from '../store/store'
import { hostEnded, recordEnd } from './record-end'
import type { JobOutcome } from './supervisor'

/**
 * Ends the jobs that a dead process left queued or running: each becomes failed with the reason, and its run keeps its last checkpoint. A job whose
 * worker had stored its result counts as finished. Jobs of other living hosts are not changed.
 * @param ours whether a job belongs to this engine. @returns what was ended, for the log.
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

/** Null on a full disk: then the job is ended later, because a full disk must not prevent opening the library or deleting data. */
function endOfDead(store: Store, job: JobRow): JobOutcome | null {
  try {
    return recordEnd(store, job, { type: 'failed', error: hostEnded(job) })
  } catch (error) {
    if (error instanceof StudioError && error.code === 'DISK_FULL') return null
    throw error
  }
}

/** Ends runs and exports of version 0.1 without a job, left by a kill between storing them and storing their job. */
export function endWithoutJob(store: Store): void {
  store.transaction(() => {
    store.runs.failWithoutJob(neverBegan)
    store.exports.failWithoutJob(neverBegan)
  })
}

const neverBegan: ErrorShape = {
  code: 'WORKER_ENDED',
  message: 'VASP Studio ended before this started.',
  next: 'Start it again.',
}

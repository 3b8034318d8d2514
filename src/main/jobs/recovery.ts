import type { Store } from '../store/store'
import { ownerAlive } from './owner'
import { hostEnded, settleJob } from './settle'

/**
 * Ends the jobs that a dead program left queued or running: each becomes failed with the reason, its run keeps its last checkpoint.
 * Called once at start, before this process takes on jobs; jobs of other living hosts stay as they are.
 * @returns what was ended, for the log.
 */
export function recoverJobs(store: Store): string[] {
  if (store.readOnly) return []
  return store.jobs
    .unfinished()
    .filter(({ job, pid }) => !ownerAlive(pid, new Date(job.createdAt)))
    .map(({ job }) => {
      const error = hostEnded(job)
      settleJob(store, job, { type: 'failed', error })
      return error.message
    })
}

import type { JobId } from '../../shared/ids'
import type { Store } from '../store/store'
import { isStillRunning } from '../store/process-owner'
import { hostEnded, settleJob } from './settle'

/**
 * Ends the jobs that a dead program left queued or running: each becomes failed with the reason, its run keeps its last checkpoint.
 * Jobs of other living hosts on the same library stay as they are.
 * @param ours whether this engine has taken on a job.
 * @returns what was ended, for the log.
 */
export function recoverJobs(store: Store, ours: (id: JobId) => boolean): string[] {
  if (store.readOnly) return []
  return store.jobs
    .unfinished()
    .filter(({ job, pid }) => !ours(job.id) && !isStillRunning(pid, Date.parse(job.createdAt)))
    .map(({ job }) => {
      const error = hostEnded(job)
      settleJob(store, job, { type: 'failed', error })
      return error.message
    })
}

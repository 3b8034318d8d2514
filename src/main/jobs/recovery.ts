import { type ErrorShape, StudioError } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import type { JobRow, Store } from '../store/store'
import { hostEnded, recordEnd } from './record-end'
import { isDurable, jobSpecification, type JobSpecification } from './specification'
import type { JobOutcome } from './supervisor'

/**
 * Sees to the jobs of dead processes. Those that can be done later wait in the queue until a process takes them over: a training goes on from its last
 * state. The others become failed with the reason. A job whose worker had stored its result counts as finished. Jobs of other living processes are not
 * changed.
 * @param ours whether a job belongs to this engine @param waits called for each job that was running and waits now @returns what was found, for the log.
 */
export function recoverJobs(
  store: Store,
  ours: (id: JobId) => boolean,
  waits: (specification: JobSpecification) => void = () => undefined,
): string[] {
  if (store.readOnly) return []
  return store.jobs.open().flatMap(({ job, owned, running }) => {
    if (ours(job.id) || owned) return []
    const task = jobSpecification.safeParse(job.specification)
    if (task.success && isDurable(task.data) && hasSubject(job)) {
      if (!running) return []
      const said = waitAgain(store, job)
      waits(task.data)
      return said
    }
    const outcome: JobOutcome =
      task.success && isDurable(task.data) ? { type: 'cancelled' } : { type: 'failed', error: hostEnded(job) }
    const recorded = unlessFull(() => recordEnd(store, job, outcome))
    return recorded?.type === 'failed' ? [recorded.error.message] : []
  })
}

/** Whether what a job is about still exists: deleted runs and exports are null in its row. */
const hasSubject = ({ kind, run, export: exported }: JobRow): boolean =>
  run !== null && (kind !== 'export' || exported !== null)

function waitAgain(store: Store, job: JobRow): string[] {
  unlessFull(() => store.jobs.putBack(job.id, null))
  return [`${job.label} stopped, because VASP Studio ended while it was running. It waits in the queue and can go on.`]
}

/** Null on a full disk: then it is done later, because a full disk must not prevent opening the library or deleting data. */
function unlessFull<T>(work: () => T): T | null {
  try {
    return work()
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

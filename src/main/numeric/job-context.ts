import type { JobProgress } from '../../shared/jobs'

/** Progress as a task reports it. */
export interface TaskProgress extends Omit<JobProgress, 'secondsLeft'> {
  /** For trainings: the number of units in an epoch, after each of which something that is not counted follows, such as its validation. */
  readonly epochLength?: number
}

/** What a long-running function gets from its caller. */
export interface JobContext {
  /** Aborted when the job is cancelled; the function checks it between batches and throws `cancelled(…)`. */
  readonly signal: AbortSignal
  /** May be called often: the caller throttles and estimates the time left. */
  progress(progress: TaskProgress): void
}

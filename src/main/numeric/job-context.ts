import type { JobProgress } from '../../shared/jobs'

/** What a long-running function gets from its caller. */
export interface JobContext {
  /** Aborted when the job is cancelled; the function checks it between batches and throws `cancelled(…)`. */
  readonly signal: AbortSignal
  /** May be called often: the caller throttles and estimates the time left. */
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void
}

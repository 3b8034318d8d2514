import type { JobProgress } from '../../shared/jobs'

/** What long work is given by whoever runs it. */
export interface JobContext {
  /** Aborted when the job is cancelled; work checks it between batches and then throws `cancelled(…)`. */
  readonly signal: AbortSignal
  /** May be called as often as is convenient: throttling and the time left are the caller's business. */
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void
}

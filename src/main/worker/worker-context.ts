import type { DatasetId } from '../../shared/ids'
import type { EpochPoint } from '../../shared/runs'
import type { JobContext } from '../numeric/job-context'
import type { Store } from '../store/store'

/** The context of every task in a worker. */
export interface WorkerContext extends JobContext {
  readonly store: Store
  /** Path of the built batch thread. */
  readonly batchThread: string
  /** Path of the built thread that writes files. */
  readonly writeThread: string
  /** Aborted when the task is to keep its state and stop. */
  readonly pause: AbortSignal
  /** Aborted when a training is to end with its best epoch so far. */
  readonly stop: AbortSignal
  /** Runs the last step of a job, which stores and returns its result, in one transaction with the end of the job. */
  commit<Result>(last: () => Result): Result
  /** Records the data set that the job uses, so that it is not deleted. */
  use(dataset: DatasetId): void
  /** Reports a finished epoch to the watchers of this job. */
  epoch(point: EpochPoint): void
}

/** The context of work without a state of its own: to be paused is to be cancelled. */
export const pausedIsCancelled = (context: WorkerContext): WorkerContext => ({
  ...context,
  signal: AbortSignal.any([context.signal, context.pause]),
})

import type { DatasetId } from '../../shared/ids'
import type { EpochPoint } from '../../shared/runs'
import type { JobContext } from '../numeric/job-context'
import type { Store } from '../store/store'

/** What every task of a worker is given. */
export interface Workplace extends JobContext {
  readonly store: Store
  /** The built entry of the thread that makes batches. */
  readonly batchThread: string
  /** Runs the last step of a job, which stores what it made and says what that is, in one transaction with the job's end. */
  commit<Result>(last: () => Result): Result
  /** Says which data set the job uses, so that nobody deletes it. */
  use(dataset: DatasetId): void
  /** Tells the watchers of this job of a finished epoch. */
  epoch(point: EpochPoint): void
}

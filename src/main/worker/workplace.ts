import type { EpochPoint } from '../../shared/runs'
import type { JobContext } from '../numeric/job-context'
import type { Store } from '../store/store'

/** What every task of a worker is given. */
export interface Workplace extends JobContext {
  readonly store: Store
  /** The built entry of the thread that makes batches. */
  readonly batchThread: string
  /** Tells the watchers of this job of a finished epoch. */
  epoch(point: EpochPoint): void
}

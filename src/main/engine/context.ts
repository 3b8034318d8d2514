import type { MachineConditions } from '../../shared/jobs'
import type { About } from '../../shared/system'
import type { ExperimentScheduler } from '../experiments/scheduler'
import type { InteractionPages } from '../datasets/interaction-pages'
import type { UserOrder } from '../datasets/user-order'
import type { GpuMonitor } from '../devices/gpu-monitor'
import type { JobQueue } from '../jobs/queue'
import type { Serving } from '../jobs/serving'
import type { WorkerOptions } from '../jobs/supervisor'
import type { Store } from '../store/store'
import type { LibraryChanges } from './library-changes'
import type { ScheduledBackups } from './scheduled-backups'
import type { Uploads } from './uploads'

/** The context of every procedure: the services of a started engine. */
export interface EngineContext {
  readonly store: Store
  readonly queue: JobQueue
  readonly scheduler: ExperimentScheduler
  readonly serving: Serving
  readonly uploads: Uploads
  readonly interactions: InteractionPages
  readonly userOrder: UserOrder
  readonly changes: LibraryChanges
  readonly gpus: GpuMonitor
  readonly backups: ScheduledBackups
  /** What this program can tell of the machine, for the rules of the queue. */
  readonly conditions: () => MachineConditions
  /** Starts workers that answer one question. */
  readonly workers: WorkerOptions
  readonly about: About
  /** The oldest Node that package.json accepts, such as 20.19. */
  readonly neededNode: string
  /** The page of the connection, to which its uploads belong; null in process (the command line). */
  readonly page: string | null
}

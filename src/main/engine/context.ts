import type { About } from '../../shared/system'
import type { Conductor } from '../experiments/conductor'
import type { InteractionPages } from '../datasets/interaction-pages'
import type { UserOrder } from '../datasets/user-order'
import type { GpuMonitor } from '../devices/gpu-monitor'
import type { JobQueue } from '../jobs/queue'
import type { Serving } from '../jobs/serving'
import type { WorkPlace } from '../jobs/supervisor'
import type { Store } from '../store/store'
import type { LibraryChanges } from './library-changes'
import type { ScheduledBackups } from './scheduled-backups'
import type { Uploads } from './uploads'

/** What every procedure is given: the parts of one started engine. */
export interface EngineContext {
  readonly store: Store
  readonly queue: JobQueue
  readonly conductor: Conductor
  readonly serving: Serving
  readonly uploads: Uploads
  readonly interactions: InteractionPages
  readonly userOrder: UserOrder
  readonly changes: LibraryChanges
  readonly gpus: GpuMonitor
  readonly backups: ScheduledBackups
  /** Where workers are started that answer one question. */
  readonly place: WorkPlace
  readonly about: About
  /** The oldest Node that package.json accepts, as 20.19. */
  readonly neededNode: string
  /** The page whose connection asks, which its uploads end with; null in process (the command line). */
  readonly page: string | null
}

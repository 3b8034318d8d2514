import { type ErrorShape, toErrorShape } from '../../shared/errors'
import { askOnce } from '../jobs/answering-worker'
import { log } from '../jobs/log'
import type { WorkPlace } from '../jobs/supervisor'
import { backupsIn } from '../store/maintenance/backup-files'
import type { Store } from '../store/store'

const day = 24 * 3_600_000
/** How often it is looked whether a backup is due. */
const hour = 3_600_000
/** From the start to the first look: a command that only lists something has ended by then, and a window has been drawn. */
const firstLook = 5_000
const patience = 6 * hour

/** Has a worker back the library up once a day, where anything has changed. What fails is said and tried again an hour later. */
export class ScheduledBackups {
  /** Why the last one could not be made; null where it could. */
  failure: ErrorShape | null = null
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null

  constructor(
    private readonly store: Store,
    private readonly place: WorkPlace,
  ) {}

  start(): void {
    if (this.store.readOnly) return
    this.#wait(firstLook)
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      void this.look().then(() => {
        if (!this.#closing.signal.aborted) this.#wait(hour)
      })
    }, milliseconds)
    // A waiting look must not keep a finished command alive.
    this.#timer.unref()
  }

  /** Makes a backup where the newest is older than a day and something has changed since; one look at a time. Never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = null))
    return this.#running
  }

  async #look(): Promise<void> {
    try {
      if (!this.#due()) return
      const task = { kind: 'back-up', reason: 'scheduled' } as const
      await askOnce(this.place, { kind: 'probe' }, task, patience, 'Backing the library up', this.#closing.signal)
      this.failure = null
    } catch (error) {
      if (this.#closing.signal.aborted) return
      this.failure = toErrorShape(error)
      log(`${this.failure.message} ${this.failure.next}`)
    }
  }

  #due(): boolean {
    if (!this.store.settings.read().automaticBackups || this.store.datasets.list().length === 0) return false
    const newest = backupsIn(this.store.library)[0]
    if (!newest) return true
    const age = Date.now() - Date.parse(newest.createdAt)
    // A date in the future tells of a clock that was ahead, not of the backup's age; the next one counts as newer whatever its date.
    return age >= day || age < 0
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#closing.abort()
    await this.#running
  }
}

import { type ErrorShape, toErrorShape } from '../../shared/errors'
import { askOnce } from '../jobs/answering-worker'
import { log } from '../jobs/log'
import type { WorkPlace } from '../jobs/supervisor'
import { backupsIn } from '../store/maintenance/backup-files'
import { requireRoomForBackup } from '../store/maintenance/backups'
import type { Store } from '../store/store'

const day = 24 * 3_600_000
/** How often it is looked whether a backup is due. */
const hour = 3_600_000
/** From the start to the first look: a window has been drawn by then, and a command has mostly ended, which looks at its end instead. */
const firstLook = 5_000
const patience = 6 * hour

/** Has a worker back the library up once a day, where anything has changed. What fails is said and tried again an hour later. */
export class ScheduledBackups {
  /** Why the last one could not be made; null where it could. */
  failure: ErrorShape | null = null
  readonly #closing = new AbortController()
  /** How the database was when this program had just started. */
  #atStart = ''
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null

  constructor(
    private readonly store: Store,
    private readonly place: WorkPlace,
  ) {}

  start(): void {
    if (this.store.readOnly) return
    this.#atStart = this.store.changes.mark()
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

  /**
   * The look of a command that ends: where anything was written since it began, and a backup is due. Without it nobody who works with commands of
   * seconds would ever have one. Never rejects.
   * @param begins is called before a backup is made @returns why it could not be made; null where it could or need not be
   */
  async lookAtEnd(begins: () => void): Promise<ErrorShape | null> {
    if (this.store.readOnly) return null
    try {
      if (this.store.changes.mark() === this.#atStart) return null
      if (this.#running) {
        begins()
        await this.#running
      }
      if (!this.#due()) return null
      requireRoomForBackup(this.store.library)
      begins()
      await this.#make()
      return null
    } catch (error) {
      if (this.#closing.signal.aborted) return null
      return toErrorShape(error)
    }
  }

  async #look(): Promise<void> {
    try {
      if (this.#due()) await this.#make()
      this.failure = null
    } catch (error) {
      if (this.#closing.signal.aborted) return
      this.failure = toErrorShape(error)
      log(`${this.failure.message} ${this.failure.next}`)
    }
  }

  async #make(): Promise<void> {
    // Before a worker, which would use up some of the reserve by opening the library on a full disk.
    requireRoomForBackup(this.store.library)
    const task = { kind: 'back-up', reason: 'scheduled' } as const
    await askOnce(this.place, { kind: 'probe' }, task, patience, 'Backing the library up', this.#closing.signal)
  }

  #due(): boolean {
    if (!this.store.settings.read().automaticBackups || this.store.datasets.list().length === 0) return false
    const newest = backupsIn(this.store.library)[0]
    if (!newest) return true
    const age = Date.now() - Date.parse(newest.createdAt)
    // A date in the future tells of a clock that was ahead, not of the backup's age; the next one counts as newer whatever its date.
    return (age >= day || age < 0) && newest.known?.content !== this.store.contentMark()
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#closing.abort()
    await this.#running
  }
}

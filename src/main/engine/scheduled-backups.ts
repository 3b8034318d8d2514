import { type ErrorShape, toErrorShape } from '../../shared/errors'
import { askOnce } from '../jobs/answering-worker'
import { log } from '../jobs/log'
import type { WorkerOptions } from '../jobs/supervisor'
import { backupsIn } from '../store/maintenance/backup-files'
import { requireRoomForBackup } from '../store/maintenance/backups'
import type { Store } from '../store/store'

const day = 24 * 3_600_000
/** How often to check whether a backup is due. */
const hour = 3_600_000
/** Time from the start to the first check: by then the window is drawn, and most commands have ended, which check at their end. */
const firstLook = 5_000
const patience = 6 * hour

/** Backs up the library once a day in a worker, if anything has changed. A failure is reported and retried an hour later. */
export class ScheduledBackups {
  /** Why the last one failed; null if it succeeded. */
  failure: ErrorShape | null = null
  readonly #closing = new AbortController()
  /** The state of the database when this program started. */
  #atStart = ''
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null

  constructor(
    private readonly store: Store,
    private readonly workers: WorkerOptions,
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
    // A waiting timer must not keep a finished command alive.
    this.#timer.unref()
  }

  /** Makes a backup if the newest is older than a day and something has changed since; one check at a time. Never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = null))
    return this.#running
  }

  /**
   * Called at the end of a command: makes a backup if the command wrote anything and a backup is due, because short commands would otherwise never
   * make one. Never rejects. @param begins called before a backup is made @returns why it could not be made; null if it was made or was not due
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
    await askOnce(this.workers, { kind: 'probe' }, task, patience, 'Backing up the library', this.#closing.signal)
  }

  #due(): boolean {
    if (!this.store.settings.read().automaticBackups || this.store.datasets.list().length === 0) return false
    const newest = backupsIn(this.store.library)[0]
    if (!newest) return true
    const age = Date.now() - Date.parse(newest.createdAt)
    // A date in the future means that a clock was wrong; the next backup counts as newer, whatever its date.
    return (age >= day || age < 0) && newest.known?.content !== this.store.contentMark()
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#closing.abort()
    await this.#running
  }
}

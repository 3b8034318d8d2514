import type { JobProgress } from '../../shared/jobs'

/** Minimum time between progress messages in milliseconds: nothing else throttles them. */
export const progressInterval = 100

/** The measured speed of one stage. */
interface Pace {
  readonly stage: string
  readonly unit: string
  readonly total: number | null
  /** The first and the latest progress, with times. */
  readonly firstDone: number
  readonly firstAt: number
  lastDone: number
  lastAt: number
  /** Units per millisecond, with more weight on recent intervals; null before the first interval. */
  rate: number | null
}

/** Half-life of an interval's weight in milliseconds. */
const halfLife = 10_000
/** No estimate before this many milliseconds of a stage, because its start is not representative. */
const settlingTime = 1000

/** Estimates the time left from the speed of a stage, with more weight on the recent past. */
export class TimeLeft {
  #pace: Pace | null = null

  /** @param now milliseconds on any steady clock. @returns seconds; null if unknown. */
  estimate({ stage, done, total, unit }: Omit<JobProgress, 'secondsLeft'>, now: number): number | null {
    const pace = this.#pace
    const same = pace?.stage === stage && pace.unit === unit && pace.total === total && done >= pace.lastDone
    if (!same) {
      this.#pace = { stage, unit, total, firstDone: done, firstAt: now, lastDone: done, lastAt: now, rate: null }
      return null
    }
    const elapsed = now - pace.lastAt
    if (done > pace.lastDone && elapsed > 0) {
      const recent = (done - pace.lastDone) / elapsed
      const weight = 1 - 0.5 ** (elapsed / halfLife)
      const overall = (done - pace.firstDone) / (now - pace.firstAt)
      pace.rate = pace.rate === null ? overall : pace.rate + weight * (recent - pace.rate)
      pace.lastDone = done
      pace.lastAt = now
    }
    if (total === null || !pace.rate || now - pace.firstAt < settlingTime) return null
    const sinceLast = now - pace.lastAt
    return Math.max(0, (total - done) / pace.rate - sinceLast) / 1000
  }
}

/** Forwards the latest progress at most every 100 ms, with the time left. */
export class ProgressReporter {
  readonly #timeLeft = new TimeLeft()
  #sentAt = Number.NEGATIVE_INFINITY
  #held: JobProgress | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(
    private readonly send: (progress: JobProgress) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  report(progress: Omit<JobProgress, 'secondsLeft'>): void {
    const now = this.now()
    this.#held = { ...progress, secondsLeft: this.#timeLeft.estimate(progress, now) }
    const wait = this.#sentAt + progressInterval - now
    if (wait <= 0) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), Math.ceil(wait) + 1)
  }

  /** Stops sending. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#held = null
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (!this.#held) return
    this.#sentAt = this.now()
    this.send(this.#held)
    this.#held = null
  }
}

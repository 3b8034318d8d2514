import type { JobProgress } from '../../shared/jobs'
import type { TaskProgress } from '../numeric/job-context'

/** Minimum time between progress messages in milliseconds: nothing else throttles them. */
export const progressInterval = 100

/** Half-life of a measurement's weight in milliseconds. */
const halfLife = 10_000
/** What a single measurement takes of the weight of those before it at most: the latest few always count together, however long each takes. */
const mostForgotten = 1 - 0.5 ** 0.1

/** A rate from measurements that count less the older they are. */
class RecentMean {
  #amount = 0
  #time = 0
  /** The number of measurements. */
  count = 0

  add(amount: number, milliseconds: number): void {
    const kept = Math.max(0.5 ** (milliseconds / halfLife), 1 - mostForgotten)
    this.#amount = this.#amount * kept + amount
    this.#time = this.#time * kept + milliseconds
    this.count++
  }

  /** Milliseconds for one. */
  get each(): number {
    if (this.count === 0) throw new Error('nothing was measured')
    return this.#time / this.#amount
  }
}

/** What has been measured of one stage, or of all epochs of a training. */
class Pace {
  /** When the first, slower units were over; `null` before. */
  #since: number | null = null
  #advances = 0
  readonly #units = new RecentMean()
  /** What follows each epoch. */
  readonly #betweenEpochs = new RecentMean()

  constructor(
    readonly of: TaskProgress,
    private lastDone: number,
    private lastAt: number,
  ) {}

  /** Whether `next` goes on with what is measured here. */
  goesOnWith({ stage, unit, total, done, epochLength }: TaskProgress): boolean {
    const { of } = this
    if (unit !== of.unit || total !== of.total || epochLength !== of.epochLength || done < this.lastDone) return false
    // Each epoch is a stage.
    return stage === of.stage || epochLength !== undefined
  }

  add(done: number, now: number): void {
    const [amount, time] = [done - this.lastDone, now - this.lastAt]
    if (amount <= 0 || time <= 0) return
    const length = this.#epochLength
    const hasCrossed = length !== null && Math.ceil(this.lastDone / length) * length < done
    this.lastDone = done
    this.lastAt = now
    if (++this.#advances <= warmUp) this.#since = this.#advances === warmUp ? now : null
    else if (!hasCrossed) this.#units.add(amount, time)
    else if (this.#units.count > 0) this.#betweenEpochs.add(1, Math.max(0, time - amount * this.#units.each))
  }

  secondsLeft(now: number): number | null {
    const { total } = this.of
    if (total === null || this.#since === null || !this.#isEnough(now - this.#since)) return null
    const units = (total - this.lastDone) * this.#units.each
    return Math.max(0, units + this.#epochsLeft(total) * this.#afterEpoch - (now - this.lastAt)) / 1000
  }

  /** Epochs of one step are not told from what follows them. */
  get #epochLength(): number | null {
    const { epochLength = 1 } = this.of
    return epochLength > 1 ? epochLength : null
  }

  get #afterEpoch(): number {
    return this.#betweenEpochs.count === 0 ? 0 : this.#betweenEpochs.each
  }

  /** Epochs that have still to be validated. */
  #epochsLeft(total: number): number {
    const length = this.#epochLength
    return length === null ? 0 : Math.ceil(total / length) - Math.ceil(this.lastDone / length) + 1
  }

  #isEnough(measured: number): boolean {
    const { count } = this.#units
    const unitsAreKnown = enough.some(({ advances, milliseconds }) => count >= advances && measured >= milliseconds)
    const epochsAreKnown = this.#epochLength === null || this.#betweenEpochs.count > 0 || measured >= longEpoch
    return unitsAreKnown && epochsAreKnown
  }
}

/** The first units are slower: kernels are created and files opened. */
const warmUp = 2
/** What must have been measured before a figure is shown: several units, or fewer that take long. */
const enough = [
  { advances: 5, milliseconds: 3000 },
  { advances: 2, milliseconds: 30_000 },
]
/** In epochs that take longer than this, a figure is shown before the first validation has been measured. */
const longEpoch = 120_000

/**
 * Estimates the time left of a stage, or of all epochs of a training, from its own speed: neither what came before nor the first units count. Recent units
 * have more weight. The time between epochs (validation, writing the weights) is measured apart from that of steps, so that it neither makes the figure
 * jump after each epoch nor is left out of it.
 */
export class TimeLeft {
  #pace: Pace | null = null

  /** @param now milliseconds on any steady clock. @returns seconds; null as long as too little has been measured. */
  estimate(progress: TaskProgress, now: number): number | null {
    if (!this.#pace?.goesOnWith(progress)) {
      this.#pace = new Pace(progress, progress.done, now)
      return null
    }
    this.#pace.add(progress.done, now)
    return this.#pace.secondsLeft(now)
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

  report(reported: TaskProgress): void {
    const now = this.now()
    const { epochLength: _, ...progress } = reported
    this.#held = { ...progress, secondsLeft: this.#timeLeft.estimate(reported, now) }
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

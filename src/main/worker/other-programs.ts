import { cpus } from 'node:os'

/** How long processors were busy until a moment, in milliseconds. */
export interface BusyTimes {
  readonly at: number
  /** All processors together. */
  readonly all: number
  /** This process. */
  readonly own: number
  readonly processors: number
}

/** What other programs take of the processors while this one measures something. */
export class OtherPrograms {
  readonly #before: BusyTimes

  constructor(private readonly times: () => BusyTimes = machineTimes) {
    this.#before = times()
  }

  /** Processors that others have kept busy on average since the beginning, and how many there are. */
  get busy(): { readonly busy: number; readonly of: number } {
    const now = this.times()
    const passed = now.at - this.#before.at
    const others = now.all - this.#before.all - (now.own - this.#before.own)
    // The system counts in hundredths of a second, this process in microseconds.
    return { busy: passed > 0 ? Math.min(now.processors, Math.max(0, others / passed)) : 0, of: now.processors }
  }
}

function machineTimes(): BusyTimes {
  const processors = cpus()
  const { user, system } = process.cpuUsage()
  return {
    at: performance.now(),
    all: processors.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0),
    own: (user + system) / 1000,
    processors: processors.length,
  }
}

import type { ExitCode } from './exit'

/**
 * Ctrl-C and SIGTERM: the first asks the running job to stop and lets the command end normally; the second ends everything at once.
 */
export class Interrupts {
  #asked: ExitCode | null = null
  #stop: (() => void) | null = null
  readonly #abandon: (code: ExitCode) => void

  /** @param abandon ends the process, workers included, without waiting */
  constructor(abandon: (code: ExitCode) => void) {
    this.#abandon = abandon
    process.on('SIGINT', this.#onInterrupt)
    process.on('SIGTERM', this.#onTerminate)
  }

  /** 130 or 143 once the person has asked to stop. */
  get exitCode(): ExitCode | null {
    return this.#asked
  }

  /** Runs `work`; an interrupt meanwhile calls `stop`, after which `work` should end by itself. */
  async during<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
    this.#stop = stop
    if (this.#asked !== null) stop()
    try {
      return await work()
    } finally {
      this.#stop = null
    }
  }

  /** Resolves at the first interrupt: for a command that runs until it is stopped. */
  untilAsked(): Promise<void> {
    return new Promise((resolve) => {
      this.#stop = resolve
      if (this.#asked !== null) resolve()
    })
  }

  release(): void {
    process.off('SIGINT', this.#onInterrupt)
    process.off('SIGTERM', this.#onTerminate)
  }

  readonly #onInterrupt = (): void => this.#onSignal(130)
  readonly #onTerminate = (): void => this.#onSignal(143)

  #onSignal(code: ExitCode): void {
    const again = this.#asked !== null
    this.#asked = code
    if (again || this.#stop === null) this.#abandon(code)
    else this.#stop()
  }
}

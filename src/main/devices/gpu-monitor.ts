import { askDriver, type DriverReport } from './nvidia-smi'

/** An answer is reused for this many milliseconds, for any number of callers. */
const freshness = 1000
/** If there is no driver, or it does not answer, it is asked again only after this many. */
const calm = 15_000

/** Asks the driver on demand, at most once at a time and once a second; nothing runs in the background. */
export class GpuMonitor {
  #latest: { readonly report: DriverReport; readonly at: number } | null = null
  #asking: Promise<DriverReport> | null = null

  constructor(
    private readonly ask: () => Promise<DriverReport> = () => askDriver(),
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param anew does not reuse an earlier answer (after a click on “check again”) */
  look(anew = false): Promise<DriverReport> {
    const { report, at } = this.#latest ?? { report: null, at: 0 }
    if (report && !anew && this.now() - at < (report.state === 'answers' ? freshness : calm))
      return Promise.resolve(report)
    this.#asking ??= this.ask().then((answer) => {
      this.#latest = { report: answer, at: this.now() }
      this.#asking = null
      return answer
    })
    return this.#asking
  }
}

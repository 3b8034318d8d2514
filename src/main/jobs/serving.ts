import type { RunId } from '../../shared/ids'
import { AnsweringWorker } from './answering-worker'
import type { Question } from './protocol'
import type { WorkPlace } from './supervisor'

/** A model that nobody has asked for this long gives its memory back, in milliseconds. */
const idleTime = 5 * 60_000
/** Time for one answer, loading TensorFlow and a large model included, in milliseconds. */
const answerPatience = 3 * 60_000

interface Warm {
  readonly run: RunId
  /** Which state of the run's weights it holds: a run that trains on is loaded anew. */
  readonly weights: string
  readonly worker: AnsweringWorker
}

/** Keeps the model of the most recently asked run loaded in one worker process, so that exploring answers at once. */
export class Serving {
  #warm: Warm | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(
    private readonly place: WorkPlace,
    private readonly idle = idleTime,
  ) {}

  /** Answers with the given weights of a run. A worker that has died is replaced; the question it died over is rejected. */
  async ask(run: RunId, weights: string, question: Question): Promise<unknown> {
    const worker = await this.#worker(run, weights)
    this.#stopTimer()
    try {
      return await worker.ask(question, answerPatience)
    } finally {
      if (worker.idle && this.#warm?.worker === worker) this.#startTimer()
    }
  }

  /** Closes the worker of a run whose weights are about to be deleted. */
  async release(run: RunId): Promise<void> {
    if (this.#warm?.run === run) await this.close()
  }

  async close(): Promise<void> {
    this.#stopTimer()
    const worker = this.#warm?.worker
    this.#warm = null
    await worker?.close()
  }

  async #worker(run: RunId, weights: string): Promise<AnsweringWorker> {
    const warm = this.#warm
    if (warm && !warm.worker.gone && warm.run === run && warm.weights === weights) return warm.worker
    if (warm) {
      // Another window may still wait for an answer about the other run.
      await warm.worker.drained()
      if (this.#warm === warm) await this.close()
      // Meanwhile another question may have started one.
      return this.#worker(run, weights)
    }
    const worker = new AnsweringWorker(this.place, { kind: 'serve', run }, `The loaded model of run ${run}`)
    this.#warm = { run, weights, worker }
    return worker
  }

  #startTimer(): void {
    this.#stopTimer()
    this.#timer = setTimeout(() => void this.close(), this.idle)
    // A program that has nothing else to do need not wait for it.
    this.#timer.unref()
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}

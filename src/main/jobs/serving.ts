import { StudioError } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { AnsweringWorker } from './answering-worker'
import type { Question } from './protocol'
import type { WorkerOptions } from './supervisor'

/** A model that was not used for this long is unloaded, in milliseconds. */
const idleTime = 5 * 60_000
/** Time for one answer, including loading TensorFlow and a large model, in milliseconds. */
const answerPatience = 3 * 60_000

interface Warm {
  readonly run: RunId
  /** The state of the loaded weights: if the run has newer ones, it is loaded again. */
  readonly weights: string
  readonly worker: AnsweringWorker
}

/** Keeps the model of the last used run loaded in a worker process, so that exploring is fast. */
export class Serving {
  #warm: Warm | null = null
  #timer: NodeJS.Timeout | null = null
  /** Workers are chosen one question after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(
    private readonly workers: WorkerOptions,
    private readonly idle = idleTime,
    private readonly patience = answerPatience,
  ) {}

  /**
   * Answers with the given weights of a run. If a worker that has answered before has died meanwhile (for example, killed while idle), it is replaced
   * and asked once more. If the new worker ends, too, the question is rejected.
   */
  async ask(run: RunId, weights: string, question: Question): Promise<unknown> {
    const first = await this.#askOnce(run, weights, question)
    if ('answer' in first) return first.answer
    if (!first.mayTryAgain) throw first.error
    const second = await this.#askOnce(run, weights, question)
    if ('answer' in second) return second.answer
    throw second.error
  }

  async #askOnce(
    run: RunId,
    weights: string,
    question: Question,
  ): Promise<{ answer: unknown } | { error: unknown; mayTryAgain: boolean }> {
    const { worker, asked } = await this.#inTurn(async () => {
      const chosen = await this.#worker(run, weights)
      // The question is opened within the lock, so that the next caller sees it, and awaited outside.
      return { worker: chosen, asked: chosen.ask(question, this.patience) }
    })
    this.#stopTimer()
    try {
      return { answer: await asked }
    } catch (error) {
      return { error, mayTryAgain: worker.died && worker.hasAnswered && !this.#closed }
    } finally {
      if (worker.idle && this.#warm?.worker === worker) this.#startTimer()
    }
  }

  /** Closes the worker of a run (or any worker) after its open questions are answered, before weights are deleted. */
  async release(run: RunId | 'any'): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#warm && (run === 'any' || this.#warm.run === run)) await this.#retire(this.#warm)
    })
  }

  /** Ends at once; open and later questions are rejected. */
  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#warm?.worker
    this.#stopTimer()
    this.#warm = null
    await worker?.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #worker(run: RunId, weights: string): Promise<AnsweringWorker> {
    const warm = this.#warm
    if (warm && !warm.worker.gone && warm.run === run && warm.weights === weights) return warm.worker
    if (warm) await this.#retire(warm)
    if (this.#closed) {
      throw new StudioError({
        code: 'CANCELLED',
        message: 'VASP Studio is closing.',
        next: 'Try again after the next start.',
      })
    }
    const worker = new AnsweringWorker(this.workers, { kind: 'serve', run }, `The loaded model of run ${run}`)
    this.#warm = { run, weights, worker }
    return worker
  }

  async #retire(warm: Warm): Promise<void> {
    // Another window may still be waiting for an answer about the other run.
    await warm.worker.drained()
    this.#stopTimer()
    if (this.#warm === warm) this.#warm = null
    await warm.worker.close()
  }

  #startTimer(): void {
    this.#stopTimer()
    this.#timer = setTimeout(() => {
      void this.#inTurn(async () => {
        if (this.#warm?.worker.idle) await this.#retire(this.#warm)
      })
    }, this.idle)
    // The timer does not keep the process alive.
    this.#timer.unref()
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}

import { StudioError } from '../../shared/errors'
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
  /** Workers are chosen one question after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(
    private readonly place: WorkPlace,
    private readonly idle = idleTime,
    private readonly patience = answerPatience,
  ) {}

  /**
   * Answers with the given weights of a run. A worker that had answered before and has died meanwhile (killed while idle, for example) is
   * replaced and asked again, once; a question that ends a fresh worker too is rejected.
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
      // Asked within the turn, so that the next turn sees an open question; answered outside of it.
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

  /** Closes the worker of a run whose weights are about to be deleted, or of whichever run it serves, once its open questions are answered. */
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
      throw new StudioError({ code: 'CANCELLED', message: 'VASP Studio is closing.', next: 'Ask again after a start.' })
    }
    const worker = new AnsweringWorker(this.place, { kind: 'serve', run }, `The loaded model of run ${run}`)
    this.#warm = { run, weights, worker }
    return worker
  }

  async #retire(warm: Warm): Promise<void> {
    // Another window may still wait for an answer about the other run.
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
    // A program that has nothing else to do need not wait for it.
    this.#timer.unref()
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}

import { StudioError, toErrorShape } from '../../shared/errors'
import type { JobProgress } from '../../shared/jobs'
import { workerEnded } from './ended'
import type { FromWorker, Question } from './protocol'
import type { WorkerTask } from './specification'
import type { WorkPlace } from './supervisor'
import type { WorkerProcess } from './worker-process'

interface Pending {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** A worker process that is asked questions until it is closed. Questions wait for one another inside the worker. */
export class AnsweringWorker {
  readonly #process: WorkerProcess
  readonly #pending = new Map<number, Pending>()
  readonly #answers = new Set<Promise<unknown>>()
  #next = 1
  #gone: StudioError | null = null
  readonly #exited: Promise<void>

  /** @param what names its work in the sentence that says why it stopped. */
  constructor(
    place: WorkPlace,
    task: WorkerTask,
    what: string,
    private readonly onProgress: (progress: JobProgress) => void = () => undefined,
  ) {
    this.#process = place.spawn()
    this.#process.onMessage((message) => this.#hear(message))
    this.#exited = new Promise((resolve) => {
      this.#process.onExit((exit) => {
        this.died = this.#gone === null
        this.#fail(new StudioError(workerEnded(what, exit)))
        resolve()
      })
    })
    this.#process.post({ type: 'start', library: place.library, task, job: null })
  }

  /** Whether its process ended by itself: not by `close`, and not for want of an answer. */
  died = false
  hasAnswered = false

  get gone(): boolean {
    return this.#gone !== null
  }

  get idle(): boolean {
    return this.#pending.size === 0
  }

  /** Rejects with a StudioError: the worker's own refusal, its end, or no answer within `patience` milliseconds (it is killed then). */
  ask(question: Question, patience: number): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone)
    const id = this.#next++
    const settled = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(
          new StudioError({
            code: 'WORKER_ENDED',
            message: `There was no answer within ${Math.round(patience / 1000)} seconds, so the worker process was ended.`,
            next: 'Try again when the machine is less busy, or use a smaller model.',
          }),
        )
        this.#process.kill()
      }, patience)
      this.#pending.set(id, { resolve, reject, timer })
    })
    this.#answers.add(settled)
    const forget = (): void => void this.#answers.delete(settled)
    settled.then(forget, forget)
    this.#process.post({ type: 'ask', id, question })
    return settled
  }

  /** Resolves when no question is open any more. */
  async drained(): Promise<void> {
    while (this.#answers.size > 0) await Promise.allSettled([...this.#answers])
  }

  /** Ends the process; questions that are still open are rejected. */
  async close(): Promise<void> {
    this.#fail(
      new StudioError({ code: 'CANCELLED', message: 'The question was withdrawn.', next: 'Ask again when you like.' }),
    )
    this.#process.kill()
    await this.#exited
  }

  #hear(message: FromWorker): void {
    if (message.type === 'failed') {
      this.#fail(new StudioError(message.error))
      this.#process.kill()
    }
    if (message.type === 'progress') this.onProgress(message.progress)
    if (message.type !== 'answered' && message.type !== 'refused') return
    const pending = this.#pending.get(message.id)
    if (!pending) return
    this.#pending.delete(message.id)
    clearTimeout(pending.timer)
    this.hasAnswered = true
    if (message.type === 'answered') pending.resolve(message.answer)
    else pending.reject(new StudioError(message.error))
  }

  #fail(error: StudioError): void {
    this.#gone ??= error
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer)
      reject(error)
    }
    this.#pending.clear()
  }
}

/**
 * Asks a fresh worker one question and closes it: for what should leave nothing behind in memory.
 * @param signal ends the worker and rejects, when nobody waits for the answer any more
 */
export async function askOnce(
  place: WorkPlace,
  task: WorkerTask,
  question: Question,
  patience: number,
  what: string,
  signal?: AbortSignal,
  onProgress?: (progress: JobProgress) => void,
): Promise<unknown> {
  signal?.throwIfAborted()
  let worker: AnsweringWorker
  try {
    worker = new AnsweringWorker(place, task, what, onProgress)
  } catch (error) {
    throw new StudioError(toErrorShape(error), { cause: error })
  }
  const withdraw = (): void => void worker.close()
  signal?.addEventListener('abort', withdraw)
  try {
    return await worker.ask(question, patience)
  } finally {
    signal?.removeEventListener('abort', withdraw)
    await worker.close()
  }
}

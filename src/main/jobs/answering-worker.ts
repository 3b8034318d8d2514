import { StudioError, toErrorShape } from '../../shared/errors'
import type { JobProgress } from '../../shared/jobs'
import { workerEnded } from './ended'
import type { FromWorker, Question } from './protocol'
import type { WorkerTask } from './specification'
import type { WorkerOptions } from './supervisor'
import type { WorkerProcess } from './worker-process'

interface Pending {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** A worker process that answers questions until it is closed, one after the other. */
export class AnsweringWorker {
  readonly #process: WorkerProcess
  readonly #pending = new Map<number, Pending>()
  readonly #answers = new Set<Promise<unknown>>()
  #next = 1
  #gone: StudioError | null = null
  readonly #exited: Promise<void>

  /** @param what names its work in error messages */
  constructor(
    workers: WorkerOptions,
    task: WorkerTask,
    what: string,
    private readonly onProgress: (progress: JobProgress) => void = () => undefined,
  ) {
    this.#process = workers.spawn()
    this.#process.onMessage((message) => this.#onMessage(message))
    this.#exited = new Promise((resolve) => {
      this.#process.onExit((exit) => {
        this.died = this.#gone === null
        this.#fail(new StudioError(workerEnded(what, exit)))
        resolve()
      })
    })
    this.#process.post({ type: 'start', library: workers.library, task, job: null })
  }

  /** Whether its process ended by itself, and not by `close` or a timeout. */
  died = false
  hasAnswered = false

  get gone(): boolean {
    return this.#gone !== null
  }

  get idle(): boolean {
    return this.#pending.size === 0
  }

  /** Rejects with a StudioError if the worker refuses, ends, or does not answer within `patience` milliseconds (then it is killed). */
  ask(question: Question, patience: number): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone)
    const id = this.#next++
    const answered = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(
          new StudioError({
            code: 'WORKER_ENDED',
            message: `The worker process did not answer within ${Math.round(patience / 1000)} seconds and was stopped.`,
            next: 'Try again when the machine is less busy, or use a smaller model.',
          }),
        )
        this.#process.kill()
      }, patience)
      this.#pending.set(id, { resolve, reject, timer })
    })
    this.#answers.add(answered)
    const forget = (): void => void this.#answers.delete(answered)
    answered.then(forget, forget)
    this.#process.post({ type: 'ask', id, question })
    return answered
  }

  /** Resolves when no question is open. */
  async drained(): Promise<void> {
    while (this.#answers.size > 0) await Promise.allSettled([...this.#answers])
  }

  /** Ends the process and rejects open questions. */
  async close(): Promise<void> {
    this.#fail(new StudioError({ code: 'CANCELLED', message: 'The request was cancelled.', next: 'Try again.' }))
    this.#process.kill()
    await this.#exited
  }

  #onMessage(message: FromWorker): void {
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

/** Asks a new worker one question and closes it, so that nothing stays in memory. @param signal ends the worker and rejects */
export async function askOnce(
  workers: WorkerOptions,
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
    worker = new AnsweringWorker(workers, task, what, onProgress)
  } catch (error) {
    throw new StudioError(toErrorShape(error), { cause: error })
  }
  const abort = (): void => void worker.close()
  signal?.addEventListener('abort', abort)
  try {
    return await worker.ask(question, patience)
  } finally {
    signal?.removeEventListener('abort', abort)
    await worker.close()
  }
}

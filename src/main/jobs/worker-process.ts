import type { FromWorker, ToWorker } from './protocol'

/** How a worker process ended; `lastOutput` is the end of its standard output and error. */
export interface WorkerExit {
  readonly code: number | null
  readonly signal: string | null
  readonly lastOutput: string
}

/** A running worker, however its host starts processes (fork under Node, a utility process under Electron). */
export interface WorkerProcess {
  readonly pid: number | undefined
  post(message: ToWorker): void
  onMessage(listener: (message: FromWorker) => void): void
  /** Called once, after the last message. */
  onExit(listener: (exit: WorkerExit) => void): void
  /** Kills it immediately. */
  kill(): void
}

/** The treatment of large freed blocks of memory in a worker: it keeps them for later ones, or returns them to the system at once. */
export type FreedMemory = 'kept' | 'returned'

export type WorkerSpawner = (freed?: FreedMemory) => WorkerProcess

const keptCharacters = 4096

/** Keeps the end of a process's output, for the message about why it ended. */
export class LastOutput {
  #text = ''

  readonly append = (chunk: Buffer | string): void => {
    this.#text = (this.#text + String(chunk)).slice(-keptCharacters)
  }

  get text(): string {
    return this.#text
  }
}

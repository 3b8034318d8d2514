import { Worker } from 'node:worker_threads'
import type { Written } from '../compute/whole-file'

export type WriteRequest =
  | { readonly type: 'begin'; readonly file: string }
  | { readonly type: 'chunk'; readonly chunk: Uint8Array }
  | { readonly type: 'end' }

export type WriteAnswer =
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'written'; readonly written: Written }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }

/** Bytes that may wait in memory for the disk. A larger file is taken as fast as it is written. */
const MOST_WAITING = 256 * 2 ** 20

/** A file that the thread is writing. */
class Writing {
  ended = false
  /** Bytes that were sent and are not written. */
  waiting = 0
  /** Called when less is waiting, and at the end. */
  wake = (): void => undefined
  readonly written: Promise<Written>
  #outcome: { resolve(written: Written): void; reject(error: Error): void } | null = null

  constructor() {
    this.written = new Promise((resolve, reject) => (this.#outcome = { resolve, reject }))
    // Whoever awaits it gets the failure, too.
    this.written.catch(() => undefined)
  }

  end(result: Written | Error): void {
    this.ended = true
    if (result instanceof Error) this.#outcome?.reject(result)
    else this.#outcome?.resolve(result)
    this.wake()
  }

  /** Resolves when another chunk may be sent. */
  async room(): Promise<void> {
    while (this.waiting > MOST_WAITING && !this.ended) await new Promise<void>((resolve) => (this.wake = resolve))
  }
}

/** The memory of a chunk that has one to itself. It is handed over: a copy would stay in memory beside it until garbage is collected. */
const ownMemory = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []

/** Writes files in a thread of its own, so that hashing and the disk do not delay training steps. */
export class FilesBeside {
  readonly #thread: Worker
  #writing: Writing | null = null
  #failure: Error | null = null

  /** @param entry the built entry of the thread, writes.js */
  constructor(entry: string) {
    this.#thread = new Worker(entry)
    // The thread does not keep the process alive: whoever waits for a file does.
    this.#thread.unref()
    this.#thread.on('message', (answer: WriteAnswer) => this.#onAnswer(answer))
    this.#thread.on('error', (error: Error) => {
      this.#failure = error
      this.#end(error)
    })
  }

  /**
   * Takes a file chunk by chunk, each of which is no longer usable then. One file at a time.
   *
   * @returns when all chunks are taken, so that what they were copied from may change; `written` resolves when the file is complete on the disk, and
   * rejects with the file system's error
   */
  async write(file: string, chunks: AsyncIterable<Uint8Array>): Promise<{ written: Promise<Written> }> {
    if (this.#failure) throw this.#failure
    if (this.#writing) throw new Error('a file is being written')
    const writing = new Writing()
    this.#writing = writing
    this.#post({ type: 'begin', file })
    for await (const chunk of chunks) {
      if (writing.ended) break
      writing.waiting += chunk.byteLength
      this.#post({ type: 'chunk', chunk }, ownMemory(chunk))
      await writing.room()
    }
    this.#post({ type: 'end' })
    return writing
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }

  #post(request: WriteRequest, handedOver: readonly ArrayBuffer[] = []): void {
    this.#thread.postMessage(request, handedOver)
  }

  #onAnswer(answer: WriteAnswer): void {
    switch (answer.type) {
      case 'taken':
        if (this.#writing) {
          this.#writing.waiting -= answer.bytes
          this.#writing.wake()
        }
        return
      case 'written':
        this.#end(answer.written)
        return
      case 'failed':
        this.#end(Object.assign(new Error(answer.message), answer.code === null ? {} : { code: answer.code }))
    }
  }

  #end(result: Written | Error): void {
    const writing = this.#writing
    this.#writing = null
    writing?.end(result)
  }
}

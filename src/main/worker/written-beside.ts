import { Worker } from 'node:worker_threads'
import type { Written } from '../compute/whole-file'

export type WriteRequest =
  | { readonly type: 'begin'; readonly file: string }
  | { readonly type: 'part'; readonly part: Uint8Array }
  | { readonly type: 'end' }

export type WriteAnswer =
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'written'; readonly written: Written }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }

/** Bytes that may wait in memory for the disk. A larger file is taken as fast as it is written. */
const MOST_WAITING = 256 * 2 ** 20

interface Writing {
  resolve(written: Written): void
  reject(error: unknown): void
  /** Resolves when less is waiting. */
  wake: () => void
}

/** Writes files in a thread of its own, so that hashing and the disk do not delay training steps. */
export class FilesBeside {
  readonly #thread: Worker
  #writing: Writing | null = null
  #waiting = 0
  #failure: Error | null = null

  /** @param entry the built entry of the thread, writes.js */
  constructor(entry: string) {
    this.#thread = new Worker(entry)
    // The thread does not keep the process alive: whoever waits for a file does.
    this.#thread.unref()
    this.#thread.on('message', (answer: WriteAnswer) => this.#onAnswer(answer))
    this.#thread.on('error', (error: Error) => {
      this.#failure = error
      this.#end((writing) => writing.reject(error))
    })
  }

  /**
   * Takes a file part by part. One file at a time.
   *
   * @returns when all parts are taken, so that what they were copied from may change; `written` resolves when the file is complete on the disk, and
   * rejects with the file system's error
   */
  async write(file: string, parts: AsyncIterable<Uint8Array>): Promise<{ written: Promise<Written> }> {
    if (this.#failure) throw this.#failure
    if (this.#writing) throw new Error('a file is being written')
    const written = new Promise<Written>((resolve, reject) => {
      this.#writing = { resolve, reject, wake: () => undefined }
    })
    // Whoever awaits it gets the failure, too.
    written.catch(() => undefined)
    this.#waiting = 0
    this.#post({ type: 'begin', file })
    for await (const part of parts) {
      if (!this.#writing) break
      this.#waiting += part.byteLength
      this.#post({ type: 'part', part })
      await this.#room()
    }
    if (this.#writing) this.#post({ type: 'end' })
    return { written }
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }

  #post(request: WriteRequest): void {
    this.#thread.postMessage(request)
  }

  async #room(): Promise<void> {
    while (this.#waiting > MOST_WAITING && this.#writing) {
      const writing = this.#writing
      await new Promise<void>((resolve) => (writing.wake = resolve))
    }
  }

  #onAnswer(answer: WriteAnswer): void {
    switch (answer.type) {
      case 'taken':
        this.#waiting -= answer.bytes
        this.#writing?.wake()
        return
      case 'written':
        this.#end((writing) => writing.resolve(answer.written))
        return
      case 'failed':
        this.#end((writing) =>
          writing.reject(Object.assign(new Error(answer.message), answer.code === null ? {} : { code: answer.code })),
        )
    }
  }

  #end(settle: (writing: Writing) => void): void {
    const writing = this.#writing
    if (!writing) return
    this.#writing = null
    settle(writing)
    writing.wake()
  }
}

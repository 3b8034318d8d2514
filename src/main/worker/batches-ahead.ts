import { Worker } from 'node:worker_threads'
import type { TrainingBatch } from '../models/model'
import type { Csr } from '../numeric/csr'
import type { EpochPlan } from '../training/batches'
import type { BatchSource, Sweep } from '../training/sweep'

export interface BatchThreadData {
  readonly train: Csr
  readonly plan: EpochPlan
  /** Settings of the run. */
  readonly seed: number
}

/** Requests the next batch, or the first of the given sweep. */
export interface BatchQuestion {
  readonly sweep: Sweep | null
}

export interface BatchAnswer {
  /** null after the last of its sweep. */
  readonly batch: TrainingBatch | null
}

interface Waiting {
  resolve(batch: TrainingBatch | null): void
  reject(error: unknown): void
}

/** Number of batches that are prepared while a step computes. One is enough, because preparing it takes much less time than a step. */
const AHEAD = 1

/**
 * Creates batches in a separate thread, the next one while a step computes, because a step blocks the calling thread. The batches are the same as
 * those of `batchesOnDemand`.
 */
export class BatchesAhead implements BatchSource {
  readonly #thread: Worker
  /** Replies come in the order of the requests. */
  readonly #waiting: Waiting[] = []
  #failure: Error | null = null

  /** @param file the built entry of the thread, batches.js */
  constructor(file: string, { train, plan, seed }: BatchThreadData) {
    const workerData: BatchThreadData = { train: inSharedMemory(train), plan, seed }
    this.#thread = new Worker(file, { workerData })
    this.#thread.on('message', ({ batch }: BatchAnswer) => this.#waiting.shift()?.resolve(batch))
    this.#thread.on('error', (error: Error) => {
      this.#failure = error
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
    })
  }

  async *batches(sweep: Sweep): AsyncGenerator<TrainingBatch> {
    const asked = [this.#ask(sweep)]
    for (;;) {
      while (asked.length <= AHEAD) asked.push(this.#ask(null))
      const batch = await asked.shift()
      if (!batch) break
      yield batch
    }
    // Requests beyond the end are answered before another sweep starts.
    await Promise.all(asked)
  }

  #ask(sweep: Sweep | null): Promise<TrainingBatch | null> {
    const answer = new Promise<TrainingBatch | null>((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure)
        return
      }
      this.#waiting.push({ resolve, reject })
      this.#thread.postMessage({ sweep } satisfies BatchQuestion)
    })
    // The first awaited reply reports a failure; the others repeat it.
    answer.catch(() => undefined)
    return answer
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }
}

/** A copy in shared memory. */
function inSharedMemory({ rows, columns, offsets, indices }: Csr): Csr {
  const shared = (values: Int32Array): Int32Array => {
    const copy = new Int32Array(new SharedArrayBuffer(values.byteLength))
    copy.set(values)
    return copy
  }
  return { rows, columns, offsets: shared(offsets), indices: shared(indices) }
}

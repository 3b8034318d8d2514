import { Worker } from 'node:worker_threads'
import type { TrainingBatch } from '../models/model'
import type { Csr } from '../numeric/csr'
import type { EpochPlan } from '../training/batches'
import type { BatchSource, Sweep } from '../training/sweep'

export interface BatchThreadData {
  readonly train: Csr
  readonly plan: EpochPlan
  /** The run's. */
  readonly seed: number
}

/** Asks for the next batch; for the first of a sweep where one is named. */
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

/** Batches that lie ready or are being made while a step computes. One suffices: making it takes a small part of a step. */
const AHEAD = 1

/**
 * Makes batches in a thread of its own, the next one while a step computes: a step holds the calling thread in TensorFlow until it is done.
 * The batches are those of `batchesOnDemand`.
 */
export class BatchesAhead implements BatchSource {
  readonly #thread: Worker
  /** Answers come in the order of the questions. */
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
    // What was asked beyond the end is answered before another sweep begins.
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
    // A failure is told by the first of the answers that is awaited; the others have nothing to add.
    answer.catch(() => undefined)
    return answer
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }
}

/** A copy that both threads read. */
function inSharedMemory({ rows, columns, offsets, indices }: Csr): Csr {
  const shared = (values: Int32Array): Int32Array => {
    const copy = new Int32Array(new SharedArrayBuffer(values.byteLength))
    copy.set(values)
    return copy
  }
  return { rows, columns, offsets: shared(offsets), indices: shared(indices) }
}

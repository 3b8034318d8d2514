import { parentPort, workerData } from 'node:worker_threads'
import type { TrainingBatch } from '../models/model'
import { sweepBatches, trainingRandom } from '../training/sweep'
import type { BatchAnswer, BatchQuestion, BatchThreadData } from './batches-ahead'

/** Entry of the thread that creates the training batches: one per request, from the last requested sweep. */
const { train, plan, seed } = workerData as BatchThreadData
const random = trainingRandom(seed)
const port = parentPort
if (!port) throw new Error('This file is run as a thread.')

let sweep: Iterator<TrainingBatch> | null = null

port.on('message', ({ sweep: asked }: BatchQuestion) => {
  if (asked) sweep = sweepBatches(train, plan, random, asked)[Symbol.iterator]()
  const next = sweep?.next()
  const batch = next?.done === false ? next.value : null
  port.postMessage({ batch } satisfies BatchAnswer, batch ? buffersOf(batch) : [])
})

/** Transferred, not copied. Input and target may be the same rows. */
function buffersOf({ input, target }: TrainingBatch): ArrayBuffer[] {
  const buffers = [input, target].flatMap(({ offsets, indices }) => [offsets.buffer, indices.buffer])
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer)
}

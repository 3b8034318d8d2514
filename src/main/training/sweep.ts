import type { TrainingBatch } from '../models/model'
import type { Csr } from '../numeric/csr'
import { seededRandom, type Random } from '../numeric/random'
import { epochBatches, type EpochPlan } from './batches'

/** The random stream that orders users and splits histories. Models use other streams for weights and noise. */
export const trainingRandom = (seed: number): Random => seededRandom(seed).fork('training')

/** One pass over the training users; its epoch and number select its random stream. */
export interface Sweep {
  /** From 1. */
  readonly epoch: number
  /** Within its epoch, from 0. */
  readonly sweep: number
}

/** The source of training batches. */
export interface BatchSource {
  /** The batches of a sweep, in order. */
  batches(sweep: Sweep): Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>
}

/**
 * The batches of a sweep; the same in every thread.
 *
 * @param random the training's stream, `trainingRandom`
 */
export const sweepBatches = (
  train: Csr,
  plan: EpochPlan,
  random: Random,
  { epoch, sweep }: Sweep,
): Iterable<TrainingBatch> =>
  epochBatches(train, plan, random.fork(sweep === 0 ? `epoch ${epoch}` : `epoch ${epoch} sweep ${sweep + 1}`))

/** Creates each batch on demand. */
export const batchesOnDemand = (train: Csr, plan: EpochPlan, random: Random): BatchSource => ({
  batches: (sweep) => sweepBatches(train, plan, random, sweep),
})

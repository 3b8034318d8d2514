import type { TrainingBatch } from '../models/model'
import type { Csr } from '../numeric/csr'
import { seededRandom, type Random } from '../numeric/random'
import { epochBatches, type EpochPlan } from './batches'

/** The stream of a run's training: it orders users and cuts histories. Models draw weights and noise from streams of their own. */
export const trainingRandom = (seed: number): Random => seededRandom(seed).fork('training')

/** One pass over the training users: its place in the training, from which it draws its own order and cuts. */
export interface Sweep {
  /** From 1. */
  readonly epoch: number
  /** Within its epoch, from 0. */
  readonly sweep: number
}

/** Where training steps get their rows from. */
export interface BatchSource {
  /** The steps of a sweep, in order. */
  batches(sweep: Sweep): Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>
}

/**
 * The batches of a sweep, the same wherever they are made.
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

/** Makes each batch when it is asked for. */
export const batchesOnDemand = (train: Csr, plan: EpochPlan, random: Random): BatchSource => ({
  batches: (sweep) => sweepBatches(train, plan, random, sweep),
})

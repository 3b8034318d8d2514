import * as tf from '@tensorflow/tfjs-core'
import type { JobProgress } from '../../shared/jobs'
import type { Metrics } from '../../shared/metrics'
import type { EpochPoint } from '../../shared/runs'
import type { LossTerms, StepNumbers, StepState, TrainableModel, TrainingBatch } from '../models/model'
import type { LoopSettings } from '../models/settings/keys'
import type { Stage } from '../models/settings/stages'
import { csrFromRows, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { seededRandom } from '../numeric/random'
import type { TrainingSetup } from './setup'
import { batchesOnDemand } from './sweep'

const loop: LoopSettings = {
  stages: [
    { learningRate: 1e-2, epochs: 4 },
    { learningRate: 1e-3, epochs: 3 },
  ],
  batchRows: 4,
  accumulate: 1,
  augment: true,
  patience: 0,
  continueFrom: 'best',
  optimiser: 'adam',
}
export const histories: Csr = csrFromRows(
  Array.from({ length: 10 }, (_, user) => [user, (user + 1) % 10, (user + 2) % 10, (user + 3) % 10]),
  10,
)

/** A model whose only weight counts its steps. */
export class Counting implements TrainableModel {
  readonly training = 'gradient'
  readonly items = 10
  readonly linear = null
  readonly members = []
  readonly weight = tf.variable(tf.scalar(0), true)
  readonly parameters = new Map()
  readonly stages: { stage: Stage; startsFrom: number }[] = []
  readonly shown: TrainingBatch[] = []

  beginStage(stage: Stage): void {
    this.stages.push({ stage, startsFrom: this.steps })
  }

  get steps(): number {
    return this.weight.dataSync()[0] ?? Number.NaN
  }

  set steps(value: number) {
    tf.tidy(() => this.weight.assign(tf.scalar(value)))
  }

  trainStep(batch: TrainingBatch): Promise<LossTerms> {
    this.steps++
    this.shown.push(batch)
    return Promise.resolve({ total: this.lossOf(batch), kl: 0.5 })
  }

  lossOf(batch: TrainingBatch): number {
    return batch.input.rows
  }

  state(): StepState {
    const numbers = { steps: this.shown.length, epoch: 1, sweep: 0, noise: [], optimisers: [] }
    return { tensors: this.parameters, numbers }
  }

  goOnFrom(_numbers: StepNumbers): void {
    throw new Error('this training is not interrupted')
  }

  score(rows: Csr): tf.Tensor2D {
    return tf.zeros([rows.rows, this.items])
  }

  memberLogits(): [] {
    return []
  }

  dispose(): void {
    this.weight.dispose()
  }
}

export const metricsOf = (ndcg: number): Metrics => {
  const metric = (mean: number) => ({ mean, se: 0, users: 5 })
  return { 'ndcg@100': metric(ndcg), 'recall@20': metric(0), 'recall@50': metric(0) }
}

export interface Trial {
  readonly setup: TrainingSetup
  readonly context: JobContext
  readonly reported: EpochPoint[]
  readonly progress: Omit<JobProgress, 'secondsLeft'>[]
  readonly saved: { epoch: number; steps: number }[]
  readonly abort: AbortController
}

/** Trains `model` with the given validation NDCG per epoch; its checkpoint is the weight in memory. */
export function trial(model: Counting, ndcgs: readonly number[], changes: Partial<LoopSettings> = {}): Trial {
  const settings = { ...loop, ...changes }
  const saved: { epoch: number; steps: number }[] = []
  const reported: EpochPoint[] = []
  const progress: Omit<JobProgress, 'secondsLeft'>[] = []
  const abort = new AbortController()
  return {
    reported,
    progress,
    saved,
    abort,
    context: { signal: abort.signal, progress: (p) => progress.push(p) },
    setup: {
      model,
      train: histories,
      steps: { settings, batches: batchesOnDemand(histories, settings, seededRandom(1)) },
      validate: () => Promise.resolve(metricsOf(ndcgs[reported.length] ?? 0)),
      checkpoint: {
        save: (epoch) => {
          saved.push({ epoch, steps: model.steps })
          return Promise.resolve()
        },
        restoreBest: () => {
          model.steps = saved.at(-1)?.steps ?? Number.NaN
          return Promise.resolve()
        },
      },
      onEpoch: (point) => void reported.push(point),
    },
  }
}

/** 10 users, 2 a half step. */
export const stepsAnEpoch = 5

import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import type { JobProgress } from '../../shared/jobs'
import type { Metrics } from '../../shared/metrics'
import type { ModelConfig } from '../../shared/models'
import type { EpochPoint } from '../../shared/runs'
import type { ClosedFormModel, LossParts, Stage, TrainableModel, TrainingBatch } from '../models/model'
import { csrFromRows, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { seededRandom } from '../numeric/random'
import type { TrainingSetup } from './setup'
import { train } from './train'

const config: ModelConfig = { stages: '1e-2x4,1e-3x3', batchRows: 4, augment: true, patience: 0, continueFrom: 'best' }
const histories: Csr = csrFromRows(
  Array.from({ length: 10 }, (_, user) => [user, (user + 1) % 10, (user + 2) % 10, (user + 3) % 10]),
  10,
)

/** A model of one weight that counts its steps, so that the weights tell how many steps led to them. */
class Counting implements TrainableModel {
  readonly training = 'gradient'
  readonly items = 10
  readonly linear = null
  readonly paths = []
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

  trainStep(batch: TrainingBatch): Promise<LossParts> {
    this.steps++
    this.shown.push(batch)
    return Promise.resolve({ total: this.lossOf(batch), kl: 0.5 })
  }

  lossOf(batch: TrainingBatch): number {
    return batch.input.rows
  }

  score(rows: Csr): tf.Tensor2D {
    return tf.zeros([rows.rows, this.items])
  }

  parts(): [] {
    return []
  }

  dispose(): void {
    this.weight.dispose()
  }
}

const metricsOf = (ndcg: number): Metrics => {
  const metric = (mean: number) => ({ mean, se: 0, users: 5 })
  return { 'ndcg@100': metric(ndcg), 'recall@20': metric(0), 'recall@50': metric(0) }
}

interface Trial {
  readonly setup: TrainingSetup
  readonly context: JobContext
  readonly reported: EpochPoint[]
  readonly progress: Omit<JobProgress, 'secondsLeft'>[]
  readonly saved: { epoch: number; steps: number }[]
  readonly abort: AbortController
}

/** Trains `model` with the given validation NDCG per epoch; its checkpoint is the weight in memory. */
function trial(model: Counting, ndcgs: readonly number[], changes: ModelConfig = {}): Trial {
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
      config: { ...config, ...changes },
      train: histories,
      random: seededRandom(1),
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
      onEpoch: (point) => reported.push(point),
    },
  }
}

/** 10 users, 2 a half step. */
const stepsAnEpoch = 5

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('training by steps', () => {
  it('keeps the best epoch by validation NDCG@100 and ends with its weights', async () => {
    const model = new Counting()
    const { setup, context, saved, reported } = trial(model, [0.1, 0.3, 0.2, 0.3, 0.25, 0.1, 0.2])
    const result = await train(setup, context)
    expect(result.bestEpoch).toBe(2)
    expect(saved.map((s) => s.epoch)).toEqual([1, 2])
    expect(model.steps).toBe(2 * stepsAnEpoch)
    expect(result.epochs).toEqual(reported)
    expect(reported.map((point) => point.epoch)).toEqual([1, 2, 3, 4, 5, 6, 7])
    model.dispose()
  })

  it('begins each stage afresh from the best weights so far', async () => {
    const model = new Counting()
    const { setup, context, reported } = trial(model, [0.1, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1])
    await train(setup, context)
    expect(model.stages).toEqual([
      { stage: { learningRate: 1e-2, epochs: 4 }, startsFrom: 0 },
      { stage: { learningRate: 1e-3, epochs: 3 }, startsFrom: 2 * stepsAnEpoch },
    ])
    expect(reported.map((point) => point.label)).toEqual([
      ...Array<string>(4).fill('lr 1e-2'),
      ...Array<string>(3).fill('lr 1e-3'),
    ])
    model.dispose()
  })

  it('or from the last weights, as the authors do', async () => {
    const model = new Counting()
    const { setup, context } = trial(model, [0.1, 0.3, 0.2, 0.1], { continueFrom: 'last' })
    await train(setup, context)
    expect(model.stages.map((s) => s.startsFrom)).toEqual([0, 4 * stepsAnEpoch])
    model.dispose()
  })

  it('ends a stage after `patience` epochs without a new best, and goes on with the next stage', async () => {
    const model = new Counting()
    const { setup, context, reported, progress } = trial(model, [0.3, 0.2, 0.1, 0.4, 0.1, 0.2], { patience: 2 })
    const { bestEpoch } = await train(setup, context)
    expect(reported.map((point) => point.label)).toEqual([
      'lr 1e-2',
      'lr 1e-2',
      'lr 1e-2',
      'lr 1e-3',
      'lr 1e-3',
      'lr 1e-3',
    ])
    expect(bestEpoch).toBe(4)
    const done = progress.map((p) => p.done)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(progress.at(-1)).toMatchObject({ done: 7 * stepsAnEpoch, total: 7 * stepsAnEpoch, unit: 'steps' })
    model.dispose()
  })

  it('averages each loss part over the rows of the epoch, not over its steps', async () => {
    const model = new Counting()
    const { setup, context, reported } = trial(model, [0.1], { stages: '1e-2x1', augment: false, batchRows: 4 })
    await train(setup, context)
    // Steps of 3, 3 and 4 rows, each with its number of rows as loss.
    expect(reported[0]?.loss).toEqual({ total: (3 * 3 + 3 * 3 + 4 * 4) / 10, kl: 0.5 })
    model.dispose()
  })

  it('shows the users once in every sweep of an epoch, telling the model which one begins', async () => {
    const model = new Counting()
    const begun: [epoch: number, sweep: number, steps: number][] = []
    const inSweeps = Object.assign(model, {
      sweeps: 3,
      beginSweep: (epoch: number, sweep: number) => begun.push([epoch, sweep, model.steps]),
    })
    const { setup, context, reported, progress } = trial(inSweeps, [0.1, 0.2], { stages: '1e-2x1,1e-3x1' })
    await train(setup, context)
    expect(begun).toEqual([
      [1, 0, 0],
      [1, 1, stepsAnEpoch],
      [1, 2, 2 * stepsAnEpoch],
      [2, 0, 3 * stepsAnEpoch],
      [2, 1, 4 * stepsAnEpoch],
      [2, 2, 5 * stepsAnEpoch],
    ])
    expect(reported).toHaveLength(2)
    expect(progress.at(-1)).toMatchObject({ done: 6 * stepsAnEpoch, total: 6 * stepsAnEpoch })
    expect(model.shown.slice(0, stepsAnEpoch)).not.toEqual(model.shown.slice(stepsAnEpoch, 2 * stepsAnEpoch))
    model.dispose()
  })

  it('shows the same batches for the same seed', async () => {
    const [one, other] = [new Counting(), new Counting()]
    for (const model of [one, other]) {
      const { setup, context } = trial(model, [])
      await train(setup, context)
    }
    expect(one.shown).toEqual(other.shown)
    expect(one.shown.slice(0, stepsAnEpoch)).not.toEqual(one.shown.slice(stepsAnEpoch, 2 * stepsAnEpoch))
    one.dispose()
    other.dispose()
  })

  it('lets messages in between steps and stops at the step after a cancel', async () => {
    const model = new Counting()
    const { setup, context, abort } = trial(model, [])
    // The cancel comes from the event loop, as a message does, while the third step runs.
    model.lossOf = () => {
      if (model.steps === 3) setImmediate(() => abort.abort())
      return 1
    }
    await expect(train(setup, context)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(model.steps).toBe(3)
    model.dispose()
  })

  it('says so when the loss stops being a number, and keeps the best epoch in the checkpoint', async () => {
    const model = new Counting()
    const { setup, context, saved } = trial(model, [0.2])
    model.lossOf = () => (model.steps > 7 ? Number.NaN : 1)
    const failure: unknown = await train(setup, context).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StudioError)
    expect(failure).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('epoch 2') })
    expect(saved).toEqual([{ epoch: 1, steps: stepsAnEpoch }])
    model.dispose()
  })

  it.each(['', 'fast', '1e-3', '1e-3x0', '0x5', '1e-3x5,', '-1x3'])('refuses “%s” as stages', async (stages) => {
    const model = new Counting()
    const { setup, context } = trial(model, [], { stages })
    await expect(train(setup, context)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(model.steps).toBe(0)
    model.dispose()
  })

  it('leaves as many tensors alive as it found', async () => {
    const model = new Counting()
    const { setup, context } = trial(model, [0.1, 0.2])
    const before = tf.memory().numTensors
    await train(setup, context)
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })
})

describe('solving', () => {
  it('fits each candidate, lets validation choose, and ends with the best one', async () => {
    const solved: number[] = []
    const weight = tf.variable(tf.scalar(-1))
    const model: ClosedFormModel = {
      training: 'closed-form',
      items: 10,
      linear: null,
      paths: [],
      parameters: new Map(),
      candidates: [{ label: 'λ = 10' }, { label: 'λ = 100' }, { label: 'λ = 1000' }],
      fit(candidate, train, progress) {
        expect(train).toBe(histories)
        solved.push(candidate)
        progress(1, 1)
        tf.tidy(() => weight.assign(tf.scalar(candidate)))
        return Promise.resolve()
      },
      score: (rows) => tf.zeros([rows.rows, 10]),
      parts: () => [],
      dispose: () => weight.dispose(),
    }
    const base = trial(new Counting(), [0.2, 0.4, 0.3])
    let stored = -1
    const result = await train(
      {
        ...base.setup,
        model,
        checkpoint: {
          save: () => {
            stored = weight.dataSync()[0] ?? -1
            return Promise.resolve()
          },
          restoreBest: () => {
            tf.tidy(() => weight.assign(tf.scalar(stored)))
            return Promise.resolve()
          },
        },
      },
      base.context,
    )
    expect(solved).toEqual([0, 1, 2])
    expect(result.bestEpoch).toBe(2)
    expect(result.epochs.map((point) => point.label)).toEqual(['λ = 10', 'λ = 100', 'λ = 1000'])
    expect(weight.dataSync()[0]).toBe(1)
    expect(base.progress.at(-1)).toMatchObject({ done: 3, total: 3 })
    model.dispose()
  })

  it('can be cancelled from within a solution', async () => {
    const base = trial(new Counting(), [])
    const model: ClosedFormModel = {
      training: 'closed-form',
      items: 10,
      linear: null,
      paths: [],
      parameters: new Map(),
      candidates: [{ label: 'λ = 10' }],
      fit(_candidate, _train, progress) {
        base.abort.abort()
        progress(1, 2)
        return Promise.reject(new Error('went on after a cancel'))
      },
      score: (rows) => tf.zeros([rows.rows, 10]),
      parts: () => [],
      dispose: () => undefined,
    }
    await expect(train({ ...base.setup, model }, base.context)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

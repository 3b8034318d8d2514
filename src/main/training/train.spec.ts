import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import { Counting, stepsAnEpoch, trial } from './counting-trial.fixture'
import { train } from './train'

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

  it('averages each loss term over the rows of the epoch, not over its steps', async () => {
    const model = new Counting()
    const { setup, context, reported } = trial(model, [0.1], {
      stages: [{ learningRate: 1e-2, epochs: 1 }],
      augment: false,
      batchRows: 4,
    })
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
    const { setup, context, reported, progress } = trial(inSweeps, [0.1, 0.2], {
      stages: [
        { learningRate: 1e-2, epochs: 1 },
        { learningRate: 1e-3, epochs: 1 },
      ],
    })
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

  it('ends with the best epoch so far when it is stopped, without the epoch that had begun', async () => {
    const model = new Counting()
    const stop = new AbortController()
    const { setup, context, saved } = trial(model, [0.1, 0.3, 0.2, 0.4])
    const result = await train(
      {
        ...setup,
        stop: stop.signal,
        async onEpoch(point) {
          await setup.onEpoch(point)
          if (point.epoch === 3) stop.abort()
        },
      },
      context,
    )
    expect(result).toMatchObject({ stoppedEarly: true, bestEpoch: 2 })
    expect(result.epochs).toHaveLength(3)
    expect(saved.map((s) => s.epoch)).toEqual([1, 2])
    expect(model.steps).toBe(2 * stepsAnEpoch)
    model.dispose()
  })

  it('is not stopped before an epoch could be kept, and not counted as stopped where it was not', async () => {
    const model = new Counting()
    const { setup, context } = trial(model, [0.1, 0.3, 0.2, 0.4, 0.1, 0.1, 0.1])
    expect(await train({ ...setup, stop: AbortSignal.abort() }, context)).toMatchObject({
      stoppedEarly: true,
      bestEpoch: 1,
    })
    expect((await train(trial(new Counting(), [0.1, 0.2]).setup, context)).stoppedEarly).toBe(false)
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

  it('leaves as many tensors alive as it found', async () => {
    const model = new Counting()
    const { setup, context } = trial(model, [0.1, 0.2])
    const before = tf.memory().numTensors
    await train(setup, context)
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })
})

import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ClosedFormModel } from '../models/model'
import { Counting, histories, trial } from './counting-trial.fixture'
import { train } from './train'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('solving', () => {
  it('fits each candidate, lets validation choose, and ends with the best one', async () => {
    const solved: number[] = []
    const weight = tf.variable(tf.scalar(-1))
    const model: ClosedFormModel = {
      training: 'closed-form',
      items: 10,
      linear: null,
      members: [],
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
      memberLogits: () => [],
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

  it('tries no further candidate when it is stopped', async () => {
    const base = trial(new Counting(), [0.2, 0.4, 0.3])
    const stop = new AbortController()
    const solved: number[] = []
    const model: ClosedFormModel = {
      training: 'closed-form',
      items: 10,
      linear: null,
      members: [],
      parameters: new Map(),
      candidates: [{ label: 'λ = 10' }, { label: 'λ = 100' }, { label: 'λ = 1000' }],
      fit(candidate) {
        solved.push(candidate)
        if (candidate === 1) stop.abort()
        return Promise.resolve()
      },
      score: (rows) => tf.zeros([rows.rows, 10]),
      memberLogits: () => [],
      dispose: () => undefined,
    }
    const checkpoint = { save: () => Promise.resolve(), restoreBest: () => Promise.resolve() }
    const result = await train({ ...base.setup, model, checkpoint, stop: stop.signal }, base.context)
    expect(solved).toEqual([0, 1])
    expect(result).toMatchObject({ stoppedEarly: true, bestEpoch: 2 })
  })

  it('can be cancelled from within a solution', async () => {
    const base = trial(new Counting(), [])
    const model: ClosedFormModel = {
      training: 'closed-form',
      items: 10,
      linear: null,
      members: [],
      parameters: new Map(),
      candidates: [{ label: 'λ = 10' }],
      fit(_candidate, _train, progress) {
        base.abort.abort()
        progress(1, 2)
        return Promise.reject(new Error('went on after a cancel'))
      },
      score: (rows) => tf.zeros([rows.rows, 10]),
      memberLogits: () => [],
      dispose: () => undefined,
    }
    await expect(train({ ...base.setup, model }, base.context)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

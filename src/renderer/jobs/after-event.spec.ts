import { describe, expect, it } from 'vitest'
import { job as jobShape, type Job } from '../../shared/jobs'
import { epochPoint } from '../../shared/runs'
import { afterEvent } from './after-event'

const queued: Job = jobShape.parse({
  id: 1,
  kind: 'train',
  label: 'Training Yew',
  state: 'queued',
  reason: null,
  left: false,
  here: true,
  place: 1,
  after: null,
  startedAt: null,
  endedAt: null,
  progress: null,
  dataset: 1,
  run: 1,
  export: null,
  error: null,
  createdAt: '2026-11-24T00:00:00Z',
})
const figure = { mean: 0.1, se: 0.01, users: 9 }
const validation = { 'ndcg@100': figure, 'recall@20': figure, 'recall@50': figure }
const progress = { stage: 'epoch 1', done: 1, total: 10, unit: 'steps', secondsLeft: 9 }

describe('afterEvent', () => {
  it('keeps the progress while epochs arrive and drops it at the end', () => {
    const running = afterEvent(afterEvent(queued, { type: 'started' }), { type: 'progress', progress })
    expect(running).toMatchObject({ state: 'running', progress })
    expect(afterEvent(running, { type: 'finished', result: {} })).toMatchObject({ state: 'finished', progress: null })
    expect(afterEvent(running, { type: 'cancelled' })).toMatchObject({ state: 'cancelled', progress: null })
  })

  it('is paused with its reason, whatever epochs are replayed, until it waits again', () => {
    const point = epochPoint.parse({ epoch: 1, label: 'lr 1e-3', loss: {}, validation, seconds: 1, rowsPerSecond: 1 })
    const running = afterEvent(afterEvent(queued, { type: 'started' }), { type: 'progress', progress })
    const paused = afterEvent(running, { type: 'paused', reason: 'Paused by hand.' })
    expect(afterEvent(paused, { type: 'epoch', point })).toMatchObject({
      state: 'paused',
      reason: 'Paused by hand.',
      progress: null,
    })
    expect(afterEvent(paused, { type: 'queued', ahead: 1 })).toMatchObject({ state: 'queued', reason: null })
  })

  it('keeps the reason of a failure', () => {
    const error = { code: 'WORKER_ENDED' as const, message: 'The worker ended.', next: 'Train again.' }
    expect(afterEvent(queued, { type: 'failed', error })).toMatchObject({ state: 'failed', error })
  })
})

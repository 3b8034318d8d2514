import { describe, expect, it } from 'vitest'
import { job as jobShape, type Job } from '../../shared/jobs'
import { afterEvent } from './after-event'

const queued: Job = jobShape.parse({
  id: 1,
  kind: 'train',
  label: 'Training Yew',
  state: 'queued',
  progress: null,
  dataset: 1,
  run: 1,
  export: null,
  error: null,
  createdAt: '2026-11-24T00:00:00Z',
})
const progress = { stage: 'epoch 1', done: 1, total: 10, unit: 'steps', secondsLeft: 9 }

describe('afterEvent', () => {
  it('keeps the progress while epochs arrive and drops it at the end', () => {
    const running = afterEvent(afterEvent(queued, { type: 'started' }), { type: 'progress', progress })
    expect(running).toMatchObject({ state: 'running', progress })
    expect(afterEvent(running, { type: 'finished', result: {} })).toMatchObject({ state: 'finished', progress: null })
    expect(afterEvent(running, { type: 'cancelled' })).toMatchObject({ state: 'cancelled', progress: null })
  })

  it('keeps the reason of a failure', () => {
    const error = { code: 'WORKER_ENDED' as const, message: 'The worker ended.', next: 'Train again.' }
    expect(afterEvent(queued, { type: 'failed', error })).toMatchObject({ state: 'failed', error })
  })
})

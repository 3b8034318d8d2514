import { aRun } from '../../../shared/run.fixture'
import { runDetail, type EpochPoint, type RunDetail } from '../../../shared/runs'

export const aPoint = (epoch: number, more: Partial<EpochPoint> = {}): EpochPoint => {
  const figure = { mean: epoch / 7, se: 0.01, users: 60 }
  return {
    epoch,
    label: 'lr 1e-3',
    loss: { total: 1 / epoch, focal: 0.1 },
    validation: { 'ndcg@100': figure, 'recall@20': figure, 'recall@50': figure },
    seconds: 2,
    rowsPerSecond: 300.5,
    at: `2026-11-01T10:00:0${epoch}.000Z`,
    ...more,
  }
}

/** A run with its epochs, finished unless its status says otherwise. */
export function aTrackedRun(epochs: readonly EpochPoint[], more: Partial<RunDetail> = {}): RunDetail {
  const run = aRun({ id: 7, ndcg: 0.25, name: 'Baseline, größer', config: { latent: 16, stages: '1e-3x3' } })
  return runDetail.parse({
    ...run,
    fingerprint: 'ab'.repeat(32),
    validation: epochs[0]?.validation ?? null,
    splitSummary: null,
    environment: { backend: 'cpu', version: '1', device: 'a processor', threads: 2, commit: 'abc+' },
    epochs,
    rowsPerSecond: 300,
    peakBytes: 1000,
    parameters: 12,
    checkpointBytes: null,
    startedAt: '2026-11-01T10:00:00.000Z',
    endedAt: '2026-11-01T10:00:09.000Z',
    ...more,
  })
}

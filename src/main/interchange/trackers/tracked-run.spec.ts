import { expect, it } from 'vitest'
import { runId } from '../../../shared/ids'
import { learningRateLabel } from '../../../shared/runs'
import { aPoint, aTrackedRun } from './tracked.fixture'
import { trackedRun } from './tracked-run'

const started = Date.parse('2026-11-01T10:00:00.000Z')

it('takes the times at which epochs ended, or says that it computed them', () => {
  const stored = trackedRun(aTrackedRun([aPoint(1), aPoint(2)]))
  expect(stored.epochs.map(({ at }) => at - started)).toEqual([1000, 2000])
  expect(stored.estimatedTimes).toBe(false)
  const [{ at: _, ...first }, { at: _a, ...second }] = [aPoint(1), aPoint(2)]
  const computed = trackedRun(aTrackedRun([first, second]))
  expect(computed.epochs.map(({ at }) => at - started)).toEqual([2000, 4000])
  expect(computed.estimatedTimes).toBe(true)
})

it('has the learning rate of an epoch exactly, and none of a candidate', () => {
  const rates = (label: string): unknown[] =>
    trackedRun(aTrackedRun([aPoint(1, { label })]))
      .epochs[0]!.figures.filter(({ name }) => name === 'training/learning_rate')
      .map(({ value }) => value)
  expect(rates(learningRateLabel(0.1 + 0.2))).toEqual([0.1 + 0.2])
  expect(rates(learningRateLabel(5e-4))).toEqual([5e-4])
  expect(rates('λ = 200')).toEqual([])
})

it('has final figures only of a finished run', () => {
  expect(trackedRun(aTrackedRun([aPoint(1)])).final?.figures).toContainEqual({ name: 'test/ndcg@100', value: 0.25 })
  const failed = { state: 'failed', error: { code: 'INTERNAL', message: 'It broke.', next: 'Again.' } } as const
  expect(trackedRun(aTrackedRun([aPoint(1)], { status: failed })).final).toBeNull()
})

it('is the same run under another name, with more epochs, and in another library; any other is another', () => {
  const run = aTrackedRun([aPoint(1)])
  const same = aTrackedRun([aPoint(1), aPoint(2)], { name: 'renamed', tags: ['x'], note: 'y' })
  const imported = { ...run, id: runId.parse(90), imported: { at: run.createdAt, file: 'x.vasprun', run: run.id } }
  const { identity } = trackedRun(run)
  expect(trackedRun(same).identity).toBe(identity)
  expect(trackedRun(imported).identity).toBe(identity)
  for (const other of [
    { ...run, seed: 2 },
    { ...run, config: { latent: 17 } },
    { ...run, fingerprint: 'cd' },
  ])
    expect(trackedRun(other).identity).not.toBe(identity)
})

it('names every setting once', () => {
  const names = trackedRun(aTrackedRun([])).settings.map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(
    expect.arrayContaining([
      'latent',
      'run.seed',
      'data.fingerprint',
      'preparation.min_per_item',
      'environment.commit',
    ]),
  )
})

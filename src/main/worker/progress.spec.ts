import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobProgress } from '../../shared/jobs'
import { ProgressReporter, TimeLeft } from './progress'

const at = (done: number, total: number | null = 100, stage = 'Training') => ({ stage, done, total, unit: 'steps' })

describe('TimeLeft', () => {
  it('divides the rest by the rate', () => {
    const left = new TimeLeft()
    for (let second = 0; second < 10; second++) left.estimate(at(second * 4), second * 1000)
    // 40 of 100 after 10 s at 4 per second: 60 / 4 = 15 s.
    expect(left.estimate(at(40), 10_000)).toBeCloseTo(15, 6)
  })

  it('gives no estimate at first, without a total, and after a new stage begins', () => {
    const left = new TimeLeft()
    expect(left.estimate(at(0), 0)).toBeNull()
    expect(left.estimate(at(1), 100)).toBeNull()
    expect(left.estimate(at(20), 2000)).not.toBeNull()
    expect(left.estimate(at(5, 100, 'Evaluating'), 2100)).toBeNull()
    const endless = new TimeLeft()
    endless.estimate(at(0, null), 0)
    expect(endless.estimate(at(50, null), 5000)).toBeNull()
  })

  it('follows a rate that changes, the last half minute counting most', () => {
    const left = new TimeLeft()
    let done = 0
    let now = 0
    left.estimate(at(done, 1000), now)
    for (; now < 10_000; now += 1000) left.estimate(at((done += 10), 1000), now + 1000)
    let estimate: number | null = null
    for (; now < 60_000; now += 1000) estimate = left.estimate(at((done += 2), 1000), now + 1000)
    // 100 units at 10/s, then 100 at 2/s: 800 left at 2/s is 400 s; the overall mean would say 240 s.
    expect(estimate).toBeGreaterThan(340)
    expect(estimate).toBeLessThan(401)
  })

  it('counts down while a long step runs', () => {
    const left = new TimeLeft()
    left.estimate(at(0), 0)
    left.estimate(at(10), 10_000)
    expect(left.estimate(at(10), 15_000)).toBeCloseTo(85, 6)
  })
})

describe('ProgressReporter', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('sends at most one message per 100 ms, and the newest in the end', () => {
    const sent: { at: number; progress: JobProgress }[] = []
    const reporter = new ProgressReporter((progress) => sent.push({ at: performance.now(), progress }))
    for (let done = 1; done <= 1000; done++) {
      reporter.report(at(done, 1000))
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(200)
    expect(sent.length).toBeGreaterThan(5)
    expect(sent.length).toBeLessThanOrEqual(11)
    sent.slice(1).forEach((message, i) => expect(message.at - (sent[i]?.at ?? 0)).toBeGreaterThanOrEqual(100))
    expect(sent[0]?.progress.done).toBe(1)
    expect(sent.at(-1)?.progress.done).toBe(1000)
  })

  it('sends nothing after it was stopped', () => {
    const sent: JobProgress[] = []
    const reporter = new ProgressReporter((progress) => sent.push(progress))
    reporter.report(at(1))
    reporter.report(at(2))
    reporter.stop()
    vi.advanceTimersByTime(1000)
    expect(sent.map(({ done }) => done)).toEqual([1])
  })
})

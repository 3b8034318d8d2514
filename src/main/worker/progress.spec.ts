import fc from 'fast-check'
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
    for (let second = 1; second <= 8; second++) left.estimate(at(10 * second), second * 1000)
    expect(left.estimate(at(90), 9000)).not.toBeNull()
    // Another stage begins to be measured, whether or not it starts at zero.
    expect(left.estimate(at(95, 100, 'Evaluating'), 10_000)).toBeNull()
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
    for (let done = 0; done <= 50; done += 10) left.estimate(at(done), done * 1000)
    expect(left.estimate(at(50), 55_000)).toBeCloseTo(45, 6)
  })

  it('gives no figure from the first units, which are slower, and leaves them out of the later ones', () => {
    const left = new TimeLeft()
    // Set-up took a minute before the first step, and the next two are slow.
    expect(left.estimate(at(1), 60_000)).toBeNull()
    expect(left.estimate(at(2), 70_000)).toBeNull()
    expect(left.estimate(at(3), 78_000)).toBeNull()
    for (let done = 4; done < 8; done++) expect(left.estimate(at(done), 78_000 + (done - 3) * 1000)).toBeNull()
    expect(left.estimate(at(8), 83_000)).toBeCloseTo(92, 6)
  })

  it('gives a figure from few units if they take long', () => {
    const left = new TimeLeft()
    for (let done = 0; done < 4; done++) expect(left.estimate(at(done), done * 20_000)).toBeNull()
    expect(left.estimate(at(4), 80_000)).toBeCloseTo(96 * 20, 6)
  })
})

interface Simulated {
  readonly epochs: number
  readonly steps: number
  /** Milliseconds. */
  readonly step: number
  readonly validation: number
  /** How much longer the first steps take. */
  readonly slowStart: number
}

/** Every figure of a training on a clock of its own, with the time that it then took. `vary` multiplies the time of a step. */
function figuresOf({ epochs, steps, step, validation, slowStart }: Simulated, vary: (step: number) => number) {
  const left = new TimeLeft()
  const figures: { at: number; seconds: number | null }[] = []
  const total = epochs * steps
  let now = 1_000_000
  for (let done = 1; done <= total; done++) {
    now += step * vary(done) * (done <= 3 ? slowStart : 1)
    const stage = `Epoch ${Math.ceil(done / steps)} of ${epochs}`
    figures.push({
      at: now,
      seconds: left.estimate({ stage, done, total, unit: 'steps', epochLength: steps }, now),
    })
    if (done % steps === 0) now += validation
  }
  return figures.map(({ at: time, seconds }) => ({ estimated: seconds, taken: (now - time) / 1000 }))
}

const trainings = fc.record({
  epochs: fc.integer({ min: 2, max: 30 }),
  steps: fc.integer({ min: 2, max: 60 }),
  step: fc.integer({ min: 5, max: 20_000 }),
  validation: fc.integer({ min: 0, max: 60_000 }),
  slowStart: fc.integer({ min: 1, max: 50 }),
})

describe('the time left of a training', () => {
  it('is right from its first figure on where steps and validations take the same time, whatever the first steps took', () => {
    let shown = 0
    fc.assert(
      fc.property(trainings, (training) => {
        for (const { estimated, taken } of figuresOf(training, () => 1)) {
          if (estimated === null) continue
          shown++
          // In long epochs, a figure comes before the first validation.
          const unknown = training.steps * training.step > 110_000 ? (training.epochs * training.validation) / 1000 : 0
          expect(estimated).toBeLessThan(taken * 1.001 + 0.001)
          expect(estimated).toBeGreaterThan((taken - unknown) * 0.999 - 0.001)
        }
      }),
    )
    expect(shown).toBeGreaterThan(1000)
  })

  it('is there for most of a training that takes minutes', () => {
    const figures = figuresOf({ epochs: 20, steps: 50, step: 300, validation: 5000, slowStart: 10 }, () => 1)
    const first = figures.findIndex(({ estimated }) => estimated !== null)
    // Only the first epoch and its validation had to be measured.
    expect(first).toBe(50)
    expect(figures.slice(first).every(({ estimated }) => estimated !== null)).toBe(true)
  })

  it('stays calm where steps vary by a third: no figure is more than 30 % or five steps off', () => {
    fc.assert(
      fc.property(
        trainings,
        fc.array(fc.double({ min: 0.7, max: 1.3, noNaN: true }), { minLength: 50 }),
        (training, factors) => {
          const long = { ...training, validation: 0 }
          for (const { estimated, taken } of figuresOf(long, (step) => factors[step % factors.length] ?? 1))
            if (estimated !== null)
              expect(Math.abs(estimated - taken)).toBeLessThan(Math.max(0.3 * taken, (5 * long.step) / 1000))
        },
      ),
    )
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

import { describe, expect, it } from 'vitest'
import { estimateFromSolutions, estimateFromSteps } from './measured-time'

describe('the time of a training by steps', () => {
  const measured = {
    before: 2,
    epochs: 10,
    sweeps: [
      { steps: 30, times: [0.1, 0.1, 0.1, 0.1] },
      { steps: 30, times: [0.02, 0.02] },
    ],
    validation: 0.4,
    after: 1,
    mayStopEarly: true,
  }

  it('is that of all sweeps and validations, and of what comes before and after', () => {
    const { epoch, total, error, basis } = estimateFromSteps(measured)
    expect(epoch).toBeCloseTo(30 * 0.1 + 30 * 0.02 + 0.4, 10)
    expect(total).toBeCloseTo(2 + 10 * 4 + 1, 10)
    expect(error).toBeCloseTo(0.1, 10)
    expect(basis).toBe('steps')
  })

  it('is less certain where steps take different times', () => {
    const sweeps = [{ steps: 60, times: [0.05, 0.15, 0.05, 0.15] }]
    expect(estimateFromSteps({ ...measured, sweeps }).error).toBeGreaterThan(0.3)
  })
})

describe('the time of solving for all items', () => {
  const measured = {
    before: 1,
    candidates: 3,
    items: 8000,
    sizes: [
      { items: 1000, first: 0.5 },
      { items: 2000, first: 2 },
    ],
    secondToFirst: 0.5,
    validation: 0.1,
    after: 0.2,
  }

  it('follows from the growth between the last two sizes', () => {
    const { epoch, total, basis, error } = estimateFromSolutions(measured)
    // Twice the items took four times as long, so four times take sixteen times.
    const solving = 32 * (1 + 0.5 + 0.5)
    expect(epoch).toBeCloseTo(solving / 3 + 0.1, 10)
    expect(total).toBeCloseTo(1 + solving + 0.3 + 0.2, 10)
    expect(basis).toBe('extrapolated')
    expect(error).toBeCloseTo(0.4, 10)
  })

  it('is what was measured where all items were solved', () => {
    const whole = { ...measured, items: 2000 }
    const { total, basis, error } = estimateFromSolutions(whole)
    expect(total).toBeCloseTo(1 + 4 + 0.3 + 0.2, 10)
    expect([basis, error]).toEqual(['whole', 0.1])
  })

  it('grows with at least the items and at most their third power', () => {
    const grown = (first: number) =>
      estimateFromSolutions({
        ...measured,
        ...{ candidates: 1, before: 0, validation: 0, after: 0 },
        sizes: [{ items: 1000, first }, measured.sizes[1]!],
      }).total
    expect(grown(4)).toBeCloseTo(2 * 4, 10)
    expect(grown(0.001)).toBeCloseTo(2 * 64, 10)
  })
})

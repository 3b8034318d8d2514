import type { TimeEstimate } from '../../shared/time-estimate'

/** What was measured of a training by steps. Times in seconds. */
export interface MeasuredSteps {
  readonly before: number
  /** Epochs of all stages. */
  readonly epochs: number
  /** For each sweep of an epoch: the number of its steps, and the times of some of them. */
  readonly sweeps: readonly { readonly steps: number; readonly times: readonly number[] }[]
  /** Validation of all its users, and the final measurements. */
  readonly validation: number
  readonly after: number
  readonly mayStopEarly: boolean
}

/** What was measured of solving a model for the most popular items, from few to many. Times in seconds. */
export interface MeasuredSolutions {
  readonly before: number
  readonly candidates: number
  /** The number of items of the run. */
  readonly items: number
  readonly sizes: readonly { readonly items: number; readonly first: number }[]
  /** A second candidate at the last size, divided by the first. */
  readonly secondToFirst: number
  readonly validation: number
  readonly after: number
}

type Estimated = Omit<TimeEstimate, 'measured' | 'others' | 'meanwhile'>

/** How far two trainings on one machine differ from each other, whatever was measured of them. */
const UNAVOIDABLE = 0.1
/** What is added for solutions whose time is not measured but follows from those of smaller ones. */
const EXTRAPOLATED = 0.15
/** Bounds of the power of the number of items that a solution's time grows by: no solver here takes less than one pass or more than a matrix inverse. */
const POWERS = { least: 1, most: 3 }

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Two standard errors of the mean, relative to it. */
function relativeError(values: readonly number[]): number {
  const centre = mean(values)
  if (values.length < 2 || centre === 0) return 0
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
  return (2 * Math.sqrt(variance / values.length)) / centre
}

export function estimateFromSteps({
  before,
  epochs,
  sweeps,
  validation,
  after,
  mayStopEarly,
}: MeasuredSteps): Estimated {
  const parts = sweeps.map(({ steps, times }) => ({ seconds: steps * mean(times), error: relativeError(times) }))
  const training = parts.reduce((sum, { seconds }) => sum + seconds, 0)
  const uncertain = parts.reduce((sum, { seconds, error }) => sum + seconds * error, 0)
  const epoch = training + validation
  const total = before + epochs * epoch + after
  return {
    ...{ before, epochs, epoch, after, total, mayStopEarly },
    error: UNAVOIDABLE + (epochs * uncertain) / total,
    basis: 'steps',
  }
}

/** T(items) = T(n)·(items/n)^b for the largest measured n, with b from the last two sizes. */
export function estimateFromSolutions({
  before,
  candidates,
  items,
  sizes,
  secondToFirst,
  validation,
  after,
}: MeasuredSolutions): Estimated {
  const [smaller, largest] = [sizes.at(-2), sizes.at(-1)]
  if (!largest) throw new Error('nothing was measured')
  const power = smaller
    ? Math.log(largest.first / smaller.first) / Math.log(largest.items / smaller.items)
    : POWERS.most
  const growth = (items / largest.items) ** Math.min(POWERS.most, Math.max(POWERS.least, power))
  const first = largest.first * growth
  const solving = first * (1 + (candidates - 1) * secondToFirst)
  return {
    before,
    epochs: candidates,
    epoch: solving / candidates + validation,
    after,
    total: before + solving + candidates * validation + after,
    // Twice the items, twice as uncertain.
    error: UNAVOIDABLE + EXTRAPOLATED * Math.log2(items / largest.items),
    mayStopEarly: false,
    basis: items === largest.items ? 'whole' : 'extrapolated',
  }
}

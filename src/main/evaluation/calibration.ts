import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { Calibration } from '../../shared/runs'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowsAtOnce } from '../models/rows-at-once'
import { rowOf, rowRange } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { asFloats } from './scores'

/** Near the solution, every Newton step doubles the number of correct digits. */
const MOST_STEPS = 50
/** Of the gradient's mean per pair of user and item. */
const TOLERANCE = 1e-9

/** A calibration, or why the scores have none. */
export type Calibrated =
  | { readonly calibration: Calibration; readonly problem: null }
  | { readonly calibration: null; readonly problem: string }

/** Sums over pairs. */
interface Moments {
  readonly pairs: number
  readonly targets: number
  readonly mean: number
  readonly deviation: number
}

/**
 * f = σ(a·s + b): the probability that an unseen item with score s is a target of the user, with the a and b that maximise the likelihood of the
 * validation users' unseen items (Platt, 1999; targets are expected with (N₊ + 1)/(N₊ + 2) and others with 1/(N₋ + 2), his guard against scores that
 * tell them apart without a mistake). Uses Newton's method in double precision, on standardised scores, and halves a step that makes it worse. Memory does
 * not grow with the number of users.
 *
 * There is none if a is not above 0, because a probability that falls where the score rises would reverse the ranking. a has the sign of the difference
 * between the mean score of all targets and that of all other items. That can be below 0 although each user's targets rank high: where the scores of
 * all items are larger for users with fewer targets.
 *
 * @param label names the model in the progress
 */
export async function fitCalibration(
  model: Recommender,
  label: string,
  validation: HeldOut,
  context: JobContext,
): Promise<Calibrated> {
  const sweep = (visit: (score: number, isTarget: boolean) => void, pass: number): Promise<void> =>
    eachUnseen(model, validation, visit, (done) => {
      if (context.signal.aborted) throw cancelled('The calibration')
      context.progress({
        stage: `Calibrating ${label}, pass ${pass}`,
        done,
        total: validation.foldIn.rows,
        unit: 'users',
      })
    })
  const { pairs, targets, mean, deviation } = await momentsOf((visit) => sweep(visit, 1))
  const none = (problem: string): Calibrated => ({ calibration: null, problem })
  if (!Number.isFinite(mean) || !Number.isFinite(deviation)) return none('some of its scores are not numbers')
  if (!(deviation > 0)) return none('it gives every item the same score')

  const expected = (isTarget: boolean): number => (isTarget ? (targets + 1) / (targets + 2) : 1 / (pairs - targets + 2))
  let point = { a: 0, b: Math.log((targets + 1) / (pairs - targets + 1)) }
  let at = await likelihood((visit) => sweep(visit, 2), point, { mean, deviation, expected })
  for (let step = 0; step < MOST_STEPS && Math.hypot(at.da, at.db) > TOLERANCE * pairs; step++) {
    const determinant = at.aa * at.bb - at.ab * at.ab
    const move = {
      a: (at.bb * at.da - at.ab * at.db) / determinant,
      b: (at.aa * at.db - at.ab * at.da) / determinant,
    }
    let share = 1
    for (;;) {
      const next = { a: point.a - share * move.a, b: point.b - share * move.b }
      const there = await likelihood((visit) => sweep(visit, step + 3), next, { mean, deviation, expected })
      if (there.loss <= at.loss || share < 1e-3) {
        point = next
        at = there
        break
      }
      share /= 2
    }
  }
  const slope = point.a / deviation
  if (!(slope > 0))
    return none(
      'over all validation users together, targets score no higher on average than other items, so the fitted slope is not above 0',
    )
  return { calibration: { slope, intercept: point.b - slope * mean }, problem: null }
}

type Sweep = (visit: (score: number, isTarget: boolean) => void) => Promise<void>

async function momentsOf(sweep: Sweep): Promise<Moments> {
  let [pairs, targets, mean, squares] = [0, 0, 0, 0]
  await sweep((score, isTarget) => {
    const before = score - mean
    mean += before / ++pairs
    squares += before * (score - mean)
    if (isTarget) targets++
  })
  return { pairs, targets, mean, deviation: Math.sqrt(squares / pairs) }
}

/** The negative log-likelihood at (a, b), its gradient and its second derivatives. */
async function likelihood(
  sweep: Sweep,
  { a, b }: { readonly a: number; readonly b: number },
  standard: Pick<Moments, 'mean' | 'deviation'> & { readonly expected: (isTarget: boolean) => number },
): Promise<{ loss: number; da: number; db: number; aa: number; ab: number; bb: number }> {
  const { mean, deviation } = standard
  const [ofTarget, ofOther] = [standard.expected(true), standard.expected(false)]
  let [loss, da, db, aa, ab, bb] = [0, 0, 0, 0, 0, 0]
  await sweep((score, isTarget) => {
    const s = (score - mean) / deviation
    const z = a * s + b
    const expected = isTarget ? ofTarget : ofOther
    const small = Math.exp(-Math.abs(z))
    const f = z >= 0 ? 1 / (1 + small) : small / (1 + small)
    // −t log f − (1 − t) log(1 − f) = log(1 + e^z) − t z, without overflow.
    loss += Math.max(z, 0) + Math.log1p(small) - expected * z
    const slope = f - expected
    const curve = f * (1 - f)
    da += slope * s
    db += slope
    aa += curve * s * s
    ab += curve * s
    bb += curve
  })
  return { loss, da, db, aa, ab, bb }
}

/** Every validation user's scores of all items that are not in the fold-in. */
async function eachUnseen(
  model: Recommender,
  { foldIn, targets }: HeldOut,
  visit: (score: number, isTarget: boolean) => void,
  progress: (done: number) => void,
): Promise<void> {
  const step = rowsAtOnce(model.items)
  const SEEN = 1
  const TARGET = 2
  for (let first = 0; first < foldIn.rows; first += step) {
    const end = Math.min(first + step, foldIn.rows)
    const tensor = model.score(rowRange(foldIn, first, end))
    let scores: Float32Array
    try {
      scores = asFloats(await tensor.data())
    } finally {
      tensor.dispose()
    }
    for (let user = first; user < end; user++) {
      const marks = new Uint8Array(model.items)
      for (const item of rowOf(targets, user)) marks[item] = TARGET
      for (const item of rowOf(foldIn, user)) marks[item] = SEEN
      const row = scores.subarray((user - first) * model.items, (user - first + 1) * model.items)
      for (let item = 0; item < row.length; item++) if (marks[item] !== SEEN) visit(row[item]!, marks[item] === TARGET)
    }
    await nextTurn()
    progress(end)
  }
}

import { badInput } from '../../shared/errors'
import type { PreparationStep } from '../../shared/filter-steps'
import type { SplitSettings, SplitSummary } from '../../shared/runs'
import { CsrBuilder, type Csr } from '../numeric/csr'
import type { FoldedHistory } from './split'

/** Held-out users: the fold-in items that the model sees and the targets that it must find. Rows in the order of `users`. */
export interface HeldOut {
  /** Dense user indexes of the data set. */
  readonly users: Int32Array
  readonly foldIn: Csr
  readonly targets: Csr
}

/** A data set as a model and its evaluation need it; all item indexes but the catalogue's are the model's. */
export interface PreparedData {
  /** Model item index → data set item index. */
  readonly catalogue: Int32Array
  readonly trainUsers: Int32Array
  readonly train: Csr
  readonly validation: HeldOut
  readonly test: HeldOut
  readonly summary: SplitSummary
}

interface Folded extends FoldedHistory {
  readonly user: number
}

/** The split before it becomes matrices, by model item indexes. Each iterable is read once, so it can be a generator. */
export interface DividedUsers {
  readonly catalogue: Int32Array
  readonly train: Iterable<{ readonly user: number; readonly items: Int32Array }>
  readonly validation: Iterable<Folded>
  readonly test: Iterable<Folded>
  /** Users of the data set. */
  readonly users: number
  readonly validationFrom: number | null
  /** What each filter left. */
  readonly filters: readonly PreparationStep[]
}

/** Users with both a fold-in and targets, as matrices [users, items]; the others cannot be scored. */
export function heldOutOf(members: Iterable<Folded>, items: number): HeldOut {
  const users: number[] = []
  const [shown, wanted] = [new CsrBuilder(items), new CsrBuilder(items)]
  for (const { user, foldIn, targets } of members) {
    if (foldIn.length === 0 || targets.length === 0) continue
    users.push(user)
    shown.add(foldIn)
    wanted.add(targets)
  }
  return { users: Int32Array.from(users), foldIn: shown.finish(), targets: wanted.finish() }
}

/** Converts the split to matrices. Throws BAD_INPUT if there are no validation or test users. */
export function assembled(divided: DividedUsers, { recallDenominator }: SplitSettings): PreparedData {
  const { catalogue } = divided
  const [validation, test] = [
    heldOutOf(divided.validation, catalogue.length),
    heldOutOf(divided.test, catalogue.length),
  ]
  if (validation.users.length === 0 || test.users.length === 0)
    throw badInput(
      'No held-out user has enough items in common with the training users to be measured.',
      'Hold out more users, or lower the threshold for liked items.',
    )
  const trained: number[] = []
  const histories = new CsrBuilder(catalogue.length)
  for (const { user, items } of divided.train) {
    if (items.length === 0) continue
    trained.push(user)
    histories.add(items)
  }
  const trainUsers = Int32Array.from(trained)
  const train = histories.finish()
  return {
    catalogue,
    trainUsers,
    train,
    validation,
    test,
    summary: {
      items: catalogue.length,
      trainUsers: trainUsers.length,
      validationUsers: validation.users.length,
      testUsers: test.users.length,
      trainInteractions: train.indices.length,
      droppedUsers: divided.users - distinct([trainUsers, validation.users, test.users], divided.users),
      filters: [...divided.filters],
      validationFrom: isoMoment(divided.validationFrom),
      recallDenominator,
    },
  }
}

/** A moment as ISO 8601; null beyond the year 275760, where times only order the interactions. */
function isoMoment(seconds: number | null): string | null {
  const date = new Date((seconds ?? Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** How many of `users` users, by their dense indexes, are in any of the lists. */
function distinct(lists: readonly Int32Array[], users: number): number {
  const found = new Uint8Array(users)
  for (const list of lists) for (const user of list) found[user] = 1
  return found.reduce((sum, one) => sum + one, 0)
}

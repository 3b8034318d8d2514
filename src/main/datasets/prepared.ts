import { badInput } from '../../shared/errors'
import type { SplitSettings, SplitSummary } from '../../shared/runs'
import { csrFromRows, type Csr } from '../numeric/csr'
import type { FoldedHistory } from './split'

/** Users that are scored: what the model is shown of each, and what it has to find. Rows in the order of `users`. */
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

/** What is known of everybody before it becomes matrices, by model item indexes. */
export interface Parts {
  readonly catalogue: Int32Array
  readonly train: readonly { readonly user: number; readonly items: Int32Array }[]
  readonly validation: readonly Folded[]
  readonly test: readonly Folded[]
  /** Users of the data set. */
  readonly users: number
  readonly validationFrom: number | null
}

/** Users with both a fold-in and targets, as matrices [users, items]; the others cannot be scored. */
export function heldOutOf(members: readonly Folded[], items: number): HeldOut {
  const scored = members.filter(({ foldIn, targets }) => foldIn.length > 0 && targets.length > 0)
  return {
    users: Int32Array.from(scored, ({ user }) => user),
    foldIn: csrFromRows(
      scored.map(({ foldIn }) => foldIn),
      items,
    ),
    targets: csrFromRows(
      scored.map(({ targets }) => targets),
      items,
    ),
  }
}

/** The parts as matrices. Throws BAD_INPUT where nobody is left to validate or to test with. */
export function assembled(parts: Parts, { recallDenominator }: SplitSettings): PreparedData {
  const { catalogue } = parts
  const trained = parts.train.filter(({ items }) => items.length > 0)
  const [validation, test] = [heldOutOf(parts.validation, catalogue.length), heldOutOf(parts.test, catalogue.length)]
  if (validation.users.length === 0 || test.users.length === 0)
    throw badInput(
      'No held-out user shares enough items with the training users to be scored.',
      'Hold out more users, or lower the rating threshold.',
    )
  const trainUsers = Int32Array.from(trained, ({ user }) => user)
  const train = csrFromRows(
    trained.map(({ items }) => items),
    catalogue.length,
  )
  return {
    catalogue,
    trainUsers,
    train,
    validation,
    test,
    summary: {
      items: catalogue.length,
      trainUsers: trained.length,
      validationUsers: validation.users.length,
      testUsers: test.users.length,
      trainInteractions: train.indices.length,
      droppedUsers: parts.users - new Set([...trainUsers, ...validation.users, ...test.users]).size,
      validationFrom: parts.validationFrom === null ? null : new Date(parts.validationFrom * 1000).toISOString(),
      recallDenominator,
    },
  }
}

import { badInput } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Store } from '../store/store'

/** Maximum number of examples in a message. */
const named = 5

/**
 * The distinct users of a list that are in the data set, and the number of those that are not. @throws BAD_INPUT if some are missing and are not to
 * be skipped, or if all are missing.
 */
export function chosenUsers(
  store: Store,
  dataset: DatasetId,
  users: readonly string[],
  skipUnknown: boolean,
): { users: string[]; unknown: number } {
  const distinct = [...new Set(users)]
  const unknown = store.datasets.unknownUsers(dataset, distinct)
  if (unknown.length === 0) return { users: distinct, unknown: 0 }
  const { name } = store.datasets.get(dataset)
  if (unknown.length === distinct.length)
    throw badInput(
      distinct.length === 1
        ? `“${name}” has no user ${listed(unknown)}.`
        : `“${name}” has none of these ${formatCount(distinct.length)} users: ${listed(unknown)}.`,
      'Check the ids; they must match exactly.',
    )
  if (!skipUnknown)
    throw badInput(
      `“${name}” does not have ${formatCount(unknown.length)} of these ${formatCount(distinct.length)} users: ${listed(unknown)}.`,
      'Leave out the unknown users (--skip-unknown on the command line), or correct their ids, which must match exactly.',
    )
  const missing = new Set(unknown)
  return { users: distinct.filter((user) => !missing.has(user)), unknown: unknown.length }
}

const listed = (users: readonly string[]): string =>
  `${users
    .slice(0, named)
    .map((user) => `“${user}”`)
    .join(', ')}${users.length > named ? ' …' : ''}`

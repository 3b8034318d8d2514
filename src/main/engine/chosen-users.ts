import { badInput } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Store } from '../store/store'

/** Named in a message at most. */
const named = 5

/**
 * The users of a list whom the data set has, each once, and how many it does not have.
 * @throws BAD_INPUT where it lacks some and they are not to be left out, and where it has none of them.
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
      'Check the ids; they are compared letter by letter.',
    )
  if (!skipUnknown)
    throw badInput(
      `“${name}” does not have ${formatCount(unknown.length)} of these ${formatCount(distinct.length)} users: ${listed(unknown)}.`,
      'Leave the unknown ones out (--skip-unknown on the command line), or correct their ids, which are compared letter by letter.',
    )
  const missing = new Set(unknown)
  return { users: distinct.filter((user) => !missing.has(user)), unknown: unknown.length }
}

const listed = (users: readonly string[]): string =>
  `${users
    .slice(0, named)
    .map((user) => `“${user}”`)
    .join(', ')}${users.length > named ? ' …' : ''}`

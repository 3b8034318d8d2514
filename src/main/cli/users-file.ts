import { readFile } from 'node:fs/promises'
import { badInput, toErrorShape } from '../../shared/errors'
import { exceptionsText } from '../../shared/exports'
import { formatCount } from '../../shared/format'
import { usersIn } from '../../shared/user-list'
import type { RunId } from '../../shared/ids'
import type { Session } from './session'

/** The name of the users' column in the files of a run's data set; null if it was not stored. */
export async function userColumn({ client }: Pick<Session, 'client'>, run: RunId): Promise<string | null> {
  const { dataset } = await client.runs.get({ run })
  const { importedAs } = await client.datasets.get({ id: dataset })
  return importedAs?.mapping.user ?? null
}

/** Distinct user ids, read from a list as the window does (see `usersIn`); a message mentions a header that is skipped. Throws BAD_INPUT for a file without ids, or one that cannot be read. */
export async function readUsers(
  terminal: Pick<Session['terminal'], 'note'>,
  file: string,
  column: string | null,
): Promise<string[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    const { message, next } = toErrorShape(error)
    throw badInput(`The users of ${file} cannot be read: ${message}`, next, { cause: error })
  })
  const { users, header } = usersIn(content, column)
  if (header !== null)
    terminal.note(
      `note: the first line of ${file} is the header “${header}” and was not used as a user. If it is a user, move it to another line.`,
    )
  if (users.length > 0) return [...users]
  throw badInput(`${file} contains no users.`, 'Write one user id per line, or a table with a column user_id.')
}

/** Names the users that are left out because the run's data set does not have them. */
export async function warnOfUnknown(
  { client, terminal }: Session,
  run: RunId,
  users: readonly string[],
): Promise<void> {
  const { dataset, datasetName } = await client.runs.get({ run })
  const { unknown, examples } = await client.datasets.checkUsers({ id: dataset, users: [...users] })
  if (unknown === 0) return
  const shown = examples.slice(0, namedAtMost).join(', ')
  terminal.warning(
    `${formatCount(unknown)} of these users ${unknown === 1 ? 'is' : 'are'} unknown to “${datasetName}” and left out: ${shown}${unknown > namedAtMost ? ' …' : ''}.`,
  )
}

/** The maximum number of names in a line. */
const namedAtMost = 10

/** The sentence about users whose lists are not the model's, after a space; empty if there are none. */
export const exceptions = (counts: { readonly popular: number; readonly leftOut: number }): string => {
  const text = exceptionsText(counts)
  return text === null ? '' : ` ${text}`
}

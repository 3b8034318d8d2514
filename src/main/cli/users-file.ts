import { readFile } from 'node:fs/promises'
import { badInput, toErrorShape } from '../../shared/errors'
import { exceptionsText } from '../../shared/exports'
import { formatCount } from '../../shared/format'
import type { RunId } from '../../shared/ids'
import type { Session } from './session'

/** Distinct user ids, one per line. Throws BAD_INPUT for a file without any, or one that cannot be read. */
export async function readUsers(file: string): Promise<string[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    const { message, next } = toErrorShape(error)
    throw badInput(`The users of ${file} cannot be read: ${message}`, next, { cause: error })
  })
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  const users = [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))]
  if (users.length > 0) return users
  throw badInput(`${file} names no users.`, 'Write one user id per line.')
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

/** Named in a line at most. */
const namedAtMost = 10

/** The sentence on users whose lists are not the model's, with a space before it; empty where there are none. */
export const exceptions = (counts: { readonly popular: number; readonly leftOut: number }): string => {
  const text = exceptionsText(counts)
  return text === null ? '' : ` ${text}`
}

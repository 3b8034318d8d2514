import { homedir } from 'node:os'
import { badInput } from '../../shared/errors'

/** The user's home folder. Throws BAD_INPUT if the system knows none, for example for users without an account. @param next the next step in the message */
export function homeFolder(next: string): string {
  let folder = ''
  let cause: unknown
  try {
    folder = homedir()
  } catch (error) {
    cause = error
  }
  if (folder !== '') return folder
  throw badInput('This user has no home folder, so VASP Studio has no default folder for its files.', next, {
    cause,
  })
}

import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { StudioError } from '../../../shared/errors'
import { databaseOf } from '../library-folder'

/** Programs other than this process that have the library's database open, by process id and name. Empty where the system does not tell (only Linux does). */
export function programsWith(library: string): { pid: number; name: string }[] {
  if (process.platform !== 'linux') return []
  const wanted = resolved(databaseOf(library))
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => openFilesOf(entry).some((file) => file === wanted))
    .map((entry) => ({ pid: Number(entry), name: nameOf(entry) }))
}

const resolved = (file: string): string => {
  try {
    return realpathSync(file)
  } catch {
    // Missing, so nobody has it open by this name.
    return file
  }
}

/** Where the process's open files lie; none of a process that ended meanwhile or belongs to somebody else. */
function openFilesOf(pid: string): string[] {
  let descriptors: string[]
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`)
  } catch {
    return []
  }
  return descriptors.flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)]
    } catch {
      return []
    }
  })
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return 'a program'
  }
}

/** Throws CONFLICT where another program works with the library: its files cannot be replaced under it. @param what is to be done: “restored” */
export function requireAlone(library: string, what: string): void {
  const others = programsWith(library)
  if (others.length === 0) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `The library cannot be ${what} while other programs have it open: ${others.map(({ pid, name }) => `${name} (process ${pid})`).join(', ')}.`,
    next: 'Close the app, browser host and commands that use this library, then try again.',
  })
}

import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { StudioError } from '../../../shared/errors'
import { databaseOf } from '../library-folder'
import { locksIn, livingOthers, lockOf } from '../process-lock'

/** The maximum number of characters of a command line in a sentence. */
const shownCharacters = 100

/** Other programs that have one of `files` open, according to /proc; none on systems without it (only Linux has it). */
function programsWith(files: ReadonlySet<string>): { pid: string; files: readonly string[] }[] {
  let entries: string[]
  let own: string
  try {
    entries = readdirSync('/proc')
    // Not process.pid: /proc may belong to another PID namespace.
    own = readlinkSync('/proc/self')
  } catch {
    return []
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry) && entry !== own)
    .map((pid) => ({ pid, files: openFilesOf(pid).filter((file) => files.has(file)) }))
    .filter(({ files }) => files.length > 0)
}

const resolved = (file: string): string => {
  try {
    return realpathSync(file)
  } catch {
    // The file does not exist, so nobody has it open under this name.
    return file
  }
}

/** The folder of the process's open files; empty for a process that ended meanwhile or belongs to another user. */
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

/** “vasp train …” (process 12), or only the number if the system does not show the command line. */
function nameOf(pid: string): string {
  let words = ''
  try {
    words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    // The process has ended meanwhile, or is hidden: only its number is known.
  }
  if (words === '') return `process ${pid}`
  return `“${words.length > shownCharacters ? `${words.slice(0, shownCharacters)}…` : words}” (process ${pid})`
}

/**
 * Other processes that work with the library, by name if this system shows them. Every process that opens a library holds a lock, which is visible
 * on every system and from other containers; a program that has the database open without one (version 0.1, a database browser) counts if
 * /proc shows it. So does a program whose database was replaced: its file is deleted, and its writes would be lost.
 */
function otherPrograms(library: string): { named: string[]; unnamed: number } {
  const locks = new Map(livingOthers(library).map((owner) => [resolved(lockOf(library, owner)), owner]))
  const database = resolved(databaseOf(library))
  const programs = programsWith(new Set([...locks.keys(), database, `${database} (deleted)`]))
  const shown = new Set(programs.flatMap(({ files }) => files))
  return {
    named: programs.map(({ pid }) => nameOf(pid)),
    unnamed: [...locks.keys()].filter((lock) => !shown.has(lock)).length,
  }
}

/** Throws CONFLICT if another program works with the library: its files cannot be replaced meanwhile. @param what the intended action: “restored” */
export function requireAlone(library: string, what: string): void {
  const { named, unnamed } = otherPrograms(library)
  if (named.length + unnamed === 0) return
  const hidden =
    unnamed === 0
      ? []
      : [
          named.length === 0 && unnamed === 1
            ? 'one whose name this system does not tell'
            : `${unnamed} whose names this system does not tell`,
        ]
  throw new StudioError({
    code: 'CONFLICT',
    message: `The library cannot be ${what} while other programs have it open: ${[...named, ...hidden].join(', ')}.`,
    next: `Close the app, browser host and commands that use this library${
      unnamed === 0
        ? ', then try again.'
        : `, in containers and of other users too, then try again. If none are left, delete the lock files in ${locksIn(library)}.`
    }`,
  })
}

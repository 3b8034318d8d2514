import { chmod } from 'node:fs/promises'

/** What a library holds may be about people: only its owner reads it. */
const privateMask = 0o077

/** How this user wants files to be made that they ask for; null until the process has begun to make private ones. */
let usersMask: number | null = null

/** From now on every file and folder that this process makes is its user's alone (0600, 0700). To be called at the entry of each process. */
export function makePrivateFiles(): void {
  // Windows has no such modes: there the profile folder is the user's own.
  usersMask ??= process.umask(privateMask)
}

/** Gives a file that the user asked for the permissions that it would have had without `makePrivateFiles`. */
export async function asUsersFile(file: string): Promise<void> {
  if (usersMask !== null && process.platform !== 'win32') await chmod(file, 0o666 & ~usersMask)
}

/** Runs `start` as if this process did not make private files: for a program of the user's that inherits how files are made. */
export function asUserWould<T>(start: () => T): T {
  if (usersMask === null) return start()
  process.umask(usersMask)
  try {
    return start()
  } finally {
    process.umask(privateMask)
  }
}

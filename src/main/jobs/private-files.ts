import { chmod } from 'node:fs/promises'

/** A library can contain personal data: only its owner may read it. */
const privateMask = 0o077

/** The user's own umask, for files that the user asks for; null until `makePrivateFiles` is called. */
let usersMask: number | null = null

/** From now on this process creates all files and folders for its user only (0600, 0700). Call it at the start of each process. */
export function makePrivateFiles(): void {
  // Windows has no such modes: there the profile folder is the user's own.
  usersMask ??= process.umask(privateMask)
}

/** Gives a file that the user asked for the usual permissions. */
export async function asUsersFile(file: string): Promise<void> {
  if (usersMask !== null && process.platform !== 'win32') await chmod(file, 0o666 & ~usersMask)
}

/** Runs `start` with the user's own umask, for a program that inherits it. */
export function asUserWould<T>(start: () => T): T {
  if (usersMask === null) return start()
  process.umask(usersMask)
  try {
    return start()
  } finally {
    process.umask(privateMask)
  }
}

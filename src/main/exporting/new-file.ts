import { randomUUID } from 'node:crypto'
import { rename, rm, stat } from 'node:fs/promises'
import { StudioError, toErrorShape } from '../../shared/errors'

/**
 * Creates a file in one step, seen from outside: `write` fills a temporary name beside it, which then takes the file's name. Whatever goes
 * wrong, a cancel too, nothing remains and an older file of that name is untouched.
 *
 * Throws a StudioError that says what the disk said (DISK_FULL, NO_PERMISSION, NOT_FOUND …).
 */
export async function createFile(
  file: string,
  write: (temporary: string) => Promise<void>,
): Promise<{ bytes: number }> {
  const temporary = `${file}.${randomUUID()}.part`
  try {
    await write(temporary)
    const { size } = await stat(temporary)
    await rename(temporary, file)
    return { bytes: size }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error instanceof StudioError ? error : new StudioError(toErrorShape(error), { cause: error })
  }
}

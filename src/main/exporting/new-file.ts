import { randomUUID } from 'node:crypto'
import { rename, rm, stat } from 'node:fs/promises'
import { StudioError, toErrorShape } from '../../shared/errors'

/**
 * Creates a file atomically: `write` fills a temporary file in the same folder, which is then renamed. If it fails or is cancelled, nothing remains
 * and an existing file is unchanged.
 *
 * Throws a StudioError for errors of the file system (DISK_FULL, NO_PERMISSION, NOT_FOUND …).
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

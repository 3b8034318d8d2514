import { constants } from 'node:fs'
import { chmod, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes files below a folder of a tracker. They get the permissions of that folder: other people of a team are to read what is written there, although
 * this process otherwise makes files for its user only.
 */
export class TrackerFiles {
  private constructor(private readonly mode: number) {}

  /** Throws ENOENT or ENOTDIR if there is no such folder. */
  static async below(folder: string): Promise<TrackerFiles> {
    return new TrackerFiles((await stat(folder)).mode & 0o777)
  }

  async makeFolder(path: string): Promise<void> {
    const made = await mkdir(path, { recursive: true })
    if (made === undefined) return
    for (let folder = path; folder.length >= made.length; folder = dirname(folder)) await chmod(folder, this.mode)
  }

  /**
   * Writes a file in one step, seen from outside.
   * @param whenWritten called when it is on the disk, before it has its name
   */
  async write(path: string, content: string | Uint8Array, whenWritten?: () => Promise<void>): Promise<void> {
    await this.makeFolder(dirname(path))
    // A reader must not take it for a finished file.
    const temporary = `${path}.${process.pid}.tmp`.replace('tfevents', 'unfinished')
    try {
      await writeFile(temporary, content)
      await chmod(temporary, this.mode & 0o666)
      await whenWritten?.()
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Adds to a file. Throws ENOENT if somebody has removed it: what was in it must not be missing from a new one. */
  async add(path: string, content: string | Uint8Array): Promise<void> {
    const file = await open(path, constants.O_WRONLY | constants.O_APPEND)
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
  }
}

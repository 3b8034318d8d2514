import { execFileSync } from 'node:child_process'
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A small disk that can be filled, with a copy of a library. */
export interface SmallDisk {
  readonly folder: string
  readonly library: string
  /** Bytes that are free. */
  free(): number
  /** Fills it, as another program would, until `leaving` bytes are free: 0, unless another number is given. */
  fill(leaving?: number): void
  /** Takes the other program's files away. */
  clear(): void
  /** Takes the library's reserve and its backups away, as if they had been given up before. */
  useUpReserve(): void
  remove(): void
}

/**
 * Mounts a disk of `megabytes` in memory at `folder` and copies `library` onto it. Needs root (as in CI and containers); throws with the reason where
 * the system refuses: a full disk that is only pretended would show nothing.
 */
export function smallDisk(folder: string, library: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    throw new Error(
      'A small disk could not be mounted: this test needs root, and a container needs the right to mount.',
      {
        cause: error,
      },
    )
  }
  const copy = join(folder, 'library')
  cpSync(library, copy, { recursive: true })
  const filling = join(folder, 'filling')
  const free = (): number => {
    const disk = statfsSync(folder)
    return disk.bavail * disk.bsize
  }
  return {
    folder,
    library: copy,
    free,
    fill(leaving = 0) {
      const piece = Buffer.alloc(4096, 1)
      const file = openSync(filling, 'a')
      try {
        while (leaving === 0 || free() > leaving) writeSync(file, piece)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      } finally {
        closeSync(file)
      }
      if (free() > leaving) throw new Error(`The disk has ${free()} bytes left.`)
    },
    clear: () => rmSync(filling, { force: true }),
    useUpReserve() {
      rmSync(join(copy, 'reserve'), { force: true })
      for (const name of readdirSync(join(copy, 'backups'))) rmSync(join(copy, 'backups', name))
    },
    remove() {
      execFileSync('umount', [folder], { stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

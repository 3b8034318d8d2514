import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isStillRunning } from './process-owner'

/** Where imports and previews keep what does not fit in memory. */
export const scratchOf = (library: string): string => join(library, 'scratch')
/** Where files lie that were handed over. */
export const uploadsOf = (library: string): string => join(library, 'uploads')

/** Begins the name of a folder that belongs to this process. */
export const ownPrefix = `${process.pid}-`

/** Folders were once called `import-<pid>-…`. */
const ownerIn = /^(?:import-)?(\d+)-/

/** A new folder in `parent` for temporary files of this process, which removes it itself unless it dies. */
export function makeTemporaryFolder(parent: string): string {
  mkdirSync(parent, { recursive: true })
  return mkdtempSync(join(parent, ownPrefix))
}

export interface RemovedFolders {
  readonly folders: number
  readonly bytes: number
}

/** Removes the folders in `parent` of processes that have died, and says what that freed; what is not called after a process stays. */
export function removeDeadFolders(parent: string): RemovedFolders {
  let [folders, bytes] = [0, 0]
  for (const name of namesIn(parent)) {
    const folder = join(parent, name)
    const owner = ownerIn.exec(name)?.[1]
    // Another host that starts now may have removed it already.
    const state = statSync(folder, { throwIfNoEntry: false })
    if (owner === undefined || !state || isStillRunning(Number(owner), state.mtimeMs)) continue
    for (const file of namesIn(folder, true))
      bytes += statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0
    rmSync(folder, { recursive: true, force: true })
    folders++
  }
  return { folders, bytes }
}

function namesIn(folder: string, recursive = false): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: 'utf8' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

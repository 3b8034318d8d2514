import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isAlive, mayBeAlive, ownIdIn } from './process-lock'

/** The folder for data of imports and previews that do not fit in memory. */
export const temporaryFolderOf = (library: string): string => join(library, 'scratch')
/** The folder of uploaded files. */
export const uploadsOf = (library: string): string => join(library, 'uploads')

/** A new folder in `parent`, a folder of a library, for temporary files of this process, which removes it itself unless it dies. */
export function makeTemporaryFolder(parent: string): string {
  mkdirSync(parent, { recursive: true })
  return mkdtempSync(join(parent, `${ownIdIn(dirname(parent))}-`))
}

/** Whether the process at the beginning of a name has ended; folders of version 0.1 are called `<pid>-…` or `import-<pid>-…`. */
function isOfDead(library: string, name: string): boolean {
  const owner = /^([0-9a-f]{32})-/.exec(name)?.[1]
  if (owner !== undefined) return !isAlive(library, owner)
  const pid = /^(?:import-)?(\d+)-/.exec(name)?.[1]
  return pid !== undefined && !mayBeAlive(Number(pid))
}

export interface RemovedFolders {
  readonly folders: number
  readonly bytes: number
}

/** Removes the folders in `parent` of processes that have died, and returns the freed bytes; folders with other names stay. */
export function removeDeadFolders(parent: string): RemovedFolders {
  let [folders, bytes] = [0, 0]
  for (const name of namesIn(parent)) {
    const folder = join(parent, name)
    if (!isOfDead(dirname(parent), name)) continue
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

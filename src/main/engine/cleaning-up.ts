import { toErrorShape } from '../../shared/errors'
import { formatBytes } from '../../shared/format'
import { removeDeadFolders, scratchOf, uploadsOf } from '../store/temporary-folders'

/** Removes the temporary files of programs that died, and says so in a sentence; null where there were none. */
export function removeTemporaryFiles(library: string): string | null {
  try {
    const removed = [scratchOf(library), uploadsOf(library)].map(removeDeadFolders)
    const bytes = removed.reduce((sum, part) => sum + part.bytes, 0)
    return removed.some(({ folders }) => folders > 0)
      ? `VASP Studio had ended unexpectedly: the temporary files of its imports (${formatBytes(bytes)}) were removed.`
      : null
  } catch (error) {
    return `Temporary files of an import that ended early could not be removed: ${toErrorShape(error).message}`
  }
}

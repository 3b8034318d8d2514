import { toErrorShape } from '../../shared/errors'
import { formatBytes, formatCount } from '../../shared/format'
import { sweepLocks } from '../store/process-lock'
import { removeStrayFiles } from '../store/stray-files'
import type { Store } from '../store/store'
import { removeDeadFolders, scratchOf, uploadsOf } from '../store/temporary-folders'

/**
 * Removes the files of programs that were killed (temporary ones, weights and exports that no row names, half-written output files beside `--out`) and
 * goes on with deletions that were cut short. What a living program writes stays. Says so in a sentence; null where there was nothing.
 */
export function removeLeftFiles(store: Store): string | null {
  const { library } = store
  try {
    const folders = [scratchOf(library), uploadsOf(library)].map(removeDeadFolders)
    store.exports.deleteAbandoned()
    const files = [store.pendingFiles.removeLeft(), removeStrayFiles(store)]
    sweepLocks(library)
    // Last: on a full disk the files have to make room first.
    store.datasets.removeUnseen()
    const bytes = [...folders, ...files].reduce((sum, part) => sum + part.bytes, 0)
    const count = files.reduce((sum, part) => sum + part.files, 0)
    const removed = [
      ...(folders.some((part) => part.folders > 0) ? ['the temporary files of its imports'] : []),
      ...(count > 0 ? [`${formatCount(count)} unfinished or deleted ${count === 1 ? 'file' : 'files'}`] : []),
    ]
    return removed.length === 0
      ? null
      : `VASP Studio had ended unexpectedly: ${removed.join(' and ')} (${formatBytes(bytes)}) were removed.`
  } catch (error) {
    return `Files that a killed VASP Studio left could not be removed: ${toErrorShape(error).message}`
  }
}

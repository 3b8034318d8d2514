import { toErrorShape } from '../../shared/errors'
import { formatBytes, formatCount } from '../../shared/format'
import { isAlive, sweepLocks } from '../store/process-lock'
import { removeStrayFiles } from '../store/stray-files'
import type { Store } from '../store/store'
import { removeDeadFolders, temporaryFolderOf, uploadsOf } from '../store/temporary-folders'
import { deleteRemovedRuns } from './deleting'

/**
 * Removes the files of killed processes (temporary files, weights and exports without a row, half-written output files of `--out`) and finishes
 * interrupted deletions. Files of living processes stay. Returns a sentence about it; null if there was nothing.
 */
export function removeLeftFiles(store: Store): string | null {
  const { library } = store
  try {
    const folders = [temporaryFolderOf(library), uploadsOf(library)].map(removeDeadFolders)
    store.exports.deleteAbandoned()
    deleteRemovedRuns(store, (owner) => !isAlive(library, owner))
    const files = [store.pendingFiles.removeLeft(), removeStrayFiles(store)]
    sweepLocks(library)
    // Last, because on a full disk deleting files must make room first.
    store.datasets.removeUnseen()
    const bytes = [...folders, ...files].reduce((sum, part) => sum + part.bytes, 0)
    const count = files.reduce((sum, part) => sum + part.files, 0)
    const removed = [
      ...(folders.some((part) => part.folders > 0) ? ['temporary files of imports'] : []),
      ...(count > 0 ? [`${formatCount(count)} unfinished or deleted ${count === 1 ? 'file' : 'files'}`] : []),
    ]
    return removed.length === 0
      ? null
      : `Removed what interrupted work had left: ${removed.join(' and ')} (${formatBytes(bytes)}).`
  } catch (error) {
    return `Files that a killed VASP Studio left could not be removed: ${toErrorShape(error).message}`
  }
}

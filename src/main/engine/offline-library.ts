import { statSync } from 'node:fs'
import { join } from 'node:path'
import { notFound } from '../../shared/errors'
import type { LibraryBackup, LibraryCheck, LibraryStep, Repaired, Restored } from '../../shared/library'
import { openStore } from '../store/open'
import { backupsIn, chosenBackup, removeBackup } from '../store/maintenance/backup-files'
import { makeBackup } from '../store/maintenance/backups'
import { checkLibrary } from '../store/maintenance/check'
import { rememberCheck } from '../store/maintenance/last-check'
import { repairLibrary } from '../store/maintenance/repair'
import { restoreLibrary } from '../store/maintenance/restore'

/** Maintenance of a library without an engine; the library may be damaged. */
export interface OfflineLibrary {
  check(): Promise<LibraryCheck>
  /** @param dropDamaged also removes damaged data sets with their runs */
  repair(dropDamaged: boolean): Promise<Repaired>
  /** @param file name of a backup; null: the newest */
  restore(file: string | null): Promise<Restored>
  backUp(): Promise<LibraryBackup>
  backups(): LibraryBackup[]
  deleteBackup(file: string): LibraryBackup
}

/** Throws NOT_FOUND if `library` is not a folder of a library. */
export function offlineLibrary(library: string, progress: (step: LibraryStep) => void): OfflineLibrary {
  if (!['library.db', 'weights', 'backups'].some((name) => statSync(join(library, name), { throwIfNoEntry: false })))
    throw notFound(`There is no library in ${library}.`, 'Set the library folder with --library or VASP_LIBRARY.')
  const context = { progress, signal: new AbortController().signal }
  return {
    async check() {
      const check = await checkLibrary(library, context)
      rememberCheck(library, check)
      return check
    },
    repair: (dropDamaged) => repairLibrary(library, dropDamaged, context),
    restore: (file) => restoreLibrary(library, file, context),
    async backUp() {
      const store = openStore(library)
      const policy = store.settings.read().keptBackups
      store.close()
      const made = await makeBackup(library, 'asked', { policy, onlyIfChanged: false }, context)
      if (!made) throw new Error('A requested backup is always made.')
      return made
    },
    backups: () => backupsIn(library),
    deleteBackup(file) {
      const backup = chosenBackup(library, file)
      removeBackup(library, backup)
      return backup
    },
  }
}

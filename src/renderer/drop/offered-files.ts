import { shallowRef, type ShallowRef } from 'vue'

interface OfferedFiles {
  /** The files that nobody has taken yet. */
  readonly files: Readonly<ShallowRef<readonly File[]>>
  /** Keeps files that were dropped on one page for another, which the drop opens. */
  offer(files: readonly File[]): void
  /** Takes them, once. */
  take(): readonly File[]
}

function offeredFiles(): OfferedFiles {
  const files = shallowRef<readonly File[]>([])
  return {
    files,
    offer: (dropped) => (files.value = dropped),
    take() {
      const taken = files.value
      files.value = []
      return taken
    },
  }
}

/** Tables, for the import page. */
export const offeredTables = offeredFiles()
/** Files of runs, for the page of runs. */
export const offeredRuns = offeredFiles()

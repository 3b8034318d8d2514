/** More files of a folder are not looked at: nobody's export has them. */
const mostFiles = 1000

/** The files that were dropped, those in dropped folders among them. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  // All of this must be asked for before anything is waited for: the list is empty afterwards.
  const plain = [...dropped.files]
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (!entries.some((entry) => entry.isDirectory)) return plain
  const files: File[] = []
  for (const entry of entries) await collect(entry, files)
  return files
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (files.length >= mostFiles || entry.name.startsWith('.')) return
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    // The same as for a chosen folder, so that files of the same name in two folders stay distinct.
    Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) })
    files.push(file)
  } else if (entry instanceof FileSystemDirectoryEntry) {
    const reader = entry.createReader()
    // A reader hands over a hundred entries at a time, and none at its end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) return
      for (const inner of some) await collect(inner, files)
    }
  }
}

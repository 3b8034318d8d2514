/** The maximum number of files of a folder; larger exports are not known. */
const mostFiles = 1000

/** The dropped files, including those in dropped folders. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  // All entries must be read before the first await, because the list is empty afterwards.
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
    // The same path as for a chosen folder, so that files of the same name in two folders stay distinct.
    Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) })
    files.push(file)
  } else if (entry instanceof FileSystemDirectoryEntry) {
    const reader = entry.createReader()
    // A reader returns a hundred entries at a time, and none at its end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) return
      for (const inner of some) await collect(inner, files)
    }
  }
}

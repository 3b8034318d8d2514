let offered: readonly File[] = []

/** Keeps files dropped on one page for the import page, which the drop opens. */
export function offerFiles(files: readonly File[]): void {
  offered = files
}

/** Takes the files that were dropped on another page, once. */
export function takeOfferedFiles(): readonly File[] {
  const files = offered
  offered = []
  return files
}

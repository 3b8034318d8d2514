import { onMounted, onUnmounted, ref, type Ref } from 'vue'

let offered: readonly File[] = []

/** Keeps files dropped on one page for the import page, which the drop opens. */
export function offerFiles(files: readonly File[]): void {
  offered = files
}

/** Takes the files that were dropped elsewhere, once. */
export function takeOfferedFiles(): readonly File[] {
  const files = offered
  offered = []
  return files
}

/** Accepts files dropped anywhere on the window while the calling page is shown. */
export function useFileDrop(receive: (files: readonly File[]) => void): { hovering: Ref<boolean> } {
  const hovering = ref(false)

  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  const over = (event: DragEvent): void => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    hovering.value = true
  }
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) hovering.value = false
  }
  const drop = (event: DragEvent): void => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    hovering.value = false
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length > 0) receive(files)
  }

  onMounted(() => {
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
  })
  onUnmounted(() => {
    window.removeEventListener('dragover', over)
    window.removeEventListener('dragleave', leave)
    window.removeEventListener('drop', drop)
  })
  return { hovering }
}

const looksLikeItems = /movie|item|title|product|book|track|song|artist|catalog|metadata/i

/** Which of several dropped files is the ratings file and which the item file, by name; the person can swap them. */
export function sortFiles(files: readonly File[]): { ratings: File | null; items: File | null } {
  const ratings =
    files.find((file) => /rating|interaction|event|click|purchase|listen|view/i.test(file.name)) ??
    files.find((file) => !looksLikeItems.test(file.name)) ??
    files[0] ??
    null
  const items = files.find((file) => file !== ratings && looksLikeItems.test(file.name)) ?? null
  return { ratings, items }
}

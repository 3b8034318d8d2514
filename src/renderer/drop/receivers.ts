import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'

/** The receivers of files that are dropped on the window. */
export interface Receiver {
  /** The effect of a drop; shown while files are held over the window. */
  readonly prompt: string
  take(files: readonly File[]): void
}

const receivers = shallowRef<readonly Receiver[]>([])

/** The last mounted receiver gets the files: a dialog before its page, a page before the window. */
export const receiver: ComputedRef<Receiver | null> = computed(() => receivers.value.at(-1) ?? null)

/** Receives dropped files while the calling component is mounted. */
export function useDroppedFiles(mine: Receiver): void {
  receivers.value = [...receivers.value, mine]
  onScopeDispose(() => (receivers.value = receivers.value.filter((other) => other !== mine)))
}

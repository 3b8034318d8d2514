import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'

/** Who takes files that are dropped on the window. */
export interface Receiver {
  /** What a drop will do; shown while files are held over the window. */
  readonly prompt: string
  take(files: readonly File[]): void
}

const receivers = shallowRef<readonly Receiver[]>([])

/** The latest that is there takes the files: a dialog before its page, a page before the window. */
export const receiver: ComputedRef<Receiver | null> = computed(() => receivers.value.at(-1) ?? null)

/** Takes dropped files for as long as the calling component is there. */
export function useDroppedFiles(mine: Receiver): void {
  receivers.value = [...receivers.value, mine]
  onScopeDispose(() => (receivers.value = receivers.value.filter((other) => other !== mine)))
}

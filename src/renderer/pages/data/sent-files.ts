import { computed, ref, shallowRef } from 'vue'
import type { FileHandle } from '../../../shared/ids'
import { client } from '../../rpc'
import { uploadFile } from '../../upload'
import type { ChosenFile } from './chosen-files'

/** The files that the engine holds for an import. */
export interface SentFiles {
  readonly ratings: readonly FileHandle[]
  readonly items: FileHandle | null
}

/** Sends files one after the other, with the bytes that have arrived. */
export function useSending() {
  const total = ref(0)
  const sent = ref(0)
  const name = ref('')
  const held = shallowRef<SentFiles | null>(null)

  async function send(files: readonly ChosenFile[], signal: AbortSignal): Promise<SentFiles> {
    const wanted = files.filter(({ role }) => role !== 'none')
    total.value = wanted.reduce((sum, { file }) => sum + file.size, 0)
    sent.value = 0
    const ratings: FileHandle[] = []
    let items: FileHandle | null = null
    let before = 0
    try {
      for (const { file, role } of wanted) {
        name.value = file.name
        const handle = await uploadFile(file, { signal, onProgress: (bytes) => (sent.value = before + bytes) })
        if (role === 'items') items = handle
        else ratings.push(handle)
        before += file.size
      }
    } catch (error) {
      discardAll({ ratings, items })
      throw error
    }
    held.value = { ratings, items }
    return held.value
  }

  /** Throws away what the engine holds. */
  function discard(): void {
    if (held.value) discardAll(held.value)
    held.value = null
  }

  const progress = computed(() => ({
    stage: sent.value < total.value ? `Reading ${name.value}` : 'Looking at the columns',
    done: sent.value,
    total: total.value,
    unit: 'bytes',
    secondsLeft: null,
  }))
  return { total, held, progress, send, discard }
}

function discardAll({ ratings, items }: SentFiles): void {
  for (const handle of [...ratings, ...(items ? [items] : [])]) {
    // The host clears leftovers at its next start anyway.
    client.system.discardUpload({ handle }).catch(() => undefined)
  }
}

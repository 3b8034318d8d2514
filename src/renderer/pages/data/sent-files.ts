import { computed, ref, shallowRef } from 'vue'
import type { FileRole } from '../../../shared/found-files'
import type { FileHandle } from '../../../shared/ids'
import { client } from '../../rpc'
import { uploadFile } from '../../upload'
import type { ChosenFile } from './chosen-files'

/** The uploaded files of an import. */
export interface SentFiles {
  readonly ratings: readonly FileHandle[]
  readonly items: FileHandle | null
  /** Files whose columns are added to the rows of the ratings. */
  readonly joined: readonly FileHandle[]
}

/** Uploads files one after the other, and counts the bytes that have arrived. */
export function useSending() {
  const total = ref(0)
  const sent = ref(0)
  const name = ref('')
  const held = shallowRef<SentFiles | null>(null)

  /** The handles of all uploaded files, whether they are still needed or not. */
  const handles = new Map<File, FileHandle>()

  async function send(files: readonly ChosenFile[], signal: AbortSignal): Promise<SentFiles> {
    const wanted = files.filter(({ found }) => found.role !== 'left out')
    const missing = wanted.filter(({ file }) => !handles.has(file))
    total.value = missing.reduce((sum, { file }) => sum + file.size, 0)
    sent.value = 0
    let before = 0
    for (const { file } of missing) {
      name.value = file.name
      handles.set(file, await uploadFile(file, { signal, onProgress: (bytes) => (sent.value = before + bytes) }))
      before += file.size
    }
    signal.throwIfAborted()
    const of = (role: FileRole): FileHandle[] =>
      wanted.flatMap(({ file, found }) => (found.role === role ? [handles.get(file)!] : []))
    held.value = { ratings: of('ratings'), items: of('items')[0] ?? null, joined: of('joined') }
    return held.value
  }

  /** Discards the uploaded files. */
  function discard(): void {
    for (const handle of handles.values()) {
      // The host removes leftovers at its next start.
      client.system.discardUpload({ handle }).catch(() => undefined)
    }
    handles.clear()
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

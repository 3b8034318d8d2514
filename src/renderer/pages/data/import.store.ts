import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import { importResult, type DuplicatePolicy, type ImportPreview, type ImportResult } from '../../../shared/datasets'
import type { ErrorShape } from '../../../shared/errors'
import type { FileHandle, JobId } from '../../../shared/ids'
import { asFailure } from '../../failure'
import { useJobs } from '../../jobs/jobs.store'
import { client } from '../../rpc'
import { uploadFile } from '../../upload'
import { importInto } from './import-target'
import { checkMapping, complete, completeItems, draftOf, nameFromFile, type DraftMapping } from './mapping-checks'

type Step = 'choose' | 'reading' | 'map' | 'importing' | 'done'

/** One import from the first file to its summary; lives outside the page, so that leaving the page loses nothing. */
export const useImport = defineStore('import', () => {
  const jobs = useJobs()
  const step = ref<Step>('choose')
  const ratings = shallowRef<File | null>(null)
  const items = shallowRef<File | null>(null)
  const sent = ref(0)
  const preview = shallowRef<ImportPreview | null>(null)
  const failure = shallowRef<ErrorShape | null>(null)
  const name = ref('')
  const mapping = reactive<DraftMapping>(draftOf(null))
  const itemMapping = reactive<{ item: string | null; title: string | null; genres: string | null }>({
    item: null,
    title: null,
    genres: null,
  })
  const duplicates = ref<DuplicatePolicy>('last')
  const job = shallowRef<JobId | null>(null)
  const result = shallowRef<ImportResult | null>(null)
  let handles: { ratings: FileHandle; items: FileHandle | null } | null = null
  let uploading: AbortController | null = null

  const totalBytes = computed(() => (ratings.value?.size ?? 0) + (items.value?.size ?? 0))
  const checks = computed(() => (preview.value ? checkMapping(preview.value.ratings, mapping) : []))
  const canImport = computed(() => name.value.trim() !== '' && complete(mapping) !== null)

  /** Sends both files and asks what is in them. */
  async function read(): Promise<void> {
    const file = ratings.value
    if (!file) return
    const controller = new AbortController()
    uploading = controller
    step.value = 'reading'
    failure.value = null
    sent.value = 0
    try {
      const send = (part: File, before: number): Promise<FileHandle> =>
        uploadFile(part, { signal: controller.signal, onProgress: (bytes) => (sent.value = before + bytes) })
      const ratingsHandle = await send(file, 0)
      const itemsHandle = items.value ? await send(items.value, file.size) : null
      handles = { ratings: ratingsHandle, items: itemsHandle }
      const found = await client.datasets.preview(
        { ratings: [ratingsHandle], items: itemsHandle },
        { signal: controller.signal },
      )
      preview.value = found
      Object.assign(mapping, draftOf(found.mapping))
      Object.assign(itemMapping, found.itemMapping ?? { item: null, title: null, genres: null })
      name.value ||= nameFromFile(file.name)
      step.value = 'map'
    } catch (error) {
      if (uploading !== controller) return
      step.value = 'choose'
      if (!controller.signal.aborted) failure.value = asFailure(error)
    }
  }

  /** Shows another table of a database or sheet of a workbook. */
  async function choosePart(part: string): Promise<void> {
    if (!handles) return
    failure.value = null
    try {
      const found = await client.datasets.preview({ ratings: [handles.ratings], items: handles.items, part })
      preview.value = found
      Object.assign(mapping, draftOf(found.mapping))
    } catch (error) {
      failure.value = asFailure(error)
    }
  }

  async function start(): Promise<void> {
    const wanted = complete(mapping)
    if (!wanted || !handles) return
    failure.value = null
    result.value = null
    try {
      const started = await client.datasets.import({
        name: name.value.trim(),
        ratings: [handles.ratings],
        items: handles.items,
        mapping: wanted,
        itemMapping: preview.value?.items ? completeItems(itemMapping) : null,
        duplicates: duplicates.value,
        part: preview.value?.ratings.parts[0] ?? null,
        into: importInto(),
      })
      job.value = started.job
      step.value = 'importing'
      await jobs.follow(started.job)
    } catch (error) {
      failure.value = asFailure(error)
    }
  }

  jobs.onEnd((ended, ending) => {
    if (ended.id !== job.value) return
    job.value = null
    if (ending.type === 'finished') {
      const summary = importResult.safeParse(ending.result)
      if (summary.success) {
        result.value = summary.data
        step.value = 'done'
      } else {
        step.value = 'choose'
        failure.value = asFailure(summary.error)
      }
      return
    }
    step.value = 'map'
    failure.value = ending.type === 'failed' ? ending.error : null
  })

  function cancelReading(): void {
    uploading?.abort()
    uploading = null
    step.value = 'choose'
  }

  /** Back to the empty form; what was sent but not imported is thrown away. */
  function reset(): void {
    uploading?.abort()
    uploading = null
    if (handles && step.value === 'map') {
      for (const handle of [handles.ratings, handles.items]) {
        // The host clears leftovers at its next start anyway.
        if (handle) client.system.discardUpload({ handle }).catch(() => undefined)
      }
    }
    handles = null
    ratings.value = null
    items.value = null
    preview.value = null
    failure.value = null
    result.value = null
    name.value = ''
    duplicates.value = 'last'
    step.value = 'choose'
  }

  return {
    step,
    ratings,
    items,
    sent,
    totalBytes,
    preview,
    failure,
    name,
    mapping,
    itemMapping,
    duplicates,
    choosePart,
    job,
    result,
    checks,
    canImport,
    read,
    start,
    cancelReading,
    reset,
  }
})

import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import { importResult, type DuplicatePolicy, type ImportPreview, type ImportResult } from '../../../shared/datasets'
import type { ErrorShape } from '../../../shared/errors'
import type { JobId } from '../../../shared/ids'
import type { ForecastRequest, ImportForecast } from '../../../shared/import-forecast'
import { shapeOf, type TemplateSettings } from '../../../shared/import-templates'
import type { ReadingOverrides } from '../../../shared/reading'
import { asFailure } from '../../failure'
import { useJobs } from '../../jobs/jobs.store'
import { client } from '../../rpc'
import { useSettings } from '../../shell/settings.store'
import { type ChosenFile, type FileRole, nameOf, withFiles, withRole } from './chosen-files'
import { importInto } from './import-target'
import { checkMapping, complete, completeItems, draftOf, missingColumns, type DraftMapping } from './mapping-checks'
import { type EarlierReading, readAsBefore } from './earlier-reading'
import { useSending } from './sent-files'

type Step = 'choose' | 'reading' | 'map' | 'review' | 'importing' | 'done'
const noItems: { item: string | null; title: string | null; genres: string | null } = {
  item: null,
  title: null,
  genres: null,
}

/** One import from the first file to its summary; lives outside the page, so that leaving the page loses nothing. */
export const useImport = defineStore('import', () => {
  const jobs = useJobs()
  const settings = useSettings()
  const sending = useSending()
  const step = ref<Step>('choose')
  const files = shallowRef<readonly ChosenFile[]>([])
  const preview = shallowRef<ImportPreview | null>(null)
  /** What files of this shape are told by: as they were detected, before anybody said how they are written. */
  const shape = ref('')
  const reading = shallowRef<ReadingOverrides>({})
  const part = ref<string | null>(null)
  /** How the version before the new one was read, and whether the files are read so; null: they make a data set of their own. */
  const earlier = shallowRef<EarlierReading | null>(null)
  const lookingAgain = ref(false)
  const failure = shallowRef<ErrorShape | null>(null)
  const name = ref('')
  const mapping = reactive<DraftMapping>(draftOf(null))
  const itemMapping = reactive({ ...noItems })
  const duplicates = ref<DuplicatePolicy>('last')
  /** Rows that the files probably have, once they were looked through. */
  const expectedRows = ref<number | null>(null)
  /** Share of rejected rows at which the import stops; null: nowhere. */
  const mostRejected = ref<number | null>(null)
  const job = shallowRef<JobId | null>(null)
  const result = shallowRef<ImportResult | null>(null)
  let asking: AbortController | null = null

  const hasRatings = computed(() => files.value.some(({ role }) => role === 'ratings'))
  /** What the import would make of the files as they are mapped now; null until that is told. */
  const forecast = shallowRef<ImportForecast | null>(null)
  const checks = computed(() => (preview.value ? checkMapping(preview.value.ratings, mapping, forecast.value) : []))
  const wanted = computed(() => complete(mapping))
  const forecastRequest = computed<ForecastRequest | null>(() =>
    wanted.value && sending.held.value
      ? {
          ratings: [...sending.held.value.ratings],
          mapping: wanted.value,
          duplicates: duplicates.value,
          part: part.value,
          reading: reading.value,
        }
      : null,
  )
  const canImport = computed(() => name.value.trim() !== '' && wanted.value !== null)

  function add(added: readonly File[]): void {
    files.value = withFiles(files.value, added)
    failure.value = null
  }
  const remove = (chosen: ChosenFile): void => void (files.value = files.value.filter((other) => other !== chosen))
  const setRole = (chosen: ChosenFile, role: FileRole): void => void (files.value = withRole(files.value, chosen, role))

  function take(found: ImportPreview, suggested: boolean): void {
    preview.value = found
    part.value = found.ratings.parts[0] ?? null
    if (suggested || missingColumns(found.ratings, mapping).length > 0) {
      Object.assign(mapping, draftOf(found.mapping))
      Object.assign(itemMapping, found.itemMapping ?? noItems)
    }
  }

  /** Sends the files and asks what is in them. */
  async function read(): Promise<void> {
    const controller = new AbortController()
    asking = controller
    step.value = 'reading'
    failure.value = null
    reading.value = {}
    expectedRows.value = null
    try {
      const sent = await sending.send(files.value, controller.signal)
      const found = await client.datasets.preview(
        { ratings: [...sent.ratings], items: sent.items },
        { signal: controller.signal },
      )
      take(found, true)
      shape.value = shapeOf(found.ratings)
      name.value ||= nameOf(files.value, found.ratings.name)
      duplicates.value = settings.importDuplicates
      earlier.value = null
      takeEarlier(await readAsBefore(importInto(), sent, found, controller.signal))
      step.value = 'map'
    } catch (error) {
      sending.discard()
      if (asking !== controller) return
      step.value = 'choose'
      if (!controller.signal.aborted) failure.value = asFailure(error)
    }
  }

  /** Looks at the files again, read otherwise or at another table of theirs; what was chosen stays where its columns are still there. */
  async function look(changed: { reading?: ReadingOverrides; part?: string | null }): Promise<void> {
    const sent = sending.held.value
    if (!sent) return
    if (changed.reading) reading.value = changed.reading
    const wantedPart = changed.part === undefined ? part.value : changed.part
    asking?.abort()
    const controller = new AbortController()
    asking = controller
    lookingAgain.value = true
    failure.value = null
    try {
      const found = await client.datasets.preview(
        { ratings: [...sent.ratings], items: sent.items, part: wantedPart, reading: reading.value },
        { signal: controller.signal },
      )
      if (asking === controller) take(found, false)
    } catch (error) {
      if (asking === controller && !controller.signal.aborted) failure.value = asFailure(error)
    } finally {
      if (asking === controller) lookingAgain.value = false
    }
  }

  function takeEarlier(again: Awaited<ReturnType<typeof readAsBefore>>): void {
    if (!again) return
    const { earlier: before, found } = again
    earlier.value = before
    if (!before.used) return
    const { settings: kept } = before
    reading.value = kept.reading
    duplicates.value = kept.duplicates
    take(found, true)
    if (before.lost.length === 0) Object.assign(mapping, draftOf(kept.mapping))
    const { items } = found
    if (items && kept.itemMapping && items.columns.some(({ name }) => name === kept.itemMapping?.item))
      Object.assign(itemMapping, kept.itemMapping)
  }

  /** Looks at the files as if no version had been there before. */
  async function readAnew(): Promise<void> {
    const before = earlier.value
    await look({ reading: {}, part: null })
    if (failure.value || !before || !preview.value) return
    take(preview.value, true)
    earlier.value = { ...before, used: false, lost: [] }
  }

  async function readAsEarlier(): Promise<void> {
    const [sent, detected] = [sending.held.value, preview.value]
    if (!sent || !detected) return
    lookingAgain.value = true
    failure.value = null
    try {
      takeEarlier(await readAsBefore(importInto(), sent, detected, new AbortController().signal))
    } catch (error) {
      failure.value = asFailure(error)
    } finally {
      lookingAgain.value = false
    }
  }

  /** What a template of this import holds. */
  const asTemplate = computed<TemplateSettings | null>(
    () =>
      wanted.value && {
        mapping: wanted.value,
        itemMapping: preview.value?.items ? completeItems(itemMapping) : null,
        duplicates: duplicates.value,
        reading: reading.value,
        part: (preview.value?.ratings.parts.length ?? 0) > 1 ? part.value : null,
      },
  )

  async function applyTemplate(template: TemplateSettings): Promise<void> {
    Object.assign(mapping, draftOf(template.mapping))
    if (preview.value?.items && template.itemMapping) Object.assign(itemMapping, template.itemMapping)
    duplicates.value = template.duplicates
    await look({ reading: template.reading, part: template.part })
  }

  async function start(): Promise<void> {
    const sent = sending.held.value
    if (!wanted.value || !sent) return
    failure.value = null
    result.value = null
    void settings.rememberDuplicates(duplicates.value)
    try {
      const started = await client.datasets.import({
        name: name.value.trim(),
        ratings: [...sent.ratings],
        items: sent.items,
        mapping: wanted.value,
        itemMapping: preview.value?.items ? completeItems(itemMapping) : null,
        duplicates: duplicates.value,
        maxRejects: mostRejected.value === null ? null : { share: mostRejected.value },
        part: part.value,
        reading: reading.value,
        choices: preview.value?.choices ?? [],
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
        // The engine has thrown the files away.
        sending.held.value = null
        step.value = 'done'
      } else {
        step.value = 'choose'
        failure.value = asFailure(summary.error)
      }
      return
    }
    step.value = 'review'
    failure.value = ending.type === 'failed' ? ending.error : null
  })

  function cancelReading(): void {
    asking?.abort()
    asking = null
    step.value = 'choose'
  }

  /** Back to the choice of files, which stay; what was sent is thrown away. */
  function back(): void {
    asking?.abort()
    asking = null
    lookingAgain.value = false
    failure.value = null
    sending.discard()
    step.value = 'choose'
  }

  /** Back to the empty form. */
  function reset(): void {
    back()
    files.value = []
    preview.value = null
    earlier.value = null
    result.value = null
    name.value = ''
  }

  return {
    step,
    files,
    hasRatings,
    add,
    remove,
    setRole,
    sent: sending.held,
    totalBytes: sending.total,
    progress: sending.progress,
    preview,
    shape,
    reading,
    part,
    earlier,
    lookingAgain,
    failure,
    name,
    mapping,
    itemMapping,
    duplicates,
    mostRejected,
    expectedRows,
    job,
    result,
    checks,
    wanted,
    forecast,
    forecastRequest,
    canImport,
    asTemplate,
    read,
    look,
    applyTemplate,
    readAnew,
    readAsEarlier,
    start,
    cancelReading,
    back,
    reset,
  }
})

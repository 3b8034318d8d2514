import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import {
  type ChosenColumns,
  importResult,
  type DuplicatePolicy,
  type FilePreview,
  type ImportPreview,
  type ImportResult,
  usualDuplicates,
} from '../../../shared/datasets'
import { badInput, type ErrorShape } from '../../../shared/errors'
import { fileChoices } from '../../../shared/file-choices'
import { formatCount } from '../../../shared/format'
import { type FileRole, type FoundFile, mostFiles, withRole, withRoles } from '../../../shared/found-files'
import type { JobId } from '../../../shared/ids'
import type { ForecastRequest, ImportForecast } from '../../../shared/import-forecast'
import { shapesOf, type TemplateSettings } from '../../../shared/import-templates'
import type { CountedEvent } from '../../../shared/interaction-value'
import { type ItemsReading, type ReadingOverrides, warningsOf } from '../../../shared/reading'
import { asFailure } from '../../failure'
import { useJobs } from '../../jobs/jobs.store'
import { useLatestWork } from '../../latest-work'
import { client } from '../../rpc'
import { type ChosenFile, nameOf, pathOf, sortFiles, withFiles } from './chosen-files'
import { importInto } from './import-target'
import { checkMapping, complete, completeItems, draftOf, type DraftMapping, type Role } from './mapping-checks'
import { besideRemaining, namedColumns } from '../../../shared/kept-reading'
import { type EarlierReading, noneLost, readAsBefore } from './earlier-reading'
import { type SentFiles, useSending } from './sent-files'

type Step = 'choose' | 'reading' | 'map' | 'review' | 'importing' | 'done'
const noItems: { item: string | null; title: string | null; genres: string | null } = {
  item: null,
  title: null,
  genres: null,
}

/** The chosen columns that a file has; the choice of no column for a role holds for any file. */
const ofFile = (chosen: ChosenColumns, { columns }: FilePreview): ChosenColumns =>
  Object.fromEntries(
    Object.entries(chosen).filter(([, column]) => column === null || columns.some(({ name }) => name === column)),
  )

/** One import from the first file to its summary; it is kept outside the page, so that leaving the page loses nothing. */
export const useImport = defineStore('import', () => {
  const jobs = useJobs()
  const sending = useSending()
  /**
   * Uploads and questions, in the order of the user's choices: each choice cancels the work under way, and an answer becomes the draft that the user
   * continues to edit. So these are not queries, whose answers could be replaced by newer ones at any time.
   */
  const asking = useLatestWork()
  const step = ref<Step>('choose')
  const chosenFiles = shallowRef<readonly File[]>([])
  /** The chosen files with their roles; it is updated after they have been examined. */
  const sorted = shallowRef<readonly FoundFile[]>([])
  const sortingFiles = computed(() => asking.working.value && step.value === 'choose')
  /** The files of an unfinished import, set aside when files of another one were dropped: they are combined only if a person says so. */
  const setAside = shallowRef<readonly File[]>([])
  /** The roles that the user gave to the chosen files and to those inside archives, by path. */
  const fileRoles = shallowRef<Readonly<Record<string, FileRole>>>({})
  const files = computed((): ChosenFile[] => {
    if (sorted.value.length !== chosenFiles.value.length) return []
    const found = withRoles(sorted.value, fileRoles.value)
    return chosenFiles.value.flatMap((file, at) => (found[at] ? [{ file, found: found[at] }] : []))
  })
  const preview = shallowRef<ImportPreview | null>(null)
  /** Identifies files of this shape: the layout as it was detected, before any choice. */
  const shapes = shallowRef<readonly string[]>([])
  const reading = shallowRef<ReadingOverrides>({})
  /** The same with the choices for single files, as in the request. */
  const asked = computed((): ReadingOverrides => ({
    ...reading.value,
    roles: { ...reading.value.roles, ...fileRoles.value },
  }))
  /** The columns that the user chose; the others are recognised again with each choice. */
  const chosen = shallowRef<ChosenColumns>({})
  /** Whether the user chose which event types count. */
  let choseEventTypes = false
  /** The sheet or table of the ratings chosen by the user, a template or the previous version; null for the likeliest. */
  const table = ref<string | null>(null)
  /** How the previous version was read, and whether the files are read in the same way; null for a new data set. */
  const earlier = shallowRef<EarlierReading | null>(null)
  const lookingAgain = computed(() => asking.working.value && step.value === 'map')
  /** Why the import ended without a data set. */
  const notImported = shallowRef<ErrorShape | null>(null)
  const failure = computed(() => asking.failure.value ?? notImported.value)
  const name = ref('')
  const mapping = reactive<DraftMapping>(draftOf(null))
  const itemMapping = reactive({ ...noItems })
  /** What a person, a template or the previous version says of repeated rows; null: the usual for the mapping. */
  const chosenDuplicates = ref<DuplicatePolicy | null>(null)
  const duplicates = computed<DuplicatePolicy>({
    get: () => chosenDuplicates.value ?? usualDuplicates(mapping),
    set: (policy) => (chosenDuplicates.value = policy),
  })
  /** The estimated number of rows of the files, once they have been examined. */
  const expectedRows = ref<number | null>(null)
  /** The share of rejected rows at which the import stops; null: no limit. */
  const mostRejected = ref<number | null>(null)
  const job = shallowRef<JobId | null>(null)
  const result = shallowRef<ImportResult | null>(null)

  const hasRatings = computed(() => !sortingFiles.value && files.value.some(({ found }) => found.role === 'ratings'))
  /** The forecast of the import with the current mapping; null until it is known. */
  const forecast = shallowRef<ImportForecast | null>(null)
  const checks = computed(() =>
    preview.value ? checkMapping(preview.value.ratings, mapping, forecast.value, preview.value.choices) : [],
  )
  const wanted = computed(() => complete(mapping))
  const forecastRequest = computed<ForecastRequest | null>(() =>
    wanted.value && sending.held.value
      ? {
          ratings: [...sending.held.value.ratings],
          mapping: wanted.value,
          duplicates: duplicates.value,
          table: table.value,
          reading: asked.value,
        }
      : null,
  )

  /** Asks the engine step by step; the next question cancels it. Null if it failed or was cancelled. */
  function ask<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result | null> {
    notImported.value = null
    return asking.begin(work)
  }

  /** The files that are still being examined before they become the chosen files. */
  let pending: readonly File[] | null = null
  const add = (added: readonly File[]): Promise<void> => chooseFiles(withFiles(pending ?? chosenFiles.value, added))
  /** Starts a new import with files. */
  function begin(files: readonly File[]): Promise<void> {
    const left = step.value === 'done' ? [] : chosenFiles.value
    reset()
    const paths = new Set(files.map(pathOf))
    setAside.value = left.filter((file) => !paths.has(pathOf(file)))
    return add(files)
  }
  function addSetAside(): Promise<void> {
    const files = setAside.value
    setAside.value = []
    return add(files)
  }
  const remove = (file: File): Promise<void> =>
    chooseFiles((pending ?? chosenFiles.value).filter((other) => other !== file))

  /** Replaces the chosen files once their roles are known, because each role depends on all of the files. */
  async function chooseFiles(wanted: readonly File[]): Promise<void> {
    pending = wanted
    const found = await ask(async (signal) => {
      if (wanted.length > mostFiles)
        throw badInput(
          `${formatCount(wanted.length)} files are more than the ${formatCount(mostFiles)} that can be examined together.`,
          'Choose the files with ratings and items, or pack the folder as a ZIP archive.',
        )
      return wanted.length === 0 ? [] : sortFiles(wanted, signal)
    })
    if (pending === wanted) pending = null
    if (!found) return
    chosenFiles.value = wanted
    sorted.value = found
  }

  /** A preview with the roles of the files in a folder. */
  function withChosenFiles(found: ImportPreview): ImportPreview {
    if (files.value.length < 2) return found
    const ofFolder = files.value.map(({ found }) => found)
    const choices = fileChoices(ofFolder)
    return {
      ...found,
      files: [...ofFolder, ...found.files],
      choices: [...choices, ...found.choices],
      warnings: [...warningsOf(choices), ...found.warnings],
    }
  }

  function take(found: ImportPreview, first: boolean): void {
    /** Whether a person or a template chose columns of the items. */
    const choseItemColumns =
      !!preview.value && JSON.stringify(itemMapping) !== JSON.stringify(preview.value.itemMapping ?? noItems)
    preview.value = withChosenFiles(found)
    const { event, counted } = mapping
    Object.assign(mapping, draftOf(found.mapping))
    if (choseEventTypes && mapping.event === event) mapping.counted = counted
    const has = (column: string | null): boolean =>
      column === null || (found.items?.columns.some(({ name }) => name === column) ?? false)
    if (first || !choseItemColumns || !Object.values(itemMapping).every(has))
      Object.assign(itemMapping, found.itemMapping ?? noItems)
  }

  /** Uploads the files and previews them. */
  async function read(): Promise<void> {
    step.value = 'reading'
    reading.value = {}
    table.value = null
    chosen.value = {}
    choseEventTypes = false
    expectedRows.value = null
    const read = await ask(async (signal) => {
      const sent = await sending.send(files.value, signal)
      const found = await client.datasets.preview(
        { ratings: [...sent.ratings], items: sent.items, joined: [...sent.joined], reading: asked.value },
        { signal },
      )
      return { found, again: await readAsBefore(importInto(), sent, found, signal) }
    })
    if (read) {
      take(read.found, true)
      shapes.value = shapesOf(read.found.ratings)
      name.value ||= nameOf(files.value, read.found.ratings.name)
      chosenDuplicates.value = null
      earlier.value = null
      takeEarlier(read.again)
      step.value = 'map'
    } else if (failure.value) {
      sending.discard()
      step.value = 'choose'
    }
  }

  /** The preview with all choices. */
  async function previewOf(sent: SentFiles, signal: AbortSignal): Promise<ImportPreview> {
    let columns = preview.value ? ofFile(chosen.value, preview.value.ratings) : chosen.value
    for (;;) {
      const found = await client.datasets.preview(
        {
          ratings: [...sent.ratings],
          items: sent.items,
          joined: [...sent.joined],
          table: table.value,
          reading: asked.value,
          columns: choseEventTypes ? { ...columns, eventTypes: true } : columns,
          into: earlier.value?.used ? importInto()?.dataset : null,
        },
        { signal },
      )
      // With another layout, chosen columns may be missing, or be present again.
      const there = ofFile(chosen.value, found.ratings)
      if (JSON.stringify(there) === JSON.stringify(columns)) return found
      columns = there
    }
  }

  /** Previews the files again with another layout, table or columns; the user's choices are kept as long as their columns exist. */
  async function look(changed: { reading?: ReadingOverrides; table?: string | null }): Promise<ImportPreview | null> {
    const sent = sending.held.value
    if (!sent) return null
    if (changed.reading) reading.value = changed.reading
    if (changed.table !== undefined) table.value = changed.table
    const found = await ask((signal) => previewOf(sent, signal))
    if (found) take(found, false)
    return found
  }

  const withoutItems = (): ReadingOverrides => {
    const { items: _, ...others } = reading.value
    return others
  }

  /** Sets the layout of the items file. */
  const readItems = (items: ItemsReading): Promise<unknown> =>
    look({ reading: Object.keys(items).length > 0 ? { ...reading.value, items } : withoutItems() })

  /** Chooses the column of a role, and has the other columns recognised again. A column that had another role loses it. */
  async function choose(role: Role, column: string | null): Promise<void> {
    mapping[role] = column
    if (role === 'event') {
      mapping.counted = null
      choseEventTypes = false
    }
    const others = Object.entries(chosen.value).filter(([, other]) => column === null || other !== column)
    chosen.value = { ...Object.fromEntries(others), [role]: column }
    await look({})
  }

  function setCounted(counted: CountedEvent[] | null): void {
    mapping.counted = counted
    choseEventTypes = true
  }

  /** Sets the role of one of the chosen files or of a file inside an archive. */
  async function setFileRole(path: string, role: FileRole): Promise<void> {
    const found = [...files.value.map((file) => file.found), ...(preview.value?.files ?? [])]
    // The layout chosen for an items file does not apply to another one.
    if (role === 'items' || found.some((file) => file.path === path && file.role === 'items'))
      reading.value = withoutItems()
    fileRoles.value = withRole(fileRoles.value, path, role)
    if (step.value !== 'map') return
    if (files.value.some(({ found }) => found.path === path)) await sendAgain()
    else await look({})
  }

  /** Uploads the chosen files that are needed now, and previews them with the same settings. */
  async function sendAgain(): Promise<void> {
    const found = await ask(async (signal) => {
      if (!hasRatings.value)
        throw badInput(
          'None of the files has the role “Ratings or events”.',
          'Choose that role for one of them under Files.',
        )
      return previewOf(await sending.send(files.value, signal), signal)
    })
    if (found) take(found, false)
  }

  function takeEarlier(again: Awaited<ReturnType<typeof readAsBefore>>): void {
    if (!again) return
    const { earlier: before, found } = again
    earlier.value = before
    if (!before.used) return
    const { settings: kept } = before
    reading.value = kept.reading
    table.value = kept.table
    duplicates.value = kept.duplicates
    take(found, true)
    const { columns } = before.remaining
    chosen.value = columns
    choseEventTypes = columns.event !== undefined
    Object.assign(mapping, draftOf(besideRemaining(found.mapping, kept.mapping, before.remaining)))
    const { items } = found
    if (items && kept.itemMapping && items.columns.some(({ name }) => name === kept.itemMapping?.item))
      Object.assign(itemMapping, kept.itemMapping)
  }

  /** Previews the files without the settings of the previous version. */
  async function readAnew(): Promise<void> {
    const before = earlier.value
    chosen.value = {}
    choseEventTypes = false
    const found = await look({ reading: {}, table: null })
    if (!found || !before) return
    take(found, true)
    earlier.value = { ...before, used: false, remaining: noneLost }
  }

  async function readAsEarlier(): Promise<void> {
    const [sent, detected] = [sending.held.value, preview.value]
    if (!sent || !detected) return
    takeEarlier(await ask((signal) => readAsBefore(importInto(), sent, detected, signal)))
  }

  /** The settings of this import as a template. */
  const asTemplate = computed<TemplateSettings | null>(
    () =>
      wanted.value && {
        mapping: wanted.value,
        itemMapping: preview.value?.items ? completeItems(itemMapping) : null,
        duplicates: duplicates.value,
        reading: reading.value,
        table: table.value,
      },
  )

  async function applyTemplate(template: TemplateSettings): Promise<void> {
    Object.assign(mapping, draftOf(template.mapping))
    chosen.value = namedColumns(template.mapping)
    choseEventTypes = true
    if (preview.value?.items && template.itemMapping) Object.assign(itemMapping, template.itemMapping)
    duplicates.value = template.duplicates
    await look({ reading: template.reading, table: template.table })
  }

  async function start(): Promise<void> {
    const [sent, mapping] = [sending.held.value, wanted.value]
    if (!mapping || !sent || asking.working.value) return
    result.value = null
    // Without the signal: an import that was started is a job, and is cancelled as a job.
    const started = await ask(() =>
      client.datasets.import({
        name: name.value.trim(),
        ratings: [...sent.ratings],
        items: sent.items,
        joined: [...sent.joined],
        mapping,
        itemMapping: preview.value?.items ? completeItems(itemMapping) : null,
        // A new data set stores what nobody chose as a guess; a new version would take the choice of the one before it.
        duplicates: chosenDuplicates.value ?? (importInto() ? duplicates.value : undefined),
        maxRejects: mostRejected.value === null ? null : { share: mostRejected.value },
        table: table.value,
        reading: asked.value,
        choices: preview.value?.choices ?? [],
        into: importInto(),
      }),
    )
    if (!started) return
    job.value = started.job
    step.value = 'importing'
    await ask(() => jobs.follow(started.job))
  }

  jobs.onEnd((ended, ending) => {
    if (ended.id !== job.value) return
    job.value = null
    asking.stop()
    if (ending.type === 'finished') {
      const summary = importResult.safeParse(ending.result)
      if (summary.success) {
        result.value = summary.data
        sending.discard()
        step.value = 'done'
      } else {
        step.value = 'choose'
        notImported.value = asFailure(summary.error)
      }
      return
    }
    step.value = 'review'
    notImported.value = ending.type === 'failed' ? ending.error : null
  })

  /** Goes back to the choice of files, which stay; uploads are discarded. */
  function back(): void {
    asking.stop()
    notImported.value = null
    sending.discard()
    step.value = 'choose'
  }

  /** Goes back to the empty form. */
  function reset(): void {
    back()
    chosenFiles.value = []
    pending = null
    setAside.value = []
    sorted.value = []
    fileRoles.value = {}
    preview.value = null
    earlier.value = null
    result.value = null
    name.value = ''
  }

  return {
    step,
    files,
    sortingFiles,
    fileRoles,
    hasRatings,
    add,
    begin,
    setAside,
    addSetAside,
    remove,
    sent: sending.held,
    totalBytes: sending.total,
    progress: sending.progress,
    preview,
    shapes,
    reading,
    earlier,
    lookingAgain,
    choose,
    setCounted,
    setFileRole,
    failure,
    name,
    mapping,
    itemMapping,
    duplicates,
    chosenDuplicates,
    mostRejected,
    expectedRows,
    job,
    result,
    checks,
    wanted,
    forecast,
    forecastRequest,
    asTemplate,
    read,
    look,
    applyTemplate,
    readItems,
    readAnew,
    readAsEarlier,
    start,
    back,
    reset,
  }
})

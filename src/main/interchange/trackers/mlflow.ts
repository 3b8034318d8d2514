import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { badInput, StudioError } from '../../../shared/errors'
import { isOpen } from '../../../shared/jobs'
import { TrackerFiles } from './files'
import { figureGroups, type Figure, type TrackedEpoch, type TrackedRun } from './tracked-run'
import type { RunLog, Tracker } from './tracker'

/**
 * MLflow’s file store (mlflow/store/tracking/file_store.py): a folder for each experiment, named by its number, with a folder for each of its runs. An
 * experiment is a data set here, because figures of different data do not compare.
 */
export const mlflow: Tracker = {
  async check(folder) {
    await experimentsIn(folder)
  },
  async find(folder, tracked) {
    const experiment = (await experimentsIn(folder)).find(({ name }) => name === experimentName(tracked))
    const path = experiment && join(folder, experiment.id, runIdOf(tracked))
    return path !== undefined && (await metaOf(path)) !== null ? path : null
  },
  async write(folder, tracked) {
    const files = await TrackerFiles.below(folder)
    const experiment = await experimentOf(folder, files, tracked)
    const path = join(folder, experiment, runIdOf(tracked))
    const meta = (of: TrackedRun): Promise<void> => files.write(join(path, 'meta.yaml'), runMeta(path, experiment, of))
    for (const name of ['artifacts', 'metrics', 'params', 'tags']) await files.makeFolder(join(path, name))
    for (const [name, value] of tracked.settings)
      await files.write(join(path, 'params', entryName(name)), oneLine(String(value)))
    await writeTags(path, files, tracked)
    const metrics = await writeMetrics(path, files, tracked)
    // Last: readers see a run once it has this file.
    await meta(tracked)
    await writeRecord(path, files, tracked)
    return {
      path,
      async add(epoch) {
        for (const [name, line] of linesOf(epoch)) {
          const file = join(path, 'metrics', name)
          await (metrics.has(name) ? files.add(file, line) : files.write(file, line))
          metrics.add(name)
        }
      },
      async end(ended) {
        if (ended.final)
          for (const [name, line] of linesOf(ended.final)) await files.write(join(path, 'metrics', name), line)
        await writeTags(path, files, ended)
        await writeRecord(path, files, ended)
        await meta(ended)
      },
    } satisfies RunLog
  },
  async pause(folder, tracked) {
    const path = await mlflow.find(folder, tracked)
    if (path === null) return
    const files = await TrackerFiles.below(folder)
    await writeTags(path, files, tracked)
    await files.write(join(path, 'meta.yaml'), runMeta(path, basename(dirname(path)), tracked))
  },
}

const experimentMeta = z.looseObject({ experiment_id: z.coerce.string(), name: z.string() })

interface Experiment {
  readonly id: string
  readonly name: string
}

/** The experiments of a file store; those that were deleted, too. Throws BAD_INPUT for a folder of something else. */
async function experimentsIn(folder: string): Promise<Experiment[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  const found: Experiment[] = []
  for (const { name } of folders) {
    const meta = experimentMeta.safeParse(await metaOf(join(folder, name)))
    if (meta.success) found.push({ id: name, name: meta.data.name })
  }
  const others = entries.filter(({ name }) => !name.startsWith('.') && !found.some(({ id }) => id === name))
  if (found.length === 0 && others.length > 0) throw noFileStore(folder)
  return found
}

/** What a meta.yaml says; `null` if there is none. Throws DAMAGED_FILE if it is none. */
async function metaOf(folder: string): Promise<unknown> {
  const file = join(folder, 'meta.yaml')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
  try {
    return parse(text) as unknown
  } catch (error) {
    throw new StudioError(
      {
        code: 'DAMAGED_FILE',
        message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        next: 'Repair or remove that file, or choose another folder.',
      },
      { cause: error },
    )
  }
}

const experimentName = ({ run }: TrackedRun): string =>
  run.datasetVersion === 1 ? run.datasetName : `${run.datasetName}, version ${run.datasetVersion}`

/** The experiment of the run’s data set, which is made if it is not there. */
async function experimentOf(folder: string, files: TrackerFiles, tracked: TrackedRun): Promise<string> {
  const name = experimentName(tracked)
  const there = (await experimentsIn(folder)).find((experiment) => experiment.name === name)
  if (there) return there.id
  // The same for all programs that make it at the same time; MLflow’s own have 18 digits, too.
  const id = String(10n ** 17n + (BigInt(`0x${createHash('sha256').update(name).digest('hex')}`) % 10n ** 17n) * 9n)
  const path = join(folder, id)
  const now = Date.now()
  const meta = {
    artifact_location: pathToFileURL(path).href,
    creation_time: now,
    experiment_id: id,
    last_update_time: now,
    lifecycle_stage: 'active',
    name,
  }
  await files.write(join(path, 'meta.yaml'), yamlOf(meta))
  return id
}

const runIdOf = ({ identity }: TrackedRun): string => identity.slice(0, 32)

/** mlflow.entities.RunStatus, which has no pause: a run that waits to go on is scheduled, and a tag has the reason. */
const statuses = { queued: 2, paused: 2, running: 1, finished: 3, failed: 4, cancelled: 5 } as const

/** mlflow.entities.SourceType.LOCAL */
const localSource = 4

const runMeta = (path: string, experiment: string, tracked: TrackedRun): string =>
  yamlOf({
    artifact_uri: pathToFileURL(join(path, 'artifacts')).href,
    end_time: isOpen(tracked.run.status) ? null : tracked.endedAt,
    entry_point_name: '',
    experiment_id: experiment,
    lifecycle_stage: 'active',
    run_id: runIdOf(tracked),
    run_name: tracked.run.name,
    run_uuid: runIdOf(tracked),
    source_name: '',
    source_type: localSource,
    source_version: '',
    start_time: tracked.startedAt,
    status: statuses[tracked.run.status.state],
    tags: [],
    user_id: 'vasp-studio',
  })

/** Texts are quoted, so that none is read as a number or a date. */
const yamlOf = (values: object): string =>
  stringify(values, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })

async function writeTags(path: string, files: TrackerFiles, tracked: TrackedRun): Promise<void> {
  const { run } = tracked
  const best = run.epochs.find(({ epoch }) => epoch === run.bestEpoch)
  const tags: Readonly<Record<string, string>> = {
    ...Object.fromEntries(run.tags.map((tag) => [tagName(tag), 'true'])),
    'mlflow.runName': run.name,
    'mlflow.source.name': 'VASP Studio',
    'mlflow.source.type': 'LOCAL',
    ...(run.note !== '' && { 'mlflow.note.content': run.note }),
    ...(run.environment?.commit && { 'mlflow.source.git.commit': run.environment.commit.replace('+', '') }),
    'vasp_studio.run': String(run.id),
    ...(best && { 'vasp_studio.best_epoch': `epoch ${best.epoch} (${best.label})` }),
    ...(run.status.state === 'paused' && { 'vasp_studio.paused': run.status.reason }),
    ...(run.status.state === 'failed' && { 'vasp_studio.error': run.status.error.message }),
    ...(tracked.estimatedTimes && {
      'vasp_studio.times': 'computed from the durations of epochs: they were not stored',
    }),
  }
  for (const [name, value] of Object.entries(tags)) await files.write(join(path, 'tags', name), value)
  // Such as the error of a run that has gone on since.
  for (const name of await readdir(join(path, 'tags')))
    if (name.startsWith('vasp_studio.') && !(name in tags)) await rm(join(path, 'tags', name))
}

/** Tags of a run may have any character; those of MLflow itself begin with its name. */
const tagName = (tag: string): string =>
  entryName(tag.replaceAll('/', '_')).replace(/^(mlflow|vasp_studio)\.|^\.+$/, '_$&')

/** All metrics, each a file with a line for each epoch; files of what is no longer known of the run are removed. Returns their names. */
async function writeMetrics(path: string, files: TrackerFiles, tracked: TrackedRun): Promise<Set<string>> {
  const lines = new Map<string, string>()
  for (const epoch of [...tracked.epochs, ...(tracked.final ? [tracked.final] : [])])
    for (const [name, line] of linesOf(epoch)) lines.set(name, (lines.get(name) ?? '') + line)
  const folder = join(path, 'metrics')
  for (const [name, text] of lines) await files.write(join(folder, name), text)
  for (const { name: group } of (await readdir(folder, { withFileTypes: true })).filter((one) => one.isDirectory())) {
    if (!figureGroups.includes(group)) continue
    for (const name of await readdir(join(folder, group)))
      if (!lines.has(`${group}/${name}`)) await rm(join(folder, group, name))
  }
  return new Set(lines.keys())
}

/** A line of each metric at one step: time, value and step. */
function linesOf({ at, step, figures }: TrackedEpoch): Map<string, string> {
  const lines = new Map(figures.map(({ name, value }) => [metricName(name), `${Math.round(at)} ${value} ${step}\n`]))
  if (lines.size !== figures.length) throw new Error(`Some of these names are the same in MLflow: ${namesOf(figures)}.`)
  return lines
}

const namesOf = (figures: readonly Figure[]): string => figures.map(({ name }) => name).join(', ')

/** What no metric, parameter or tag has: per segment, the filters, evaluations. */
async function writeRecord(path: string, files: TrackerFiles, { run }: TrackedRun): Promise<void> {
  const { trackers: _, epochs: _e, ...record } = run
  await files.write(join(path, 'artifacts', 'run.json'), `${JSON.stringify(record, null, 2)}\n`)
}

/** MLflow allows letters, digits, _, -, ., spaces, : and / in names. */
const entryName = (name: string): string => name.replaceAll('@', '_at_').replace(/[^/\p{L}\p{N}_.\- :]/gu, '_')

/** A group and a name, `validation/ndcg_at_100`. */
function metricName(name: string): string {
  const [group = '', ...rest] = name.split('/')
  return `${entryName(group)}/${entryName(rest.join('_'))}`
}

/** A parameter is the one line of its file. */
const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ')

const noFileStore = (folder: string): StudioError =>
  badInput(
    `${folder} has files, but no experiment of an MLflow file store.`,
    'Choose an empty folder, or that of a file store (mlruns).',
  )

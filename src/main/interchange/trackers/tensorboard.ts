import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../../../shared/errors'
import { formatTime } from '../../../shared/format'
import { plainName } from '../plain-name'
import {
  sessionEndInfo,
  sessionStartInfo,
  sessionStartRecord,
  summaryRecord,
  versionRecord,
  type SummaryValue,
} from './event-records'
import { TrackerFiles } from './files'
import type { TrackedEpoch, TrackedRun } from './tracked-run'
import type { RunLog, Tracker } from './tracker'

/**
 * TensorBoard’s log folder: a folder for each run, with an event file. Writing a run again adds a complete one, which begins a session at step 0: a
 * TensorBoard that shows the folder meanwhile forgets what it has read, so that epochs that are trained again are there once. The file before is
 * emptied, because the first of several data of a plugin counts (such as that the run failed), but stays: TensorBoard never goes on to the next file
 * when the one that it reads is removed.
 */
export const tensorboard: Tracker = {
  /** Log folders hold all kinds of things. */
  check: () => Promise.resolve(),
  find: runFolder,
  async write(folder, tracked) {
    const files = await TrackerFiles.below(folder)
    const path = (await runFolder(folder, tracked)) ?? join(folder, newName(tracked))
    const before = (await namesIn(path)) ?? []
    const file = join(path, nextFile(tracked, before))
    const records = [...beginning(tracked), ...tracked.epochs.map(asRecord), ...ending(tracked)]
    await files.write(file, Buffer.concat(records), async () => {
      for (const name of before) if (isOurs(tracked, name)) await truncate(join(path, name))
    })
    return {
      path,
      add: (epoch) => files.add(file, asRecord(epoch)),
      end: (ended) => files.add(file, Buffer.concat(ending(ended))),
    } satisfies RunLog
  },
}

/** Every run has a folder of its own, whatever other runs of this or other libraries are called. */
const endOfName = ({ identity }: TrackedRun): string => `-${identity.slice(0, 8)}`
const newName = (tracked: TrackedRun): string =>
  `${plainName(tracked.run.name)}-run-${tracked.run.id}${endOfName(tracked)}`

/** Readers take a file for an event file by the word “tfevents”, and read those of a folder in the order of their names. */
const marked = ({ identity }: TrackedRun): string => `.vasp-studio.${identity.slice(0, 16)}`
const isEventFile = (name: string): boolean => name.includes('tfevents')
const isOurs = (tracked: TrackedRun, name: string): boolean => isEventFile(name) && name.includes(marked(tracked))

/** A name after those of the files that are there, whatever the clock shows. */
function nextFile(tracked: TrackedRun, before: readonly string[]): string {
  const earlier = before.map((name) => Number(/tfevents\.(\d{10})\./.exec(name)?.[1] ?? 0))
  const seconds = Math.max(Math.floor(Date.now() / 1000), ...earlier.map((second) => second + 1))
  return `events.out.tfevents.${seconds}${marked(tracked)}`
}

async function runFolder(folder: string, tracked: TrackedRun): Promise<string | null> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(endOfName(tracked))).sort()
  for (const name of names) {
    const inside = (await namesIn(join(folder, name))) ?? []
    const foreign = inside.find((file) => isEventFile(file) && !isOurs(tracked, file))
    if (foreign !== undefined) throw taken(join(folder, name))
    return join(folder, name)
  }
  return null
}

/** The names in a folder; `null` if there is none. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function beginning(tracked: TrackedRun): Uint8Array[] {
  const { startedAt, settings } = tracked
  return [
    versionRecord(startedAt),
    sessionStartRecord(startedAt, 0),
    summaryRecord(startedAt, 0, [
      hparams('_hparams_/session_start_info', sessionStartInfo(settings, startedAt)),
      { tag: 'run/text_summary', text: description(tracked) },
    ]),
  ]
}

const asRecord = ({ at, step, figures }: TrackedEpoch): Uint8Array =>
  summaryRecord(
    at,
    step,
    figures.map(({ name, value }) => ({ tag: name, number: value })),
  )

function ending(tracked: TrackedRun): Uint8Array[] {
  const { run, final } = tracked
  const at = tracked.endedAt ?? tracked.epochs.at(-1)?.at ?? tracked.startedAt
  const status = { finished: 'success', failed: 'failure', cancelled: 'unknown' } as const
  const { state } = run.status
  if (state !== 'finished' && state !== 'failed' && state !== 'cancelled') return []
  return [
    ...(final ? [asRecord(final)] : []),
    summaryRecord(at, 0, [hparams('_hparams_/session_end_info', sessionEndInfo(status[state], at))]),
  ]
}

const hparams = (tag: string, content: Uint8Array): SummaryValue => ({ tag, plugin: 'hparams', content })

/** The run in words, as Markdown. */
function description({ run, settings, estimatedTimes }: TrackedRun): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  return [
    `**Run ${run.id}: ${run.name}**, created ${formatTime(run.createdAt)}, on “${run.datasetName}”`,
    ...(run.tags.length > 0 ? [`Tags: ${run.tags.join(', ')}`] : []),
    ...(estimatedTimes ? ['The times of epochs are computed from their durations: they were not stored.'] : []),
    ...(run.note === '' ? [] : [run.note]),
    [
      '| setting | value |',
      '|---|---|',
      ...settings.map(([name, value]) => `| ${name} | ${cell(String(value))} |`),
    ].join('\n'),
  ].join('\n\n')
}

const taken = (path: string): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `The folder ${path} has event files of another program or run.`,
    next: 'Choose another folder, or move those files away.',
  })

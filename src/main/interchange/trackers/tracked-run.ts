import { createHash } from 'node:crypto'
import type { Metrics, TestMetrics } from '../../../shared/metrics'
import { learningRateOf, type Environment, type EpochPoint, type RunDetail } from '../../../shared/runs'

/** The first words of the names of figures. */
export const figureGroups: readonly string[] = [
  ...['loss', 'validation', 'training'],
  ...['best_validation', 'test', 'test_standard_error', 'run'],
]

/** A number of a run at one step: an epoch, or the best one for what is measured at the end. Named by its group and itself, `validation/ndcg@100`. */
export interface Figure {
  readonly name: string
  readonly value: number
}

/** An epoch of a run as trackers take it. */
export interface TrackedEpoch {
  readonly step: number
  /** When it ended, in milliseconds since 1970. */
  readonly at: number
  readonly figures: readonly Figure[]
}

/** A setting or a fact that a run was made with. */
export type Setting = readonly [name: string, value: string | number | boolean]

/** What a tracker gets of a run: the same for all of them, whatever their files look like. */
export interface TrackedRun {
  /** SHA-256 (hex) of what tells the run from all others, in this and other libraries; its figures, name and labels may change. */
  readonly identity: string
  readonly run: RunDetail
  /** In milliseconds since 1970. */
  readonly startedAt: number
  /** `null` for a run that has not ended, or whose end is not known. */
  readonly endedAt: number | null
  readonly epochs: readonly TrackedEpoch[]
  /** Whether the times of epochs were computed from their durations. */
  readonly estimatedTimes: boolean
  readonly settings: readonly Setting[]
  /** What was measured once; none for a run that has not finished. */
  readonly final: TrackedEpoch | null
}

/** A run as trackers take it. */
export function trackedRun(run: RunDetail): TrackedRun {
  const startedAt = Date.parse(run.startedAt ?? run.createdAt)
  let before = startedAt
  const epochs = run.epochs.map((point) => {
    before = point.at === undefined ? before + 1000 * point.seconds : Date.parse(point.at)
    return trackedEpoch(point, before)
  })
  const endedAt = run.endedAt === null ? null : Date.parse(run.endedAt)
  return {
    identity: identityOf(run),
    run,
    startedAt,
    endedAt,
    epochs,
    estimatedTimes: run.epochs.some(({ at }) => at === undefined),
    settings: settingsOf(run),
    final: finalOf(run, endedAt ?? before),
  }
}

/** @param at when it ended, in milliseconds since 1970 */
export function trackedEpoch(point: EpochPoint, at: number): TrackedEpoch {
  const rate = learningRateOf(point.label)
  return {
    step: point.epoch,
    at,
    figures: [
      ...Object.entries(point.loss).map(([name, value]) => ({ name: `loss/${name}`, value })),
      ...means('validation', point.validation),
      ...(rate === null ? [] : [{ name: 'training/learning_rate', value: rate }]),
      { name: 'training/rows_per_second', value: point.rowsPerSecond },
      { name: 'training/seconds_per_epoch', value: point.seconds },
    ],
  }
}

const entriesOf = (metrics: Metrics | TestMetrics) =>
  Object.entries(metrics).flatMap(([name, metric]) => (metric ? [{ name, metric }] : []))

const means = (group: string, metrics: Metrics | TestMetrics): Figure[] =>
  entriesOf(metrics).map(({ name, metric }) => ({ name: `${group}/${name}`, value: metric.mean }))

function finalOf(run: RunDetail, at: number): TrackedEpoch | null {
  if (run.status.state !== 'finished' || !run.test || !run.validation || run.bestEpoch === null) return null
  const facts = {
    best_epoch: run.bestEpoch,
    seconds: run.seconds,
    rows_per_second: run.rowsPerSecond,
    peak_bytes: run.peakBytes,
    parameters: run.parameters,
  }
  return {
    step: run.bestEpoch,
    at,
    figures: [
      ...means('best_validation', run.validation),
      ...means('test', run.test),
      ...entriesOf(run.test).flatMap(({ name, metric: { se } }) =>
        se === null ? [] : [{ name: `test_standard_error/${name}`, value: se }],
      ),
      ...Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [{ name: `run/${name}`, value }])),
    ],
  }
}

function identityOf(run: RunDetail): string {
  const there = run.imported?.run ?? run.id
  const facts = [run.createdAt, there, run.model, run.seed, run.fingerprint, run.config]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

/** The settings by their own names; everything else with the name of its group before it. */
function settingsOf(run: RunDetail): Setting[] {
  const { splitSummary, environment, members } = run
  const data = {
    name: run.datasetName,
    version: run.datasetVersion,
    fingerprint: run.fingerprint,
    ...(splitSummary && {
      items: splitSummary.items,
      train_users: splitSummary.trainUsers,
      validation_users: splitSummary.validationUsers,
      test_users: splitSummary.testUsers,
      train_interactions: splitSummary.trainInteractions,
    }),
  }
  return [
    ...Object.entries(run.config),
    ...grouped('run', { model: run.model, preset: run.preset, seed: run.seed, ...(members && { members }) }),
    ...grouped('data', data),
    ...grouped('preparation', run.preparation),
    ...grouped('split', run.split),
    ...grouped('environment', environment && known(environment)),
  ]
}

const grouped = (group: string, facts: object | null): Setting[] =>
  Object.entries(facts ?? {}).map(([name, value]: [string, unknown]) => [
    `${group}.${plainKey(name)}`,
    asSetting(value),
  ])

/** What is not known differs from what is not there, such as the commit of a build that was not made from one. */
const known = (environment: Environment): object =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value === null ? 'not known' : value === '' ? 'none' : value,
    ]),
  )

/** minPerItem → min_per_item */
const plainKey = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

function asSetting(value: unknown): string | number | boolean {
  if (value === null) return 'none'
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

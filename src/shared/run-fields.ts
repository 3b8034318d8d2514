import { badInput } from './errors'
import { formatBytes, formatDuration, formatMetric, formatTime } from './format'
import { metricMeanings, metricNames, testMetricNames } from './metrics'
import type { Run } from './runs'

/** What a run can be filtered, sorted, grouped and listed by. */
export interface RunField {
  /** As it is typed in a filter. */
  readonly key: string
  readonly label: string
  readonly kind: 'text' | 'number' | 'yes or no' | 'tags' | 'day'
  /** What numbers count, as it may be typed behind them. */
  readonly unit?: 'seconds' | 'bytes'
  /** Whether it is one of the model's settings. */
  readonly setting?: boolean
  value(run: Run): number | string | boolean | readonly string[] | null
}

const fixed: readonly RunField[] = [
  { key: 'id', label: 'Number', kind: 'number', value: (run) => run.id },
  { key: 'name', label: 'Run', kind: 'text', value: (run) => run.name },
  { key: 'state', label: 'Status', kind: 'text', value: (run) => run.status.state },
  { key: 'model', label: 'Model', kind: 'text', value: (run) => run.model },
  { key: 'preset', label: 'Preset', kind: 'text', value: (run) => run.preset },
  { key: 'data', label: 'Data set', kind: 'text', value: (run) => run.datasetName },
  { key: 'version', label: 'Version of the data', kind: 'number', value: (run) => run.datasetVersion },
  { key: 'seed', label: 'Seed', kind: 'number', value: (run) => run.seed },
  { key: 'tag', label: 'Tags', kind: 'tags', value: (run) => run.tags },
  { key: 'note', label: 'Note', kind: 'text', value: (run) => run.note },
  { key: 'starred', label: 'Starred', kind: 'yes or no', value: (run) => run.starred },
  { key: 'archived', label: 'Archived', kind: 'yes or no', value: (run) => run.archived },
  { key: 'best', label: 'Best epoch', kind: 'number', value: (run) => run.bestEpoch },
  { key: 'duration', label: 'Duration', kind: 'number', unit: 'seconds', value: (run) => run.seconds },
  { key: 'disk', label: 'Disk use', kind: 'number', unit: 'bytes', value: (run) => run.diskBytes },
  // The key is in saved views. A run that waits has not been started yet, and stands where it was created.
  { key: 'started', label: 'Created', kind: 'day', value: (run) => run.createdAt },
]

const figures: readonly RunField[] = [
  ...testMetricNames.map((name): RunField => ({
    key: name,
    label: name,
    kind: 'number',
    value: (run) => run.test?.[name]?.mean ?? null,
  })),
  ...metricNames.map((name): RunField => ({
    key: `evaluated.${name}`,
    label: `${name}, latest evaluation`,
    kind: 'number',
    value: (run) => run.evaluated?.metrics[name].mean ?? null,
  })),
  {
    key: 'evaluated.users',
    label: 'Users of the latest evaluation',
    kind: 'number',
    value: (run) => run.evaluated?.users ?? null,
  },
  ...metricNames.map((name): RunField => ({
    key: `validation.${name}`,
    label: `${name}, validation`,
    kind: 'number',
    value: (run) => run.validation?.[name].mean ?? null,
  })),
]

/** What a column of figures means, for a hint. */
export const figureMeaning = (key: string): string | null => {
  const name = testMetricNames.find((known) => known === key)
  return name ? metricMeanings[name] : null
}

/**
 * The fields of these runs: those that every run has, the metrics, and the settings that any of their models has.
 *
 * @param labels what people call a setting, by its key; without one, the key itself
 */
export function fieldsOf(runs: readonly Run[], labels: ReadonlyMap<string, string> = new Map()): RunField[] {
  const known = new Set([...fixed, ...figures].map(({ key }) => key))
  const numeric = new Map<string, boolean>()
  for (const { config } of runs)
    for (const [key, value] of Object.entries(config))
      numeric.set(key, (numeric.get(key) ?? true) && typeof value === 'number')
  const settings = [...numeric]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, isNumber]): RunField => ({
      // A setting whose name something else has is called by its room, too.
      key: known.has(name) ? `setting.${name}` : name,
      label: labels.get(name) ?? name,
      kind: isNumber ? 'number' : 'text',
      setting: true,
      value(run) {
        const value = run.config[name]
        if (value === undefined) return null
        return isNumber ? value : String(value)
      },
    }))
  return [...fixed, ...figures, ...settings]
}

/** The field called `key`, in any case. Throws BAD_INPUT with the nearest names. */
export function fieldNamed(fields: readonly RunField[], key: string): RunField {
  const found = fields.find((field) => field.key === key) ?? fields.find((field) => same(field.key, key))
  if (found) return found
  const near = fields
    .map((field) => ({ key: field.key, distance: edits(field.key.toLowerCase(), key.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, key.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
  throw badInput(
    `Runs have no field “${key}”.`,
    near.length > 0
      ? `Did you mean ${near.map((field) => field.key).join(' or ')}?`
      : `Fields are ${fields
          .filter(({ setting }) => !setting)
          .map((field) => field.key)
          .join(', ')}, and the settings of the models.`,
  )
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Levenshtein’s distance between two short names. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
}

/** A field's value as text; empty without one. Metrics have their error beside them elsewhere. */
export function fieldText(run: Run, field: RunField): string {
  const value = field.value(run)
  if (value === null) return ''
  if (field.unit === 'seconds') return formatDuration(Number(value))
  if (field.unit === 'bytes') return formatBytes(Number(value))
  if (field.kind === 'day') return formatTime(String(value))
  if (typeof value === 'boolean') return value ? 'yes' : ''
  if (typeof value === 'object') return value.join(', ')
  if (typeof value === 'number' && /^validation\.|@|^mrr$/.test(field.key)) return formatMetric(value)
  return String(value).split('\n', 1)[0] ?? ''
}

import { testMetricNames, type TestMetricName } from '../../../../shared/metrics'
import { figureMeaning, fieldText, type RunField } from '../../../../shared/run-fields'
import type { Run } from '../../../../shared/runs'
import { momentWidth, type Column } from '../../../components/table'

/** Columns that are no fields: drawn by the table itself. */
export const curveColumn = 'curve'

export const usualColumns: readonly string[] = [
  'state',
  'model',
  'data',
  'tag',
  'ndcg@100',
  'recall@20',
  'recall@50',
  curveColumn,
  'best',
  'duration',
  'started',
]

/** The metric that a column shows with its error. */
export const metricOf = (key: string): TestMetricName | null => testMetricNames.find((name) => name === key) ?? null

/** Whether a field is a figure of quality, which compares only under one protocol. */
export const isMetric = (key: string): boolean => /@|^mrr$/.test(key)

type Look = Partial<Pick<Column<Run>, 'width' | 'min' | 'from' | 'hint' | 'label'>>
const looks: Readonly<Record<string, Look>> = {
  state: { width: '7rem' },
  model: { width: '6.5rem', from: 'wide' },
  data: { width: '9rem', from: 'wide' },
  tag: { width: '8rem', from: 'wide' },
  note: { width: '14rem' },
  'ndcg@100': { width: '7.5rem' },
  'recall@20': { width: '7.5rem', from: 'medium' },
  'recall@50': { width: '7.5rem', from: 'large' },
  best: { width: '4rem', from: 'wide', label: 'Best', hint: 'Best epoch on validation' },
  duration: { width: '6rem', from: 'wide' },
  started: { width: momentWidth, from: 'large' },
  preset: { width: '7rem' },
  disk: { width: '6rem' },
}

/** The column of a field. Those that a person has chosen are shown at every width. */
export function columnOf(field: RunField, chosen: boolean, modelName: (kind: string) => string): Column<Run> {
  const { from, ...look } = looks[field.key] ?? {}
  const meaning = figureMeaning(field.key)
  const text = (run: Run): string => (field.key === 'model' ? modelName(run.model) : fieldText(run, field) || '–')
  return {
    key: field.key,
    label: field.label,
    width: metricOf(field.key) ? '7.5rem' : '7rem',
    ...(meaning !== null && { hint: `Test ${field.key} ± standard error: ${meaning}` }),
    ...(field.kind === 'number' && { align: 'right' as const }),
    ...look,
    ...(!chosen && from !== undefined && { from }),
    sort(run) {
      const value = field.value(run)
      if (field.key === 'model') return modelName(run.model)
      if (value === null || typeof value === 'number' || typeof value === 'string') return value
      return typeof value === 'boolean' ? Number(!value) : value.length > 0 ? value.join(', ') : null
    },
    ...(metricOf(field.key) === null && { text }),
  }
}

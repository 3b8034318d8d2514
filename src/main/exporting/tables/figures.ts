import type { ExperimentTable, TableCell } from '../../../shared/experiments'
import { formatDuration, formatError, formatMetric } from '../../../shared/format'
import type { TestMetricName } from '../../../shared/metrics'

/** Metric names as papers print them: `ndcg@100` → `NDCG@100`, `hit-rate@10` → `Hit-rate@10`. */
export const metricTitle = (metric: TestMetricName): string =>
  /^(ndcg|map|mrr)/.test(metric) ? metric.toUpperCase() : metric.charAt(0).toUpperCase() + metric.slice(1)

/** `0.345 ± 0.012`, with the error over seeds if there are several: `0.345 ± 0.012 ± 0.003`; `0.345 ± –` if there is none. */
export const figure = ({ mean, se, seedSe }: TableCell, plusMinus: string): string =>
  [formatMetric(mean), formatError(se), ...(seedSe === null ? [] : [formatMetric(seedSe)])].join(` ${plusMinus} `)

export const duration = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(seconds))

/** A title for a caption that the document numbers: `Training approaches (table II of the paper), MovieLens`. */
export function captionTitle(title: string): string {
  const [, number, what, rest = ''] = /^Table ([IVX]+): ([^,]+)(.*)$/s.exec(title) ?? []
  return number === undefined ? title : `${upperFirst(what ?? '')} (table ${number} of the paper)${rest}`
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Published figures of a row, in the table's columns; null if none is published. */
export function publishedFigures({ metrics }: ExperimentTable, row: ExperimentTable['rows'][number]): string | null {
  const known = metrics.map((metric) => row.published[metric])
  if (known.every((value) => value === undefined)) return null
  return known.map((value) => (value === undefined ? '–' : formatMetric(value))).join(' / ')
}

/** The sentences below a printed table: the meaning of its marks, then its notes. */
export const explanation = ({ significance, notes }: ExperimentTable): string[] => [
  ...(significance === null
    ? []
    : [`Bold: best of its column. Underlined: not significantly different from the best (${significance}).`]),
  ...notes,
]

import type { Experiment, ExperimentTable, TableCell } from '../../shared/experiments'
import { titled } from '../../shared/table-titles'
import { formatCounted, formatDuration, formatError, formatMetric } from '../../shared/format'
import { number, table, text } from './table'

/** `0.345 ± 0.012 *`: the mark has its own column, so that the figures are aligned. */
function marked(cell: TableCell | undefined): string {
  if (!cell) return '–  '
  const { mean, se, seedSe } = cell
  const figure = [formatMetric(mean), formatError(se), ...(seedSe === null ? [] : [formatMetric(seedSe)])]
  return `${figure.join(' ± ')} ${cell.best ? '*' : cell.tied ? '≈' : ' '}`
}

function published({ metrics }: ExperimentTable, row: ExperimentTable['rows'][number]): string {
  const figures = metrics.map((metric) => row.published[metric])
  return figures.every((value) => value === undefined)
    ? '–'
    : figures.map((value) => (value === undefined ? '–' : formatMetric(value))).join(' / ')
}

/** The tables of an experiment for the terminal: `*` the best of a column, `≈` not significantly different from it. */
export const experimentTablesText = (tables: readonly ExperimentTable[]): string =>
  titled(tables)
    .map(({ table, title }) => tableText(table, title))
    .join('\n\n')

function tableText(shown: ExperimentTable, title: string): string {
  const rows = shown.rows.map((row) => [
    row.label,
    ...shown.metrics.map((metric) => marked(row.cells[metric])),
    row.seconds === null ? '–' : formatDuration(row.seconds),
    row.runs.length === 0 ? '–' : row.runs.join(' '),
    ...(shown.published ? [published(shown, row)] : []),
  ])
  const columns = [
    text('system'),
    ...shown.metrics.map((metric) => number(`${metric}  `)),
    number('time'),
    number('run'),
    ...(shown.published ? [number('published')] : []),
  ]
  return [
    title,
    '',
    table(columns, rows),
    '',
    ...(shown.significance ? [`* best   ≈ not significantly different from the best (${shown.significance})`] : []),
    ...shown.notes,
  ].join('\n')
}

/** The progress of an experiment, in a few words. */
export function experimentStateText({ state, finished, total, failed }: Experiment): string {
  const count = `${finished} of ${formatCounted(total, 'run')}`
  return failed > 0 ? `${state}, ${count}, ${failed} failed` : `${state}, ${count}`
}

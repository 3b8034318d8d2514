import { formatError, formatMetric } from '../../shared/format'
import { metricNames, type Metric, type Metrics } from '../../shared/metrics'
import { number, table, text } from './table'

/** `0.345 ± 0.012`, or `0.345 ± –` if there is no error. */
export const figure = ({ mean, se }: Pick<Metric, 'mean' | 'se'>): string =>
  `${formatMetric(mean)} ± ${formatError(se)}`

/** One row per named set of metrics, one column per metric. */
export const metricsTable = (heading: string, rows: readonly (readonly [string, Metrics])[]): string =>
  table(
    [text(heading), ...metricNames.map(number), number('users')],
    rows.map(([name, metrics]) => [
      name,
      ...metricNames.map((metric) => figure(metrics[metric])),
      String(metrics['ndcg@100'].users),
    ]),
  )

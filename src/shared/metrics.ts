import { z } from 'zod'

/** Metric names as they stand in every JSON, table and file. */
export const metricName = z.enum(['ndcg@100', 'recall@20', 'recall@50'])
export type MetricName = z.infer<typeof metricName>
export const metricNames = metricName.options

/** Mean over users, its standard error (sample standard deviation / √users), and the number of users. */
export const metric = z.object({ mean: z.number(), se: z.number(), users: z.number().int() })
export type Metric = z.infer<typeof metric>

export const metrics = z.record(metricName, metric)
export type Metrics = z.infer<typeof metrics>

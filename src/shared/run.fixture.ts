import type { ModelConfig } from './models'
import { noLabel } from './run-labels'
import { defaultPreparation, defaultSplit, run, type Run } from './runs'

/** A finished run for tests, measured if `ndcg` is given. */
export function aRun({
  id,
  ndcg,
  ...rest
}: {
  id: number
  name?: string
  model?: string
  dataset?: number
  config?: ModelConfig
  tags?: string[]
  note?: string
  starred?: boolean
  archived?: boolean
  seconds?: number
  diskBytes?: number
  split?: Partial<Run['split']>
  ndcg?: number
}): Run {
  const figure = { mean: ndcg ?? 0, se: 0.01, users: 100 }
  const test = ndcg === undefined ? null : { 'ndcg@100': figure, 'recall@20': figure, 'recall@50': figure }
  return run.parse({
    name: `run ${id}`,
    dataset: 1,
    datasetName: 'MovieLens small',
    valueKind: 'rating',
    preparation: defaultPreparation,
    model: 'yew',
    preset: null,
    config: {},
    status: { state: 'finished' },
    job: null,
    seed: 1,
    bestEpoch: 3,
    validation: null,
    seconds: 20,
    usable: true,
    diskBytes: 0,
    createdAt: `2026-11-0${id % 9 || 9}T10:00:00Z`,
    ...noLabel,
    ...rest,
    id,
    test,
    split: { ...defaultSplit, ...rest.split },
  })
}

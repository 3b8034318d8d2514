import type { RouteLocationRaw } from 'vue-router'
import type { Dataset, DatasetDetail } from '../../../shared/datasets'
import { enumerated, formatCounted } from '../../../shared/format'
import type { Run } from '../../../shared/runs'

export interface NextStep {
  readonly key: 'train' | 'explore' | 'describe' | 'look' | 'compare'
  readonly icon: string
  readonly title: string
  readonly text: string
  readonly to: RouteLocationRaw
}

/** Useful next steps with a data set, the most useful first. */
export function nextSteps(
  dataset: Pick<Dataset, 'id' | 'interactions' | 'hasRatings' | 'hasTimes'> & Pick<DatasetDetail, 'itemsDescribed'>,
  runs: readonly Pick<Run, 'id' | 'name' | 'status'>[],
): NextStep[] {
  const { id } = dataset
  const finished = runs.find(({ status }) => status.state === 'finished')
  const checked = ['users', 'items', ...(dataset.hasRatings ? ['values'] : []), ...(dataset.hasTimes ? ['times'] : [])]
  const steps: NextStep[] = [
    finished
      ? {
          key: 'explore',
          icon: 'i-lucide-compass',
          title: 'Explore recommendations',
          text: `See what “${finished.name}” recommends, and why.`,
          to: { path: '/explore', query: { run: finished.id } },
        }
      : {
          key: 'train',
          icon: 'i-lucide-play',
          title: 'Train a first model',
          text: 'A baseline takes seconds, and every other model has to beat it.',
          to: { path: '/runs/new', query: { dataset: id, baseline: '' } },
        },
  ]
  if (!dataset.itemsDescribed)
    steps.push({
      key: 'describe',
      icon: 'i-lucide-tags',
      title: 'Add item details',
      text: 'Titles and genres make lists readable and diversity measurable.',
      to: { path: `/data/${id}/items`, query: { describe: 'yes' } },
    })
  steps.push(
    {
      key: 'look',
      icon: 'i-lucide-table-2',
      title: 'Look at the interactions',
      text: `Check that ${enumerated(checked)} of the ${formatCounted(dataset.interactions, 'interaction')} are what you expect.`,
      to: `/data/${id}/interactions`,
    },
    {
      key: 'compare',
      icon: 'i-lucide-flask-conical',
      title: 'Compare models',
      text: 'Train several models on one split and see which differences are significant.',
      to: { path: '/experiments', query: { dataset: id } },
    },
  )
  return steps.slice(0, 3)
}

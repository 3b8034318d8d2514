import type { ModelPreset } from '../../../shared/models'

const loop = {
  accumulate: 1,
  precision: 'float32',
  continueFrom: 'best',
  augment: false,
  optimiser: 'adam',
  itemShare: 1,
} as const

export const autorecPresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description:
      '200 hidden units in batches of 100 with patience: minutes on two cores for some 100,000 interactions.',
    config: {
      hidden: 200,
      weightDecay: 1e-4,
      output: 'identity',
      ...loop,
      stages: '1e-3x100',
      patience: 15,
      batchRows: 100,
    },
  },
  {
    name: 'paper',
    label: 'Paper',
    description:
      '500 hidden units, identity output; the paper leaves optimiser and λ to a search, here Adam in batches of 500.',
    config: {
      hidden: 500,
      weightDecay: 1e-4,
      output: 'identity',
      ...loop,
      stages: '1e-3x200',
      patience: 0,
      batchRows: 500,
    },
  },
]

import type { ModelPreset } from '../../../shared/models'

/** Adam at 5e-4 on normalised gradients, batches of 200 whole histories, at most 400 epochs with patience 50 (Kim & Suh, 2019). */
const paper = {
  hidden: 600,
  latent: 200,
  pseudoInputs: 1000,
  dropout: 0.5,
  beta: 0.3,
  warmUp: 100,
  stages: '5e-4x400',
  continueFrom: 'last',
  patience: 50,
  batchRows: 200,
  accumulate: 1,
  precision: 'float32',
  augment: false,
  optimiser: 'adam-normalised',
  itemShare: 1,
} as const

export const hvampPresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description:
      'Narrower, with 50 pseudo-inputs, larger steps and a shorter warm-up: minutes on two cores for some 100,000 interactions.',
    config: {
      ...paper,
      hidden: 200,
      latent: 100,
      pseudoInputs: 50,
      warmUp: 30,
      stages: '4e-3x30',
      patience: 10,
      batchRows: 50,
    },
  },
  {
    name: 'paper',
    label: 'Paper',
    description:
      'H = 600, L = 200, K = 1,000, β up to 0.3 over 100 epochs: for data as large as MovieLens 20M or Netflix.',
    config: paper,
  },
]

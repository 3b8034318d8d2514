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
  augment: false,
  optimiser: 'adam-normalised',
  itemShare: 1,
} as const

export const hvampPresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description:
      'Narrower, with 100 pseudo-inputs and a shorter warm-up: minutes on two cores for some 100,000 interactions.',
    config: {
      ...paper,
      hidden: 300,
      latent: 100,
      pseudoInputs: 100,
      warmUp: 20,
      stages: '1e-3x60',
      patience: 12,
      batchRows: 100,
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

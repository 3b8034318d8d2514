import type { ModelPreset } from '../../../shared/models'

/** Adam at 5e-4, batches of 500 whole histories, 50 rounds of three encoder sweeps and one decoder sweep (Shenbin et al., 2020, section 4). */
const paper = {
  hidden: 600,
  latent: 200,
  dropout: 0.5,
  klPerItem: 0.005,
  encoderSweeps: 3,
  stages: '5e-4x50',
  continueFrom: 'last',
  patience: 0,
  batchRows: 500,
  accumulate: 1,
  precision: 'float32',
  augment: false,
  optimiser: 'adam',
  itemShare: 1,
} as const

export const recvaePresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description:
      'The paper’s model in batches of 100 with patience: minutes on two cores for some 100,000 interactions.',
    config: { ...paper, patience: 10, batchRows: 100 },
  },
  {
    name: 'paper',
    label: 'Paper',
    description: 'H = 600, L = 200, γ = 0.005, 50 rounds: for data as large as MovieLens 20M.',
    config: paper,
  },
]

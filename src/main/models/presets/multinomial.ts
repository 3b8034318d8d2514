import type { ModelPreset } from '../../../shared/models'

/** Mult-DAE and Mult-VAE: Adam at 1e-3, batches of 500 whole histories, 200 epochs (Liang et al., 2018, section 4). */
const paperLoop = {
  stages: '1e-3x200',
  continueFrom: 'last',
  patience: 0,
  batchRows: 500,
  accumulate: 1,
  precision: 'float32',
  augment: false,
  optimiser: 'adam',
  itemShare: 1,
} as const

/** Smaller steps in rows, because a few hundred users make one batch of 500: Adam needs some hundreds of steps. */
const compactLoop = { ...paperLoop, stages: '1e-3x100', patience: 15, batchRows: 100 } as const

export const multDaePresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description:
      'The paper’s model in batches of 100 with patience: minutes on two cores for some 100,000 interactions.',
    config: { hidden: 200, dropout: 0.5, weightDecay: 2e-5, ...compactLoop },
  },
  {
    name: 'paper',
    label: 'Paper',
    description: 'I → 200 → I, dropout 0.5, λ = 0.01/500, 200 epochs.',
    config: { hidden: 200, dropout: 0.5, weightDecay: 2e-5, ...paperLoop },
  },
]

export const multVaePresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description:
      'The paper’s model in batches of 100 with patience; β reaches its cap after 200 steps instead of 40,000, as few users give few steps.',
    config: { hidden: 600, latent: 200, dropout: 0.5, beta: 0.2, annealSteps: 1000, ...compactLoop },
  },
  {
    name: 'paper',
    label: 'Paper',
    description:
      'I → 600 → 200 → 600 → I, dropout 0.5, β = min(0.2, step/200,000), 200 epochs: for data as large as MovieLens 20M.',
    config: { hidden: 600, latent: 200, dropout: 0.5, beta: 0.2, annealSteps: 200_000, ...paperLoop },
  },
]
